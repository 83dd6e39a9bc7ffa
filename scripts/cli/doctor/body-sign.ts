import { createHash } from 'node:crypto';
import { readBodySign } from '../../marketplace/protocol/body-sign.ts';
import { equalTexts, hmac } from '../../marketplace/protocol/mac.ts';
import { bodyVariants } from './body-variants.ts';
import { bytes, type Cause, concluded, type Diagnosis, type KeyRing } from './cause.ts';
import { keyVariants } from './key-variants.ts';

/** An answer with its `Body-Sign` header. */
export interface SignedAnswer {
  readonly keyClass: string;
  readonly body: Buffer;
  readonly header: string;
  /** `timeStamp` of the V1.0 call that was answered: people append it to the key here too. */
  readonly timeStamp?: string;
  /** The call's own body, which some servers sign instead of theirs. */
  readonly request?: Buffer;
}

interface Recipe {
  readonly key: Buffer;
  readonly body: Buffer;
  readonly sign: (key: Buffer, body: Buffer) => string;
}

type Change = Cause & { readonly change: Partial<Recipe> };

const documentedSign: Recipe['sign'] = (key, body) => hmac(key, body).toString('base64');

/** Says which single deviation gives the header that was seen. */
export function explainBodySign(answer: SignedAnswer, ring: KeyRing): Diagnosis {
  const keys = ring[answer.keyClass] ?? [];
  const strict = readBodySign(answer.header);
  const seen = strict ?? looseSignature(answer.header);
  if (seen === undefined) return { kind: 'explained', causes: [{ id: 'body-sign.form' }] };
  const right = keys.findIndex((key) => equalTexts(documentedSign(bytes(key), answer.body), seen));
  if (right >= 0 && strict === undefined) return { kind: 'explained', causes: [{ id: 'body-sign.form' }] };
  if (right >= 0) return { kind: 'right', notes: right > 0 ? [{ id: 'key.older' }] : [] };
  return concluded(
    keys.flatMap((text) =>
      changes(answer, text, ring).filter(({ change }) => {
        const { key, body, sign }: Recipe = { key: bytes(text), body: answer.body, sign: documentedSign, ...change };
        return sign(key, body) === seen;
      }),
    ),
  );
}

/** Finds a signature in a header of another form: after `signature=`, quoted or not, or as the header's whole value. */
function looseSignature(header: string): string | undefined {
  const quoted = /signature\s*=\s*["']?([A-Za-z0-9+/_-]{20,}={0,2})["']?/i.exec(header)?.[1];
  return quoted ?? /^\s*([A-Za-z0-9+/_-]{40,}={0,2})\s*$/.exec(header)?.[1];
}

function changes(answer: SignedAnswer, text: string, ring: KeyRing): Change[] {
  const { timeStamp, request } = answer;
  return [
    ...keyVariants(text, ring, answer.keyClass).map(({ value, ...cause }) => ({ ...cause, change: { key: value } })),
    ...bodyVariants(answer.body).map(({ value, ...cause }) => ({ ...cause, change: { body: value } })),
    ...(timeStamp === undefined ? [] : [{ id: 'body-sign.time-stamp', change: { key: bytes(text + timeStamp) } }]),
    ...(request === undefined ? [] : [{ id: 'body-sign.request', change: { body: request } }]),
    { id: 'encoding.hex', change: { sign: (mac, body) => hmac(mac, body).toString('hex') } },
    { id: 'encoding.hex', change: { sign: (mac, body) => hmac(mac, body).toString('hex').toUpperCase() } },
    { id: 'encoding.base64url', change: { sign: (mac, body) => hmac(mac, body).toString('base64url') } },
    { id: 'encoding.padding-lost', change: { sign: (mac, body) => documentedSign(mac, body).replace(/=+$/, '') } },
    {
      id: 'encoding.base64-of-hex',
      change: { sign: (mac, body) => bytes(hmac(mac, body).toString('hex')).toString('base64') },
    },
    { id: 'outer.plain-sha256', change: { sign: (_, body) => createHash('sha256').update(body).digest('base64') } },
    {
      id: 'body-sign.digest-signed',
      change: { sign: (mac, body) => documentedSign(mac, bytes(hmac(mac, body).toString('hex'))) },
    },
    { id: 'outer.swapped', change: { sign: (mac, body) => documentedSign(body, mac) } },
    { id: 'key.empty', change: { key: Buffer.alloc(0) } },
    { id: 'body-sign.result-code', change: { body: resultCode(answer.body) } },
  ];
}

/** Some servers sign the result code alone. */
function resultCode(body: Buffer): Buffer {
  return bytes(/"resultCode"\s*:\s*"(\d+)"/.exec(body.toString('utf8'))?.[1] ?? '');
}
