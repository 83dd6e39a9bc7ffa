import { readFileSync } from 'node:fs';
import fc from 'fast-check';

/** Seeds of one kind, as text; in `corpus/`. What ever broke something is added there. */
export type Corpus = 'body' | 'query' | 'v1-query' | 'kit-body' | 'time';

export function seeds(corpus: Corpus): readonly string[] {
  return JSON.parse(readFileSync(new URL(`./corpus/${corpus}.json`, import.meta.url), 'utf8'));
}

/** Pieces that parsers stumble over. */
const TOKENS = [
  ...[
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '&',
    '=',
    '%',
    '+',
    '#',
    ';',
    '\u0000',
    '\ufeff',
    '\ud800',
    '云',
    ' ',
    '\n',
  ],
  ...['null', 'true', '1e400', '-0', '00', '%00', '%ZZ', '%C3%28', '\\u0000', '\\ud83d', '__proto__', 'constructor'],
  ...['"a":1,', '"activity":"newInstance"', '{"a":', '[[[[[[[[', 'testFlag', '9'.repeat(400), 'x'.repeat(300)],
];

type Change = (text: string, at: number, length: number, token: string) => string;

const CHANGES: readonly Change[] = [
  (text, at, _, token) => text.slice(0, at) + token + text.slice(at),
  (text, at, length) => text.slice(0, at) + text.slice(at + length),
  (text, at, length) => text.slice(0, at + length) + text.slice(at),
  (text, at, _, token) => text.slice(0, at) + token + text.slice(at + 1),
  (text, at) => text.slice(0, at),
  (text, at) => text.slice(0, at) + String.fromCharCode((text.charCodeAt(at) ^ 1) & 0xffff) + text.slice(at + 1),
  (text, at, length) => text.slice(at, at + length) + text,
];

const change = fc.tuple(fc.nat(CHANGES.length - 1), fc.nat(1_000), fc.nat(40), fc.constantFrom(...TOKENS));

/** A seed with a few changes, each at some place of it. */
export function mutated(corpus: Corpus): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...seeds(corpus)), fc.array(change, { maxLength: 6 })).map(([seed, changes]) =>
    changes.reduce((text, [kind, at, length, token]) => {
      const apply = CHANGES[kind];
      return apply === undefined ? text : apply(text, text.length === 0 ? 0 : at % text.length, length, token);
    }, seed),
  );
}

/** The same as bytes, now and then broken UTF-8. */
export function bytes(corpus: Corpus): fc.Arbitrary<Buffer> {
  return fc
    .tuple(mutated(corpus), fc.option(fc.tuple(fc.nat(1_000), fc.nat(255)), { freq: 3 }))
    .map(([text, broken]) => {
      const all = Buffer.from(text);
      if (broken !== null && all.length > 0) all[broken[0] % all.length] = broken[1];
      return all;
    });
}
