import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Credentials of a role for a while, as Lambda hands them to a sandbox. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Logical id of the role that they are for. */
  readonly role: string;
}

/** A request as it arrived. */
export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Conditions that a signature must meet. */
export interface SignatureRules {
  readonly service: string;
  readonly region: string;
  /** Credentials by access key id. */
  readonly credentials: ReadonlyMap<string, Credentials>;
  /** Time of the service's clock, Unix milliseconds. */
  readonly now: number;
}

/** Milliseconds that the clocks of the two sides may differ. */
const SKEW_MS = 300_000;

const HEADER =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;

/** Headers that must be signed, or somebody on the way could change them. */
const SIGNED = ['host', 'x-amz-date', 'x-amz-security-token', 'x-amz-target'];

/**
 * Verifies Signature Version 4, reckoned anew from what arrived.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * @returns the role that signed, or the name of the error that AWS answers, and its text where clients read it
 */
export function verifySignature(
  { method, path, headers, body }: SignedRequest,
  { service, region, credentials, now }: SignatureRules,
): { readonly role: string } | { readonly error: string; readonly text?: string } {
  const [, id = '', day = '', inRegion, toService, signed = '', given = ''] =
    HEADER.exec(headers.authorization ?? '') ?? [];
  if (id === '') return { error: 'MissingAuthenticationTokenException' };
  const known = credentials.get(id);
  if (known === undefined || headers['x-amz-security-token'] !== known.sessionToken) {
    return { error: 'UnrecognizedClientException' };
  }
  const names = signed.split(';');
  const stamp = String(headers['x-amz-date']);
  const isFitting = toService === service && inRegion === region && SIGNED.every((name) => names.includes(name));
  const age = now - readStamp(stamp);
  if (!isFitting || !stamp.startsWith(day) || Number.isNaN(age)) return { error: 'InvalidSignatureException' };
  if (age > SKEW_MS) return { error: 'InvalidSignatureException', text: `Signature expired: ${stamp} is too early` };
  if (age < -SKEW_MS) return { error: 'InvalidSignatureException', text: `Signature not yet current: ${stamp}` };
  const lines = names.map((name) => `${name}:${String(headers[name]).trim().replace(/ +/g, ' ')}`);
  const canonical = [method, path, '', ...lines, '', signed, sha256(body)].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const expected = mac(keyOf(known, scope), ['AWS4-HMAC-SHA256', stamp, scope, sha256(canonical)].join('\n'));
  if (!timingSafeEqual(expected, Buffer.from(given, 'hex'))) return { error: 'InvalidSignatureException' };
  return { role: known.role };
}

const keys = new WeakMap<Credentials, Map<string, Buffer>>();

/** Derives the signing key of a scope, once: it is the same for all requests of a day. */
function keyOf(credentials: Credentials, scope: string): Buffer {
  const ofScopes = keys.get(credentials) ?? new Map<string, Buffer>();
  keys.set(credentials, ofScopes);
  const [day = '', ...rest] = scope.split('/');
  const key = ofScopes.get(scope) ?? rest.reduce(mac, mac(`AWS4${credentials.secretAccessKey}`, day));
  ofScopes.set(scope, key);
  return key;
}

/** Reads `20261130T202950Z`; NaN if it has another form. */
function readStamp(stamp: string): number {
  return Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function mac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
