import { createHash } from 'node:crypto';
import { joinParameters } from '../../marketplace/protocol/auth-token.ts';
import { hmac } from '../../marketplace/protocol/mac.ts';
import { bytes, type Cause, concluded, type Diagnosis, type KeyRing, type Variant } from './cause.ts';
import { keyVariants } from './key-variants.ts';

/** One parameter of a V1.0 call: as it stood in the address and decoded. */
export interface TokenParameter {
  readonly name: string;
  readonly raw: string;
  readonly value: string;
}

/** A call that carries an `authToken`. */
export interface TokenCall {
  readonly keyClass: string;
  /** Decoded. */
  readonly token: string;
  readonly parameters: readonly TokenParameter[];
  /** Treatment of blank values: skipped (V1 Kit), or signed as `name=` (V1.0). */
  readonly blanks: 'kept' | 'skipped';
}

interface Recipe {
  readonly macKey: Buffer;
  readonly text: Buffer;
  readonly sign: (key: Buffer, text: Buffer) => string;
}

type Change = Cause & { readonly change: Partial<Recipe> };
type Pair = readonly [name: string, value: string];

const base64 = (key: Buffer, text: Buffer) => hmac(key, text).toString('base64');
const written = (pairs: readonly Pair[], mark = '&') => pairs.map(([name, value]) => `${name}=${value}`).join(mark);

/** Says which single deviation from the documented formula gives the token that was received. */
export function explainToken(call: TokenCall, ring: KeyRing): Diagnosis {
  const keys = ring[call.keyClass] ?? [];
  const right = keys.findIndex((key) => compute(documented(call, key)) === call.token);
  if (right >= 0) return { kind: 'right', notes: right > 0 ? [{ id: 'key.older' }] : [] };
  return concluded(
    keys.flatMap((key) => {
      const recipe = documented(call, key);
      return changes(call, key, ring).filter(({ change }) => compute({ ...recipe, ...change }) === call.token);
    }),
  );
}

/** The tokens that signers with one fault each would make: a server that takes one of them has that fault. */
export function deviantTokens(call: Omit<TokenCall, 'token'>, key: string, ring: KeyRing): Variant<string>[] {
  const asked = { ...call, token: '' };
  const recipe = documented(asked, key);
  const right = compute(recipe);
  return changes(asked, key, ring)
    .map(({ change, ...cause }) => ({ ...cause, value: compute({ ...recipe, ...change }) }))
    .filter(({ value }) => value !== right);
}

function compute({ macKey, text, sign }: Recipe): string {
  return sign(macKey, text);
}

function signedPairs({ parameters, blanks }: TokenCall): Pair[] {
  return parameters
    .filter(({ name, value }) => name !== 'authToken' && (blanks === 'kept' || value.trim() !== ''))
    .map(({ name, value }) => [name, value]);
}

function timeStampOf({ parameters }: TokenCall): string {
  return parameters.find(({ name }) => name === 'timeStamp')?.value ?? '';
}

function documented(call: TokenCall, key: string): Recipe {
  return { macKey: bytes(key + timeStampOf(call)), text: bytes(joinParameters(signedPairs(call))), sign: base64 };
}

function changes(call: TokenCall, key: string, ring: KeyRing): Change[] {
  const stamp = timeStampOf(call);
  return [
    ...keyVariants(key, ring, call.keyClass).map(({ value, ...cause }) => ({
      ...cause,
      change: { macKey: Buffer.concat([value, bytes(stamp)]) },
    })),
    { id: 'token.key-alone', change: { macKey: bytes(key) } },
    { id: 'token.stamp-first', change: { macKey: bytes(stamp + key) } },
    { id: 'token.stamp-alone', change: { macKey: bytes(stamp) } },
    { id: 'token.stamp-seconds', change: { macKey: bytes(key + stamp.slice(0, 14)) } },
    ...texts(call).map(([id, text]) => ({ id, change: { text: bytes(text) } })),
    { id: 'encoding.hex', change: { sign: (mac, text) => hmac(mac, text).toString('hex') } },
    { id: 'encoding.hex', change: { sign: (mac, text) => hmac(mac, text).toString('hex').toUpperCase() } },
    { id: 'encoding.base64url', change: { sign: (mac, text) => hmac(mac, text).toString('base64url') } },
    {
      id: 'encoding.base64-of-hex',
      change: { sign: (mac, text) => bytes(hmac(mac, text).toString('hex')).toString('base64') },
    },
    { id: 'encoding.padding-lost', change: { sign: (mac, text) => base64(mac, text).replace(/=+$/, '') } },
    { id: 'token.plus-to-blank', change: { sign: (mac, text) => base64(mac, text).replaceAll('+', ' ') } },
    { id: 'token.encoded-twice', change: { sign: (mac, text) => encodeURIComponent(base64(mac, text)) } },
    { id: 'outer.swapped', change: { sign: (mac, text) => base64(text, mac) } },
    { id: 'outer.plain-sha256', change: { sign: (_, text) => createHash('sha256').update(text).digest('base64') } },
  ];
}

/** Other readings of "sorted, decoded, joined". */
function texts(call: TokenCall): [string, string][] {
  const pairs = signedPairs(call);
  const all = call.parameters.map(({ name, value }): Pair => [name, value]);
  const raw = call.parameters
    .filter(({ name }) => name !== 'authToken')
    .map(({ name, raw: value }): Pair => [name, value]);
  const sorted = ascending(pairs);
  const encoded = sorted.map(([name, value]): Pair => [name, encodeURIComponent(value)]);
  return [
    ['token.address-order', written(pairs)],
    ['token.descending', written(sorted.toReversed())],
    ['token.case-insensitive', written(pairs.toSorted(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)))],
    ['token.not-decoded', written(ascending(raw))],
    ['token.not-decoded', written(encoded)],
    [
      'token.form-encoded',
      new URLSearchParams(sorted.map(([name, value]): [string, string] => [name, value])).toString(),
    ],
    ['token.value-plus-to-blank', written(sorted.map(([name, value]): Pair => [name, value.replaceAll('+', ' ')]))],
    ['token.blank-to-plus', written(sorted.map(([name, value]): Pair => [name, value.replaceAll(' ', '+')]))],
    ['token.own-name-signed', written(ascending([...pairs, ['authToken', '']]))],
    ['token.token-signed', written(ascending(all))],
    ['token.stamp-not-signed', written(sorted.filter(([name]) => name !== 'timeStamp'))],
    ['token.activity-not-signed', written(sorted.filter(([name]) => name !== 'activity'))],
    ['token.test-flag-not-signed', written(sorted.filter(([name]) => name !== 'testFlag'))],
    ['token.blanks-dropped', written(sorted.filter(([, value]) => value.trim() !== ''))],
    ['token.blanks-kept', written(ascending(all.filter(([name]) => name !== 'authToken')))],
    ['token.values-only', sorted.map(([, value]) => value).join('&')],
    ['token.values-only', sorted.map(([, value]) => value).join('')],
    ['token.unseparated', written(sorted, '')],
    ['token.question-mark', `?${written(sorted)}`],
    ['token.trailing-separator', `${written(sorted)}&`],
    ['token.lower', written(sorted).toLowerCase()],
  ];
}

function ascending(pairs: readonly Pair[]): Pair[] {
  return pairs.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
