import { createHash, createHmac } from 'node:crypto';
import { type Stamp, sameSignature } from '../../marketplace/protocol/query.ts';
import { bodyVariants } from './body-variants.ts';
import { bytes, type Cause, concluded, type Diagnosis, distinct, type KeyRing, type Variant } from './cause.ts';
import { keyVariants } from './key-variants.ts';
import { stampVariants } from './stamp-variants.ts';

/** A signed POST, as it was received. */
export interface SignedPost {
  readonly scheme: 'query' | 'kit';
  readonly keyClass: string;
  readonly signature: string;
  readonly stamp: Stamp;
  readonly body: Buffer;
}

/** The documented computation, cut at every place where one can go wrong. */
interface Recipe {
  readonly innerKey: Buffer;
  readonly outerKey: Buffer;
  readonly front: Buffer;
  readonly stamp: Stamp;
  readonly body: Buffer;
  readonly tail: (recipe: Recipe) => Buffer;
  readonly join: (parts: readonly [front: Buffer, nonce: Buffer, timestamp: Buffer, tail: Buffer]) => Buffer;
  readonly outer: (key: Buffer, text: Buffer) => Buffer;
  readonly encode: (mac: Buffer) => string;
}

type Change = Cause & { readonly change: Partial<Recipe> };

const mac = (algorithm: string) => (key: Buffer, text: Buffer) => createHmac(algorithm, key).update(text).digest();
const digest = (algorithm: string) => (text: Buffer) => createHash(algorithm).update(text).digest();
const hex = (value: Buffer) => value.toString('hex');
const tailOf = (compute: (recipe: Recipe) => Buffer | string) => (recipe: Recipe) => bytes(compute(recipe));
const hashed = tailOf((recipe) => hex(mac('sha256')(recipe.innerKey, recipe.body)));
const whole = tailOf((recipe) => recipe.body);
const separated =
  (mark: string): Recipe['join'] =>
  (parts) =>
    Buffer.concat(parts.flatMap((part, index) => (index === 0 ? [part] : [bytes(mark), part])));

/** Deviations that lie in the formula itself. */
const FORMULA: readonly Change[] = [
  { id: 'digest.plain-sha256', change: { tail: tailOf((recipe) => hex(digest('sha256')(recipe.body))) } },
  {
    id: 'digest.upper',
    change: { tail: tailOf((recipe) => hex(mac('sha256')(recipe.innerKey, recipe.body)).toUpperCase()) },
  },
  {
    id: 'digest.base64',
    change: { tail: tailOf((recipe) => mac('sha256')(recipe.innerKey, recipe.body).toString('base64')) },
  },
  { id: 'digest.raw', change: { tail: tailOf((recipe) => mac('sha256')(recipe.innerKey, recipe.body)) } },
  { id: 'digest.md5', change: { tail: tailOf((recipe) => hex(digest('md5')(recipe.body))) } },
  { id: 'digest.sha1', change: { tail: tailOf((recipe) => hex(mac('sha1')(recipe.innerKey, recipe.body))) } },
  { id: 'digest.sha512', change: { tail: tailOf((recipe) => hex(mac('sha512')(recipe.innerKey, recipe.body))) } },
  { id: 'digest.swapped', change: { tail: tailOf((recipe) => hex(mac('sha256')(recipe.body, recipe.innerKey))) } },
  { id: 'digest.missing', change: { tail: tailOf(() => '') } },
  { id: 'outer.plain-sha256', change: { outer: (_, text) => digest('sha256')(text) } },
  { id: 'outer.sha1', change: { outer: mac('sha1') } },
  { id: 'outer.sha512', change: { outer: mac('sha512') } },
  { id: 'outer.swapped', change: { outer: (key, text) => mac('sha256')(text, key) } },
  { id: 'outer.front-missing', change: { front: Buffer.alloc(0) } },
  {
    id: 'outer.nonce-missing',
    change: { join: ([front, , timestamp, tail]) => Buffer.concat([front, timestamp, tail]) },
  },
  { id: 'outer.timestamp-missing', change: { join: ([front, nonce, , tail]) => Buffer.concat([front, nonce, tail]) } },
  {
    id: 'outer.order',
    change: { join: ([front, nonce, timestamp, tail]) => Buffer.concat([front, timestamp, nonce, tail]) },
  },
  {
    id: 'outer.order',
    change: { join: ([front, nonce, timestamp, tail]) => Buffer.concat([nonce, timestamp, front, tail]) },
  },
  {
    id: 'outer.order',
    change: { join: ([front, nonce, timestamp, tail]) => Buffer.concat([front, tail, nonce, timestamp]) },
  },
  {
    id: 'outer.order',
    change: { join: ([front, nonce, timestamp, tail]) => Buffer.concat([timestamp, nonce, front, tail]) },
  },
  ...['&', ' ', '\n', ':', ',', '+', '|'].map(
    (mark): Change => ({ id: 'outer.separator', change: { join: separated(mark) } }),
  ),
  { id: 'encoding.base64', change: { encode: (value) => value.toString('base64') } },
  { id: 'encoding.base64url', change: { encode: (value) => value.toString('base64url') } },
  { id: 'encoding.base64-of-hex', change: { encode: (value) => bytes(hex(value)).toString('base64') } },
  { id: 'encoding.hex-of-hex', change: { encode: (value) => hex(bytes(hex(value))) } },
  { id: 'encoding.cut', change: { encode: (value) => hex(value).slice(0, 32) } },
];

