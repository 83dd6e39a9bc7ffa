import { createHash, createHmac } from 'node:crypto';

/*
 * Signers with one fault each, written out by hand and without the doctor's own code, so that what it names is what
 * was really done.
 */

export const KEY = '3f0a6f3e-6c0f-4a0b-9d7e-0b9f5a7c1d2e';
export const KIT_KEY = '91b1b0aa-52a5-4c0e-8f6a-8a3f3a1f9b7c';
export const GENERAL_KEY = 'c2d4a1de-0e58-49a9-b7c0-6f6f1e0d4b3a';
export const RING = { base: [KEY], kit: [KIT_KEY], general: [GENERAL_KEY] };

export const TIMESTAMP = '1764000000123';
export const NONCE = 'aB3+dE5fG7hJ9kL1';
export const BODY =
  '{"activity":"changeInstanceCheck","instanceId":"inst-1","productInfo":{"skuCode":"s/1","productName":"演示 <商品>","linearValue":1.50},"remark":null,"testFlag":"1"}';

export interface Signed {
  readonly signature: string;
  readonly timestamp: string;
  readonly nonce: string;
  readonly body: string;
}

type Data = string | Buffer;

export const mac = (key: Data, data: Data, algorithm = 'sha256') => createHmac(algorithm, key).update(data).digest();
export const sha = (data: Data, algorithm = 'sha256') => createHash(algorithm).update(data).digest();
const hex = (data: Buffer) => data.toString('hex');

/** The documented signature, any piece of which can be given otherwise. */
function sign(over: {
  key?: Data;
  payload?: Data;
  timestamp?: string;
  nonce?: string;
  digest?: Data;
  macKey?: Data;
  text?: Data;
}): Buffer {
  const { key = KEY, payload = BODY, timestamp = TIMESTAMP, nonce = NONCE } = over;
  const tail = over.digest ?? hex(mac(key, payload));
  const text = over.text ?? Buffer.concat([key, nonce, timestamp, tail].map((part) => Buffer.from(part as string)));
  return mac(over.macKey ?? key, text);
}

const sent = (signature: Buffer | string, over: Partial<Signed> = {}): Signed => ({
  signature: typeof signature === 'string' ? signature : hex(signature).toUpperCase(),
  timestamp: TIMESTAMP,
  nonce: NONCE,
  body: BODY,
  ...over,
});

