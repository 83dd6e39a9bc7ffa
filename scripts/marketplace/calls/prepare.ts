import { randomBytes } from 'node:crypto';
import { bodyToken, queryToken } from '../protocol/auth-token.ts';
import { compactBody } from '../protocol/json-text.ts';
import { kitSignature, querySignature, type Stamp } from '../protocol/query.ts';
import type { Family, Members } from './family.ts';

/** A call as it goes over the wire. */
export interface PreparedCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** Call that is to be signed and sent. */
export interface Draft {
  readonly family: Family;
  readonly activity: string;
  readonly members: Members;
  /** The production address; a query it already has stays. */
  readonly at: string;
  readonly key: string;
  readonly now: number;
  readonly nonce?: string;
  /** Sent and signed in place of the members' compact form. */
  readonly body?: string | Buffer;
  readonly contentType?: string;
}

/** The content type that the documentation's examples show, odd spelling included. */
const JSON_TYPE = 'application/json;charset=utf8';

/** A nonce as the marketplace makes them: 64 upper-case hex digits. */
export function freshNonce(): string {
  return randomBytes(32).toString('hex').toUpperCase();
}

/** Signs a call in its family's way. */
export function prepareCall(draft: Draft): PreparedCall {
  if (draft.family.scheme === 'token') return prepareGet(draft);
  const stamp = { timestamp: String(draft.now), nonce: draft.nonce ?? freshNonce() };
  const body = Buffer.from(draft.body ?? bodyText(draft));
  const headers = { accept: 'application/json', 'content-type': draft.contentType ?? JSON_TYPE };
  return { method: 'POST', body, ...signPost(draft, stamp, body, headers) };
}

function bodyText({ family, members }: Draft): string {
  return family.scheme === 'token-header' ? JSON.stringify(members) : compactBody(members);
}

function signPost(
  draft: Draft,
  stamp: Stamp,
  body: Buffer,
  headers: Record<string, string>,
): Pick<PreparedCall, 'url' | 'headers'> {
  const { family, key, at, members } = draft;
  if (family.scheme === 'query') {
    return { headers, url: withQuery(at, { signature: querySignature(key, body, stamp), ...stamp }) };
  }
  const url = below(at, `${family.path ?? '/'}${draft.activity}`);
  if (family.scheme === 'token-header') return { url, headers: { ...headers, authToken: bodyToken(key, members) } };
  const { timestamp, nonce } = stamp;
  return {
    url,
    headers: { ...headers, 'x-sign': kitSignature(key, body, stamp), 'x-timestamp': timestamp, 'x-nonce': nonce },
  };
}

function prepareGet({ at, key, members }: Draft): PreparedCall {
  const pairs = Object.entries(members).map(([name, value]): [string, string] => [name, String(value)]);
  const query = Object.fromEntries(
    [...pairs, ['authToken', queryToken(key, pairs)]].sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1)),
  );
  return { method: 'GET', url: withQuery(at, query), headers: { accept: 'application/json' } };
}

/** Adds parameters to an address, percent-encoded: a plus as `%2B`, a blank as `%20`. */
export function withQuery(at: string, parameters: Readonly<Record<string, string>>): string {
  const query = Object.entries(parameters).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  return `${at}${at.includes('?') ? '&' : '?'}${query.join('&')}`;
}

/** Appends a path to an address, before a query it may have. */
function below(at: string, path: string): string {
  const [address = '', query] = at.split('?');
  return `${address.replace(/\/+$/, '')}${path}${query === undefined ? '' : `?${query}`}`;
}
