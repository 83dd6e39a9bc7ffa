import { sha1 } from './mac.ts';

/*
 * AES keys of V1.0 are drawn from Java's SecureRandom("SHA1PRNG") of the provider SUN, seeded once with the access
 * key. The generator's state is a 20-byte number that each draw moves on by its own output plus one, all bytes signed.
 * Source: the Java demo, https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649061.html
 */

/** The first `length` bytes that the generator gives after being seeded with `seed`. */
export function sha1prng(seed: string, length: number): Buffer {
  const state = Int8Array.from(sha1(seed));
  const drawn: Buffer[] = [];
  for (let bytes = 0; bytes < length; bytes += 20) {
    const output = sha1(Uint8Array.from(state));
    drawn.push(output);
    advance(state, Int8Array.from(output));
  }
  return Buffer.concat(drawn).subarray(0, length);
}

function advance(state: Int8Array, output: Int8Array): void {
  const before = state.slice();
  let carry = 1;
  for (const [index, byte] of output.entries()) {
    const sum = (before[index] ?? 0) + byte + carry;
    state[index] = sum;
    carry = Math.floor(sum / 256);
  }
  if (state.every((byte, index) => byte === before[index])) state[0] = (before[0] ?? 0) + 1;
}
