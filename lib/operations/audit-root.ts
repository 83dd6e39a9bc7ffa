import { createHash } from 'node:crypto';

/*
 * The root over the heads of all histories. It is made of a sum that lines can be added to in any order and at any time, so
 * that a large table is read in pieces and a sum is kept between them: each line is stretched by SHAKE256 to 1024 numbers of
 * 16 bits, which are added number by number (LtHash). Of two sets of lines with the same sum nobody knows how to find the
 * second; sums of plain hashes would be weaker.
 * Source: Bellare and Micciancio, "A new paradigm for collision-free hashing: incrementality at reduced cost", 1997;
 * parameters as in Lewi et al., "Securing update propagation with homomorphic hashing", 2019.
 */

/** Numbers of a sum. */
const NUMBERS = 1_024;

/** A sum of lines, in whatever order they came. */
export interface RootSum {
  add(line: string): void;
  /** The sum as text, to go on with later. */
  text(): string;
  /** The root: SHA-256 of the sum, in hex. */
  root(): string;
}

/** Begins a sum, or goes on with one. @param before what `text` gave */
export function createRootSum(before?: string): RootSum {
  const sum = new Uint16Array(NUMBERS);
  const bytes = Buffer.from(sum.buffer);
  if (before !== undefined) bytes.set(Buffer.from(before, 'base64'));
  return {
    add: (line) => {
      const stretched = createHash('shake256', { outputLength: bytes.length }).update(line).digest();
      const numbers = new Uint16Array(Uint8Array.from(stretched).buffer);
      sum.set(numbers.map((number, at) => number + Number(sum[at]))); // modulo 2¹⁶
    },
    text: () => bytes.toString('base64'),
    root: () => createHash('sha256').update(bytes).digest('hex'),
  };
}
