import { createHmac, hash } from 'node:crypto';
import { formatSdkDate } from './times.ts';

/**
 * AK/SK signing `SDK-HMAC-SHA256` of calls to the open APIs.
 * Source: https://support.huaweicloud.com/devg-apisign/api-sign-algorithm-001.html to …-005.html
 */
const ALGORITHM = 'SDK-HMAC-SHA256';
const CONTENT_HASH = 'x-sdk-content-sha256';

/** A key pair of a cloud account, with the token that temporary keys come with. */
export interface AccountKeysLike {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly securityToken?: string;
}

/** A request before it is signed. */
export interface UnsignedRequest {
  readonly method: string;
  readonly url: string | URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Exactly what will be sent; a text means its UTF-8 bytes. */
  readonly body?: string | Uint8Array;
  /** Lower-case hex SHA-256 of a body that is not at hand, in place of `body`. */
  readonly bodyHash?: string;
}

/**
 * The headers to send with a request: the given ones, `X-Sdk-Date`, `X-Security-Token` for temporary keys, and
 * `Authorization`. All of them and the host of the URL are signed, so nothing on the way may change them.
 * @param now Unix milliseconds; the gateway refuses more than 15 minutes of difference.
 */
export function signRequest(request: UnsignedRequest, keys: AccountKeysLike, now: number): Record<string, string> {
  const date = formatSdkDate(now);
  const headers: Record<string, string> = {
    ...request.headers,
    'X-Sdk-Date': date,
    ...(keys.securityToken === undefined ? {} : { 'X-Security-Token': keys.securityToken }),
  };
  const signed = signedHeaders(['host', ...Object.keys(headers)]);
  const signature = sdkSignature(
    keys.secretAccessKey,
    stringToSign(date, canonicalRequest({ ...request, headers }, signed)),
  );
  return { ...headers, Authorization: authorization(keys.accessKeyId, signed, signature) };
}

/** Names of headers as they are signed: lower case, each once, ascending. */
function signedHeaders(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))].sort();
}

/**
 * The six lines that are signed. `host` is taken from the URL unless it stands in the headers.
 * @param signed names of the headers to sign, lower case, ascending.
 */
export function canonicalRequest(request: UnsignedRequest, signed: readonly string[]): string {
  const url = new URL(request.url);
  const headers = new Map([['host', url.host]]);
  for (const [name, value] of Object.entries(request.headers)) headers.set(name.toLowerCase(), value.trim());
  return [
    request.method.toUpperCase(),
    canonicalPath(url.pathname),
    canonicalQuery(url.searchParams),
    ...signed.map((name) => `${name}:${headers.get(name) ?? ''}`),
    '',
    signed.join(';'),
    headers.get(CONTENT_HASH) ?? request.bodyHash ?? hash('sha256', request.body ?? ''),
  ].join('\n');
}

/** Builds the text that the secret key signs. @param date the value of `X-Sdk-Date`. */
export function stringToSign(date: string, canonical: string): string {
  return `${ALGORITHM}\n${date}\n${hash('sha256', canonical)}`;
}

/** Lower-case hex; the secret key is used as it is, nothing is derived from it. */
export function sdkSignature(secretAccessKey: string, text: string): string {
  return createHmac('sha256', secretAccessKey).update(text).digest('hex');
}

/** Value of the `Authorization` header. */
export function authorization(accessKeyId: string, signed: readonly string[], signature: string): string {
  return `${ALGORITHM} Access=${accessKeyId}, SignedHeaders=${signed.join(';')}, Signature=${signature}`;
}

function canonicalPath(pathname: string): string {
  const path = pathname
    .split('/')
    .map((segment) => encode(decode(segment)))
    .join('/');
  return path.endsWith('/') ? path : `${path}/`; // for signing only; the URL is sent as it is
}

function canonicalQuery(parameters: URLSearchParams): string {
  return [...parameters]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Percent-encodes after RFC 3986; encodeURIComponent leaves five reserved characters alone. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // a lone % is a character like any other
  }
}
