import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/*
 * The marketplace's half of the AK/SK signature SDK-HMAC-SHA256, written from the documentation
 * (https://support.huaweicloud.com/devg-apisign/api-sign-algorithm-001.html) and on purpose without KooGate's own
 * signing code: a mistake in one shows in the other.
 */

/** A request as it came over the wire. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The gateway's refusal: an HTTP status with a code of its own. */
export interface GatewayRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const CLOCK_TOLERANCE_MS = 15 * 60_000;

/** Says why the gateway would refuse the request; undefined if the signature holds. */
export function refuseSignature(
  request: ReceivedRequest,
  keys: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly securityToken?: string },
  now: number,
): GatewayRefusal | undefined {
  const authorization = request.headers.authorization ?? '';
  const parts = /^SDK-HMAC-SHA256 Access=([^,\s]+), SignedHeaders=([^,\s]+), Signature=([0-9a-f]{64})$/.exec(
    authorization,
  );
  const [, access, signedHeaders, signature] = parts ?? [];
  if (access === undefined || signedHeaders === undefined || signature === undefined) {
    return refusal('APIG.0301', 'Authorization is missing or not of the form SDK-HMAC-SHA256 Access=…');
  }
  if (access !== keys.accessKeyId) return refusal('APIG.0301', `the access key ${access} is unknown`);
  const date = headerOf(request, 'x-sdk-date');
  const sentAt = readSdkDate(date);
  if (sentAt === undefined) return refusal('APIG.0301', 'X-Sdk-Date is missing or not of the form yyyyMMddTHHmmssZ');
  if (Math.abs(now - sentAt) > CLOCK_TOLERANCE_MS) return refusal('APIG.0303', 'signature expired');
  const names = signedHeaders.split(';');
  if (!names.includes('x-sdk-date')) return refusal('APIG.0301', 'X-Sdk-Date is not signed');
  const token = headerOf(request, 'x-security-token');
  if (token !== (keys.securityToken ?? '')) return refusal('APIG.0301', 'the security token does not match');
  if (token !== '' && !names.includes('x-security-token')) {
    return refusal('APIG.0301', 'the security token is not signed');
  }
  const expected = createHmac('sha256', keys.secretAccessKey)
    .update(['SDK-HMAC-SHA256', date, sha256(canonical(request, names))].join('\n'))
    .digest();
  if (!timingSafeEqual(expected, Buffer.from(signature, 'hex')))
    return refusal('APIG.0301', 'the signature does not match');
  return undefined;
}

function refusal(code: string, message: string): GatewayRefusal {
  return { status: 401, code, message: `Incorrect IAM authentication information: ${message}` };
}

/** The six items that are hashed, each on a line of its own; headers in ascending order. */
export function canonical(request: ReceivedRequest, names: readonly string[]): string {
  const [path = '', ...query] = request.target.split('?');
  return [
    request.method.toUpperCase(),
    `${path.split('/').map(recode).join('/').replace(/\/$/, '')}/`,
    canonicalQuery(query.join('?')),
    ...[...names].sort().map((name) => `${name}:${headerOf(request, name)}`),
    '',
    [...names].sort().join(';'),
    headerOf(request, 'x-sdk-content-sha256') || sha256(request.body),
  ].join('\n');
}

function canonicalQuery(query: string): string {
  const pairs = query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', ...value] = part.split('=');
      return { name: recode(name), value: recode(value.join('=')) };
    });
  pairs.sort((a, b) => order(a.name, b.name) || order(a.value, b.value));
  return pairs.map(({ name, value }) => `${name}=${value}`).join('&');
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Decoded, then percent-encoded after RFC 3986: only letters, digits, - _ . ~ stay. */
function recode(text: string): string {
  const percent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(decodeURIComponent(text)).replace(/[!'()*]/g, percent);
}

function headerOf(request: ReceivedRequest, name: string): string {
  const value = request.headers[name];
  return (Array.isArray(value) ? value.join(',') : (value ?? '')).trim();
}

function readSdkDate(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null) return undefined;
  const time = Date.parse(`${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}Z`);
  return Number.isNaN(time) ? undefined : time;
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
