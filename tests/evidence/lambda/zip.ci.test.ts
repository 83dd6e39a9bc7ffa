import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readZip, unpackZip } from '../../../scripts/evidence/lambda/zip.ts';

interface Entry {
  readonly name: string;
  readonly content: string;
  readonly method?: number;
}

/** Makes an archive as the specification has it; names and contents are ASCII. */
function zip(entries: readonly Entry[], comment = ''): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, method = 8 } of entries) {
    const packed = method === 0 ? Buffer.from(content) : deflateRawSync(content);
    const local = Buffer.alloc(30 + name.length);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    local.write(name, 30);
    const entry = Buffer.alloc(46 + name.length + 4);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt16LE(4, 30); // an extra field, as archivers write them
    entry.writeUInt32LE(offset, 42);
    entry.write(name, 46);
    parts.push(local, packed);
    directory.push(entry);
    offset += local.length + packed.length;
  }
  const end = Buffer.alloc(22 + comment.length);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(offset, 16);
  end.write(comment, 22);
  return Buffer.concat([...parts, ...directory, end]);
}

describe('an archive', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'koogate-zip-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('gives its files, deflated or stored, and no folders', () => {
    const archive = zip(
      [
        { name: 'dist/', content: '', method: 0 },
        { name: 'dist/produce.cjs', content: 'exports.handler = 1;'.repeat(100) },
        { name: 'note', content: 'stored', method: 0 },
      ],
      'a comment',
    );
    expect([...readZip(archive)].map(([name, content]) => [name, content.toString()])).toEqual([
      ['dist/produce.cjs', 'exports.handler = 1;'.repeat(100)],
      ['note', 'stored'],
    ]);
  });

  test('is unpacked into a folder, and nowhere else', () => {
    unpackZip(zip([{ name: 'dist/a.cjs', content: 'a' }]), folder);
    expect(readFileSync(join(folder, 'dist/a.cjs'), 'utf8')).toBe('a');
    expect(() => unpackZip(zip([{ name: '../outside', content: 'a' }]), folder)).toThrow('outside of');
    expect(existsSync(join(folder, '../outside'))).toBe(false);
  });

  test('of another kind is refused', () => {
    expect(() => readZip(Buffer.from('no archive at all, but long enough'))).toThrow('Expected a ZIP archive');
    expect(() => readZip(zip([{ name: 'a', content: 'a', method: 12 }]))).toThrow('method 12');
  });
});
