import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** Key that the server has entered at its gateway. */
export const NAME = 'demo-app-key';
export const SECRET = 'demo-app-secret-0123456789abcdef';

export type Serve = (request: IncomingMessage, response: ServerResponse) => unknown;

/** Faults of a server that is right otherwise, and shares no code with KooGate. */
export interface Faults {
  readonly signature?: 'none' | 'prefix';
  readonly algorithm?: 'any';
  readonly time?: 'none' | 'exp-as-seconds' | 'unsigned';
  readonly body?: 'unsigned' | 'header-unsigned';
  readonly scheme?: 'bearer';
  readonly answer?: (response: ServerResponse) => void;
  readonly nonsense?: 'ok';
  readonly refusal?: number;
  readonly repeat?: 'refused';
}

const mac = (text: string) => createHmac('sha256', SECRET).update(text);
export const usage = { prompt_tokens: 2, completion_tokens: 2, total_tokens: 4 };
const right = (response: ServerResponse) => response.end(JSON.stringify({ data: 'two one', usage }));

function hasToken(text: string, faults: Faults): boolean {
  if (faults.scheme === 'bearer' && !text.startsWith('Bearer ')) return false;
  const [head = '', claims = '', signature = ''] = text.replace(/^Bearer /, '').split('.');
  try {
    const { alg } = JSON.parse(Buffer.from(head, 'base64url').toString());
    const { api_key: key, timestamp, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString());
    if (key !== NAME) return false;
    const expected = mac(`${head}.${claims}`).digest('base64url');
    const isNone = faults.algorithm === 'any' && alg === 'none';
    if (alg !== 'HS256' && !isNone) return false;
    if (
      faults.signature === 'prefix'
        ? !expected.startsWith(signature)
        : faults.signature === undefined && !isNone && signature !== expected
    )
      return false;
    if (faults.time === 'none') return true;
    if (faults.time === 'exp-as-seconds')
      return exp === undefined ? timestamp > Date.now() - 300_000 : exp > Date.now() / 1_000;
    return typeof timestamp === 'number' && Math.abs(Date.now() - timestamp) < 360_000;
  } catch {
    return false;
  }
}

function hasSignature(request: IncomingMessage, body: Buffer, faults: Faults): boolean {
  const { headers, method, url = '' } = request;
  const [, key, list = '', signature = ''] =
    /Access=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=(\S*)$/.exec(headers.authorization ?? '') ?? [];
  const names = list.split(';');
  if (key !== NAME) return false;
  if (faults.time !== 'unsigned' && !names.includes('x-sdk-date')) return false;
  const date = String(headers['x-sdk-date']);
  const time = Date.parse(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (faults.time !== 'none' && Math.abs(Date.now() - time) > 900_000) return false;
  const [path, query = ''] = url.split('?');
  const said = headers['x-sdk-content-sha256'];
  const isUnsigned =
    said === 'UNSIGNED-PAYLOAD' && (names.includes('x-sdk-content-sha256') || faults.body === 'header-unsigned');
  const hash = createHash('sha256').update(body).digest('hex');
  const canonical = [
    method,
    `${path}/`.replace(/\/\/$/, '/'),
    query,
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    list,
  ];
  const attempts = [isUnsigned ? 'UNSIGNED-PAYLOAD' : hash].map((last) => {
    const hashed = createHash('sha256')
      .update([...canonical, last].join('\n'))
      .digest('hex');
    return mac(`SDK-HMAC-SHA256\n${date}\n${hashed}`).digest('hex');
  });
  if (faults.body === 'unsigned') return true;
  return faults.signature === 'none' || attempts.includes(signature);
}

/** A server behind a gateway, right but for its faults. */
export function server(kind: 'api' | 'agents', faults: Faults = {}): Serve {
  const seen = new Set<unknown>();
  return async (request, response) => {
    const body = await buffer(request);
    const { authorization = '' } = request.headers;
    const isProven = kind === 'api' ? hasSignature(request, body, faults) : hasToken(authorization, faults);
    const isRepeat = faults.repeat === 'refused' && seen.has(authorization);
    seen.add(authorization);
    if (!isProven || isRepeat) return response.writeHead(faults.refusal ?? 401).end();
    response.setHeader('content-type', 'application/json');
    try {
      JSON.parse(body.toString());
    } catch {
      return response.writeHead(faults.nonsense === 'ok' ? 200 : 400).end('{"error":"not JSON"}');
    }
    return (faults.answer ?? right)(response);
  };
}
