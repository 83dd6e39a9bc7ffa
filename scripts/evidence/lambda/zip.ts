import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { inflateRawSync } from 'node:zlib';

/*
 * The little of ZIP that packages of functions use: stored and deflated entries, below four gigabytes.
 * Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const END_LENGTH = 22;

/** Reads the files of an archive by their path in it. @throws Error if it is no archive of the known kind */
export function readZip(archive: Buffer): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  const end = endOf(archive);
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (archive.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error('The archive has no directory where it should.');
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset));
    const nameEnd = at + 46 + (nameLength ?? 0);
    const name = archive.toString('utf8', at + 46, nameEnd);
    if (!name.endsWith('/')) files.set(name, contentOf(archive, at, name));
    at = nameEnd + (extraLength ?? 0) + (commentLength ?? 0);
  }
  return files;
}

/** Writes the files of an archive below a folder. @throws Error if one would lie outside of it */
export function unpackZip(archive: Buffer, folder: string): void {
  for (const [name, content] of readZip(archive)) {
    const path = join(folder, name);
    if (!resolve(path).startsWith(`${resolve(folder)}${sep}`)) {
      throw new Error(`The archive would write ${name} outside of ${folder}.`);
    }
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

/** Finds the end of the directory: the last thing but for a comment. */
function endOf(archive: Buffer): number {
  for (let at = archive.length - END_LENGTH; at >= 0; at -= 1) {
    if (archive.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  }
  throw new Error('Expected a ZIP archive, and found no directory at its end.');
}

function contentOf(archive: Buffer, entry: number, name: string): Buffer {
  const [method, length, header] = [
    archive.readUInt16LE(entry + 10),
    archive.readUInt32LE(entry + 20),
    archive.readUInt32LE(entry + 42),
  ];
  const start = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
  const packed = archive.subarray(start, start + length);
  if (method === 0) return packed;
  if (method === 8) return inflateRawSync(packed);
  throw new Error(`The archive packs ${name} by method ${method}; known are 0 (stored) and 8 (deflated).`);
}
