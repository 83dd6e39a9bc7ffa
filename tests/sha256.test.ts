import { createHash, createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Sha256 } from '../lib/sha256.ts';

const bytes = fc.uint8Array();
const data = fc.oneof(fc.string(), bytes);

test('hashes as Node does', async () => {
  await fc.assert(
    fc.asyncProperty(data, async (value) => {
      const sha = new Sha256();
      sha.update(value);
      expect(Buffer.from(await sha.digest())).toEqual(createHash('sha256').update(value).digest());
    }),
  );
});

test('authenticates as Node does, under keys that are text or bytes, time and again', async () => {
  await fc.assert(
    fc.asyncProperty(data, data, async (key, value) => {
      const expected = createHmac('sha256', key).update(value).digest();
      for (let times = 0; times < 2; times += 1) {
        const sha = new Sha256(key);
        sha.update(value);
        expect(Buffer.from(await sha.digest())).toEqual(expected);
      }
    }),
  );
});

test('takes a view of a larger buffer, and a buffer', async () => {
  const all = Uint8Array.from([1, 2, 3, 4, 5]);
  for (const part of [new DataView(all.buffer, 1, 3), Uint8Array.from([2, 3, 4]).buffer]) {
    const sha = new Sha256(part);
    sha.update(part);
    const same = Uint8Array.from([2, 3, 4]);
    expect(Buffer.from(await sha.digest())).toEqual(createHmac('sha256', same).update(same).digest());
  }
});

test('hashes nothing as the empty text', async () => {
  expect(Buffer.from(await new Sha256().digest())).toEqual(createHash('sha256').digest());
});

test('is used once', () => {
  const sha = new Sha256();
  sha.update('a');
  expect(() => sha.update('b')).toThrow('once');
  expect(() => sha.reset()).toThrow('once');
});
