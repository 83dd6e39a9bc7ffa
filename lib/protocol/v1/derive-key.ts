import { hash } from 'node:crypto';

/** Length of an AES key in bits. */
export type KeySize = 128 | 256;

const SHA1_LENGTH = 20;

/**
 * The AES key that Java makes of an access key: `KeyGenerator("AES")` initialised with `SecureRandom("SHA1PRNG")` of the
 * provider SUN, seeded once with the access key's bytes. The 128-bit key is the first half of the 256-bit one.
 *
 * SHA1PRNG: the state is SHA-1 of the seed; each output is SHA-1 of the state, which then becomes state + output + 1.
 * Java adds byte by byte, the first byte being the least significant one, and takes the bytes as signed numbers, so a
 * carry may be -1; the last carry is lost. What Java does should the state stay as it was is left out: of 2^160
 * outputs one leads there.
 * Source: https://support.huaweicloud.com/intl/en-us/accessg-marketplace/en-us_topic_0070649063.html
 */
export function deriveKey(accessKey: string, bits: KeySize): Buffer {
  const state = hash('sha1', accessKey, 'buffer');
  const first = hash('sha1', state, 'buffer');
  if (bits === 128) return first.subarray(0, 16);
  advance(state, first);
  return Buffer.concat([first, hash('sha1', state, 'buffer')], 32);
}

function advance(state: Buffer, output: Buffer): void {
  let carry = 1;
  for (let i = 0; i < SHA1_LENGTH; i++) {
    const sum = state.readInt8(i) + output.readInt8(i) + carry;
    state.writeInt8((sum << 24) >> 24, i);
    carry = sum >> 8; // keeps the sign
  }
}