const digest = hex(mac(KEY, BODY));
const parsed = JSON.parse(BODY);
const ascii = (text: string) =>
  text.replaceAll(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
const python =
  '{"activity": "changeInstanceCheck", "instanceId": "inst-1", "productInfo": {"skuCode": "s/1", "productName": "演示 <商品>", "linearValue": 1.50}, "remark": null, "testFlag": "1"}';
const NONCE_WITH_BLANK = NONCE.replace('+', ' ');

/** Cause that has to be named, and the call that such a signer makes. */
export const WRONG_SIGNERS: readonly (readonly [cause: string, call: Signed])[] = [
  ['key.newline', sent(sign({ key: `${KEY}\n` }))],
  ['key.crlf', sent(sign({ key: `${KEY}\r\n` }))],
  ['key.blank-after', sent(sign({ key: `${KEY} ` }))],
  ['key.blank-before', sent(sign({ key: ` ${KEY}` }))],
  ['key.upper', sent(sign({ key: KEY.toUpperCase() }))],
  ['key.no-hyphens', sent(sign({ key: KEY.replaceAll('-', '') }))],
  ['key.quoted', sent(sign({ key: `"${KEY}"` }))],
  ['key.byte-order-mark', sent(sign({ key: `\ufeff${KEY}` }))],
  ['key.cut', sent(sign({ key: KEY.slice(0, -1) }))],
  ['key.hex-decoded', sent(sign({ key: Buffer.from(KEY.replaceAll('-', ''), 'hex') }))],
  ['key.base64-decoded', sent(sign({ key: Buffer.from(KEY, 'base64') }))],
  ['key.hashed', sent(sign({ key: hex(sha(KEY)) }))],
  ['key.wrong-class', sent(sign({ key: KIT_KEY }))],
  ['key.wrong-class', sent(sign({ key: GENERAL_KEY }))],
  ['digest.plain-sha256', sent(sign({ digest: hex(sha(BODY)) }))],
  ['digest.upper', sent(sign({ digest: digest.toUpperCase() }))],
  ['digest.base64', sent(sign({ digest: mac(KEY, BODY).toString('base64') }))],
  ['digest.raw', sent(sign({ digest: mac(KEY, BODY) }))],
  ['digest.md5', sent(sign({ digest: hex(sha(BODY, 'md5')) }))],
  ['digest.swapped', sent(sign({ digest: hex(mac(BODY, KEY)) }))],
  ['digest.missing', sent(sign({ digest: '' }))],
  ['outer.plain-sha256', sent(sha(KEY + NONCE + TIMESTAMP + digest))],
  ['outer.sha1', sent(mac(KEY, KEY + NONCE + TIMESTAMP + digest, 'sha1'))],
  ['outer.swapped', sent(mac(KEY + NONCE + TIMESTAMP + digest, KEY))],
  ['outer.front-missing', sent(sign({ text: NONCE + TIMESTAMP + digest }))],
  ['outer.nonce-missing', sent(sign({ text: KEY + TIMESTAMP + digest }))],
  ['outer.timestamp-missing', sent(sign({ text: KEY + NONCE + digest }))],
  ['outer.order', sent(sign({ text: KEY + TIMESTAMP + NONCE + digest }))],
  ['outer.separator', sent(sign({ text: [KEY, NONCE, TIMESTAMP, digest].join('&') }))],
  ['outer.v1-key', sent(sign({ macKey: KEY + TIMESTAMP }))],
  ['formula.kit-on-base', sent(sign({ digest: BODY }))],
  ['encoding.base64', sent(sign({}).toString('base64'))],
  ['encoding.base64url', sent(sign({}).toString('base64url'))],
  ['encoding.base64-of-hex', sent(Buffer.from(hex(sign({}))).toString('base64'))],
  ['encoding.cut', sent(hex(sign({})).slice(0, 32))],
  ['nonce.lower', sent(sign({ nonce: NONCE.toLowerCase() }))],
  ['nonce.blank-for-plus', sent(sign({}), { nonce: NONCE_WITH_BLANK })],
  ['nonce.plus-to-blank', sent(sign({ nonce: NONCE_WITH_BLANK }))],
  ['nonce.url-encoded', sent(sign({ nonce: encodeURIComponent(NONCE) }))],
  ['timestamp.signed-in-seconds', sent(sign({ timestamp: TIMESTAMP.slice(0, 10) }))],
  ['timestamp.sent-in-seconds', sent(sign({}), { timestamp: TIMESTAMP.slice(0, 10) })],
  ['body.newline', sent(sign({ payload: `${BODY}\n` }))],
  ['body.trimmed', sent(sign({ payload: BODY }), { body: ` ${BODY}\n` })],
  ['body.byte-order-mark', sent(sign({ payload: `\ufeff${BODY}` }))],
  ['body.compacted', sent(sign({ payload: JSON.stringify(parsed) }))],
  ['body.compacted', sent(sign({ payload: BODY }), { body: python })],
  ['body.spaced', sent(sign({ payload: python }))],
  ['body.spaced-ascii', sent(sign({ payload: ascii(python) }))],
  ['body.pretty', sent(sign({ payload: JSON.stringify(parsed, null, 2).replace('1.5', '1.50') }))],
  ['body.ascii', sent(sign({ payload: ascii(BODY) }))],
  ['body.slashes', sent(sign({ payload: BODY.replaceAll('/', '\\/') }))],
  ['body.html', sent(sign({ payload: BODY.replaceAll('<', '\\u003c').replaceAll('>', '\\u003e') }))],
  [
    'body.descending',
    sent(
      sign({
        payload: `{${['"testFlag":"1"', '"remark":null', '"productInfo":{"skuCode":"s/1","productName":"演示 <商品>","linearValue":1.50}', '"instanceId":"inst-1"', '"activity":"changeInstanceCheck"'].join(',')}}`,
      }),
    ),
  ],
  [
    'body.sorted-deep',
    sent(
      sign({
        payload: BODY.replace(
          /"skuCode":"s\/1","productName":("[^"]*"),"linearValue":1.50/,
          '"linearValue":1.50,"productName":$1,"skuCode":"s/1"',
        ),
      }),
    ),
  ],
  ['body.nulls-dropped', sent(sign({ payload: BODY.replace('"remark":null,', '') }))],
  ['body.base64', sent(sign({ payload: Buffer.from(BODY).toString('base64') }))],
  ['body.quoted', sent(sign({ payload: JSON.stringify(BODY) }))],
  ['body.empty', sent(sign({ payload: '' }))],
  ['body.no-blanks', sent(sign({ payload: BODY.replaceAll(' ', '') }))],
  ['body.url-encoded', sent(sign({ payload: encodeURIComponent(BODY) }))],
  ['body.without-test-flag', sent(sign({ payload: BODY.replace(',"testFlag":"1"', '') }))],
  ['charset.utf-16', sent(sign({ payload: Buffer.from(BODY, 'utf16le') }))],
  ['charset.latin-1', sent(sign({ payload: BODY.replaceAll(/[^\x20-\xff]/g, '?') }))],
  ['charset.twice', sent(sign({ payload: Buffer.from(Buffer.from(BODY).toString('latin1'), 'utf8') }))],
];

/** Two faults at once: no single deviation explains these. */
export const DOUBLY_WRONG: readonly (readonly [name: string, call: Signed])[] = [
  ['another key that nobody gave', sent(sign({ key: 'e5e2c1d0-0000-4000-8000-000000000000' }))],
  ['a key with a line end, and seconds signed', sent(sign({ key: `${KEY}\n`, timestamp: TIMESTAMP.slice(0, 10) }))],
  ['the Kit key, and a plain digest', sent(sign({ key: KIT_KEY, digest: hex(sha(BODY)) }))],
  ['pretty body, and base64', sent(sign({ payload: JSON.stringify(parsed, null, 2) }).toString('base64'))],
  [
    'upper-case key, and descending names',
    sent(
      sign({ key: KEY.toUpperCase(), payload: JSON.stringify(Object.fromEntries(Object.entries(parsed).reverse())) }),
    ),
  ],
  ['the nonce left out, and separators', sent(sign({ text: [KEY, TIMESTAMP, digest].join('&') }))],
  ['lower-case nonce, and the body trimmed', sent(sign({ nonce: NONCE.toLowerCase() }), { body: ` ${BODY}` })],
  [
    'swapped stamps, and a hex-decoded key',
    sent(sign({ key: Buffer.from(KEY.replaceAll('-', ''), 'hex'), timestamp: NONCE, nonce: TIMESTAMP })),
  ],
  [
    'one digit of the signature changed',
    sent(hex(sign({})).replace(/.$/, (digitText) => (digitText === '0' ? '1' : '0'))),
  ],
];
