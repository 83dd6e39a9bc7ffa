import { ValidationException } from '../expressions/validation.ts';
import type { KeyTexts } from '../request/read-write.ts';

/*
 * PostgreSQL's text knows no NUL. The two lowest characters are written as two each, so that order and prefixes stay as
 * they are: U+0000 as U+0001 U+0001, and U+0001 as U+0001 U+0002.
 */

/** Writes a key attribute as PostgreSQL keeps it. @throws ValidationException for half a surrogate pair */
export function escapeKey(text: string): string {
  if (/\p{Surrogate}/u.test(text)) throw new ValidationException('A key holds half a surrogate pair');
  return text.replaceAll('\u0001', '\u0001\u0002').replaceAll('\0', '\u0001\u0001');
}

/** Reads what `escapeKey` wrote. */
export function unescapeKey(text: string): string {
  return text.replaceAll('\u0001\u0001', '\0').replaceAll('\u0001\u0002', '\u0001');
}

/** Parameters of a key. */
export function keyValues({ pk, sk }: KeyTexts): [string, string] {
  return [escapeKey(pk), escapeKey(sk)];
}
