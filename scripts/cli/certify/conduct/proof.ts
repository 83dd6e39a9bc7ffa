import { createHmac } from 'node:crypto';
import type { PreparedCall } from '../../../marketplace/calls/prepare.ts';
import { textMembers } from '../../../marketplace/protocol/auth-token.ts';

/* The text that proves who made a call: `signature` or `authToken` in the query, `x-sign` or `authToken` in a header. */

const PLACE = /([?&](?:signature|authToken)=)([^&]*)/;

function headerOf({ headers }: PreparedCall): string | undefined {
  return ['x-sign', 'authToken'].find((name) => headers[name] !== undefined);
}

/** The proof that a call carries. */
export function proofOf(call: PreparedCall): string {
  const header = headerOf(call);
  return header === undefined ? decodeURIComponent(PLACE.exec(call.url)?.[2] ?? '') : (call.headers[header] ?? '');
}

/** The call with another proof, which stands where the right one stood. */
export function withProof(call: PreparedCall, proof: string): PreparedCall {
  const header = headerOf(call);
  if (header !== undefined) return { ...call, headers: { ...call.headers, [header]: proof } };
  return { ...call, url: call.url.replace(PLACE, (_, place: string) => place + encodeURIComponent(proof)) };
}

/** The call with a text twice in the place of its proof. */
export function withProofTwice(call: PreparedCall, proof: string): PreparedCall {
  if (headerOf(call) !== undefined) return withProof(call, `${proof}, ${proof}`);
  const name = PLACE.exec(call.url)?.[1]?.slice(1) ?? '';
  const once = withProof(call, proof);
  return { ...once, url: `${once.url}&${name}${encodeURIComponent(proof)}` };
}

/** The documented formula under another digest or another key. */
export function proofBy(algorithm: 'sha1' | 'sha256' | 'sha512', key: string, call: PreparedCall): string {
  const mac = (secret: string, ...parts: (string | Buffer)[]) =>
    parts.reduce((hash, part) => hash.update(part), createHmac(algorithm, secret)).digest();
  const query = new URL(call.url).searchParams;
  const body = call.body ?? Buffer.alloc(0);
  if (query.has('authToken')) return token([...query].filter(([name]) => name !== 'authToken'));
  if (call.headers.authToken !== undefined) return token(textMembers(JSON.parse(body.toString('utf8'))));
  const read = (name: string) => query.get(name) ?? call.headers[`x-${name}`] ?? '';
  const head = key + read('nonce') + read('timestamp');
  const tail = query.has('signature') ? mac(key, body).toString('hex') : body;
  return mac(key, head, tail).toString('hex').toUpperCase();

  function token(pairs: readonly (readonly [string, string])[]): string {
    const sorted = [...pairs].sort(([a], [b]) => (a < b ? -1 : 1));
    const time = sorted.find(([name]) => name === 'timeStamp')?.[1] ?? '';
    return mac(key + time, sorted.map(([name, value]) => `${name}=${value}`).join('&')).toString('base64');
  }
}
