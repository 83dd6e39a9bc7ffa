import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What a gateway found in a request. */
export interface Verified {
  readonly accessKeyId: string;
  readonly date: string;
  readonly signedHeaders: readonly string[];
}

/**
 * The gateway's half of SDK-HMAC-SHA256, written apart from the signer and working on what came over the wire.
 * @returns undefined if the signature does not hold.
 */
export function verifySignature(request: IncomingMessage, body: string, secretKey: string): Verified | undefined {
  const authorization = request.headers.authorization ?? '';
  const match = /^SDK-HMAC-SHA256 Access=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(authorization);
  const [, accessKeyId = '', names = '', signature = ''] = match ?? [];
  const date = String(request.headers['x-sdk-date']);
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const encode = (text: string) =>
    [...Buffer.from(text)]
      .map((byte) => {
        const char = String.fromCharCode(byte);
        return /[A-Za-z0-9\-_.~]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
      })
      .join('');
  const pairs = (query === '' ? [] : query.split('&')).map((pair) => {
    const [name = '', value = ''] = pair.split('=');
    return `${encode(decodeURIComponent(name))}=${encode(decodeURIComponent(value))}`;
  });
  const headerLines = names.split(';').map((name) => `${name}:${String(request.headers[name] ?? '').trim()}\n`);
  const canonical = [
    request.method,
    path.endsWith('/') ? path : `${path}/`,
    pairs.sort().join('&'),
    headerLines.join(''),
    names,
    createHash('sha256').update(body).digest('hex'),
  ].join('\n');
  const digest = createHash('sha256').update(canonical).digest('hex');
  const expected = createHmac('sha256', secretKey).update(`SDK-HMAC-SHA256\n${date}\n${digest}`).digest('hex');
  if (signature !== expected || !names.split(';').includes('x-sdk-date')) return undefined;
  return { accessKeyId, date, signedHeaders: names.split(';') };
}