/** Says which single deviation from the documented formula gives the signature that was received. */
export function explainSignature(post: SignedPost, ring: KeyRing): Diagnosis {
  const keys = ring[post.keyClass] ?? [];
  const right = keys.findIndex((key) => matches(post, documented(post, key)));
  if (right === 0) return { kind: 'right', notes: [] };
  if (right > 0) return { kind: 'right', notes: [{ id: 'key.older' }] };
  const causes = keys.flatMap((key) => {
    const recipe = documented(post, key);
    return changes(post, key, ring).filter(({ change }) => matches(post, { ...recipe, ...change }));
  });
  return concluded(distinct(causes));
}

function documented({ scheme, stamp, body }: SignedPost, text: string): Recipe {
  const key = bytes(text);
  return {
    innerKey: key,
    outerKey: key,
    front: key,
    stamp,
    body,
    tail: scheme === 'query' ? hashed : whole,
    join: (parts) => Buffer.concat(parts),
    outer: mac('sha256'),
    encode: hex,
  };
}

function changes(post: SignedPost, text: string, ring: KeyRing): Change[] {
  const key = bytes(text);
  const { timestamp, nonce } = post.stamp;
  return [
    ...keyVariants(text, ring, post.keyClass).map(({ value, ...cause }) => ({
      ...cause,
      change: { innerKey: value, outerKey: value, front: value },
    })),
    ...bodyVariants(post.body).map(({ value, ...cause }) => ({ ...cause, change: { body: value } })),
    ...stampVariants(post.stamp).map(({ value, ...cause }) => ({ ...cause, change: { stamp: value } })),
    ...FORMULA.filter(({ id }) => post.scheme === 'query' || !id.startsWith('digest.')),
    { id: 'outer.v1-key', change: { outerKey: Buffer.concat([key, bytes(timestamp)]) } },
    { id: 'outer.key-empty', change: { outerKey: Buffer.alloc(0) } },
    { id: 'outer.nonce-as-key', change: { outerKey: bytes(nonce) } },
    post.scheme === 'query'
      ? { id: 'formula.kit-on-base', change: { tail: whole } }
      : { id: 'formula.base-on-kit', change: { tail: hashed } },
  ];
}

function matches({ signature }: SignedPost, recipe: Recipe): boolean {
  const computed = compute(recipe);
  return computed === signature || (/^[0-9a-f]+$/i.test(signature) && sameSignature(computed, signature));
}

function compute(recipe: Recipe): string {
  const parts = [recipe.front, bytes(recipe.stamp.nonce), bytes(recipe.stamp.timestamp), recipe.tail(recipe)] as const;
  return recipe.encode(recipe.outer(recipe.outerKey, recipe.join(parts)));
}

/** The signatures that signers with one fault each would make: a server that takes one of them has that fault. */
export function deviantSignatures(post: Omit<SignedPost, 'signature'>, key: string, ring: KeyRing): Variant<string>[] {
  const asked = { ...post, signature: '' };
  const recipe = documented(asked, key);
  const right = compute(recipe);
  return changes(asked, key, ring)
    .map(({ change, ...cause }) => ({ ...cause, value: compute({ ...recipe, ...change }) }))
    .filter(({ value }) => value !== right);
}
