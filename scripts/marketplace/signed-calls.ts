import { constants, createHmac, createPublicKey, privateDecrypt, publicEncrypt, randomBytes } from 'node:crypto';
import { openValue, sealValue } from './protocol/aes.ts';
import { bodyToken, queryToken } from './protocol/auth-token.ts';
import { beijingMillis, utcMillis } from './protocol/times.ts';

/*
 * The marketplace's side of the seller interfaces, for the demo, for `npm run curl` and for end-to-end tests. Written
 * from the documentation (https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649476.html) and on
 * purpose without KooGate's protocol code: a mistake in one shows in the other.
 */

/** A call ready to be sent: an address that holds for 60 seconds, and the body it was signed over. */
export interface SignedCall {
  readonly url: string;
  readonly body: string;
}

/**
 * Signs a call with a product's access key.
 * @param route address of the product, e.g. `http://127.0.0.1:3000/produce/demo`
 * @param message the body's members; sent compact with ascending names, as the marketplace does
 */
export function signCall(
  route: string,
  key: string,
  message: Readonly<Record<string, unknown>>,
  now: number = Date.now(),
): SignedCall {
  const ascending = Object.entries(message).sort(([a], [b]) => (a < b ? -1 : 1));
  const body = JSON.stringify(Object.fromEntries(ascending));
  const timestamp = String(now);
  const nonce = randomBytes(32).toString('hex').toUpperCase();
  const digest = hmac(key, body).toString('hex');
  const signature = hmac(key, `${key}${nonce}${timestamp}${digest}`).toString('hex').toUpperCase();
  return { url: `${route}?signature=${signature}&timestamp=${timestamp}&nonce=${nonce}`, body };
}

/** A V1.0 call ready to be sent: everything is in its address. */
export interface TokenCall {
  readonly url: string;
}

/**
 * Signs a V1.0 call with a product's access key: GET, `authToken` over the parameters as they are before encoding
 * (https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649135.html).
 */
export function signGet(
  route: string,
  key: string,
  parameters: Readonly<Record<string, string>>,
  now: number = Date.now(),
): TokenCall {
  const signed = Object.entries({ ...parameters, timeStamp: utcMillis(now) });
  const sent = [...signed, ['authToken', queryToken(key, signed)] as const];
  const query = sent.map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return { url: `${route}?${query.join('&')}` };
}

/** Signs a V1.0 call, sends it, and checks the answer's signature. */
export async function get(route: string, key: string, parameters: Readonly<Record<string, string>>): Promise<Answer> {
  return sendGet(signGet(route, key, parameters), key);
}

/** Sends a signed V1.0 call. */
export async function sendGet({ url }: TokenCall, key: string): Promise<Answer> {
  return received(key, url, { method: 'GET', headers: { accept: 'application/json' } });
}

/** A Kit call ready to be sent: what proves its sender stands in its headers. */
export interface KitCall extends SignedCall {
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Signs a Kit call with a product's Kit key: V2 over the payload itself
 * (https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649476.html), V1 as a token over the body's members
 * (https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649159.html).
 * @param message without `timeStamp`, which is Beijing time
 */
export function signKit(
  route: string,
  key: string,
  [version, activity]: readonly ['v2' | 'v1', string],
  message: Readonly<Record<string, unknown>>,
  now: number = Date.now(),
): KitCall {
  const timed = { ...message, timeStamp: beijingMillis(now) };
  const body = JSON.stringify(Object.fromEntries(Object.entries(timed).sort(([a], [b]) => (a < b ? -1 : 1))));
  if (version === 'v1') {
    return { url: `${route}/produceAPI/${activity}`, body, headers: { authToken: bodyToken(key, timed) } };
  }
  const [timestamp, nonce] = [String(now), randomBytes(16).toString('hex')];
  const sign = hmac(key, `${key}${nonce}${timestamp}${body}`).toString('hex').toUpperCase();
  const headers = { 'x-sign': sign, 'x-timestamp': timestamp, 'x-nonce': nonce };
  return { url: `${route}/produceAPI/v2/${activity}`, body, headers };
}

/** Sends a signed Kit call. */
export async function sendKit({ url, body, headers }: KitCall, key: string): Promise<Answer> {
  const content = { accept: 'application/json', 'content-type': 'application/json' };
  return received(key, url, { method: 'POST', headers: { ...content, ...headers }, body });
}

/** Encrypts a client secret for the seller, as Java does by explicit parameters: OAEP with SHA-256 for both hashes. */
export function sealClientSecret(sellersPrivateKey: string, secret: string): string {
  const key = createPublicKey(sellersPrivateKey); // the half that the seller has pasted into the console
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return publicEncrypt({ key, padding, oaepHash: 'sha256' }, Buffer.from(secret)).toString('base64');
}

/** Answer to a call. */
export interface Answer {
  readonly status: number;
  /** The bytes as they came, as text. */
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
  /** The `Body-Sign` header, and whether it is the key's signature of exactly these bytes. */
  readonly bodySign: string | null;
  readonly bodySignHolds: boolean;
  readonly milliseconds: number;
}

/** Signs a call, sends it, and checks the answer's signature with the same key, as the marketplace does. */
export async function call(route: string, key: string, message: Readonly<Record<string, unknown>>): Promise<Answer> {
  return sendCall(signCall(route, key, message), key);
}

/** Sends a signed call. */
export async function sendCall({ url, body }: SignedCall, key: string): Promise<Answer> {
  const headers = { accept: 'application/json', 'content-type': 'application/json;charset=utf8' };
  return received(key, url, { method: 'POST', headers, body });
}

async function received(key: string, url: string, request: RequestInit): Promise<Answer> {
  const started = performance.now();
  const response = await fetch(url, request);
  const bytes = Buffer.from(await response.arrayBuffer());
  const milliseconds = performance.now() - started;
  const bodySign = response.headers.get('body-sign');
  const expected = `sign_type="HMAC-SHA256", signature= "${hmac(key, bytes).toString('base64')}"`;
  return {
    status: response.status,
    text: bytes.toString('utf8'),
    json: parse(bytes.toString('utf8')),
    bodySign,
    bodySignHolds: bodySign === expected,
    milliseconds,
  };
}

/** Opens a credential that was encrypted for the marketplace (RSA OAEP, SHA-256 for both hashes, base64). */
export function openCredential(privateKey: string, cipherText: string): string {
  return privateDecrypt(
    { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
    Buffer.from(cipherText, 'base64'),
  ).toString('utf8');
}

/** Encrypts a buyer's phone or e-mail as V1.0 does (AES-256, key made of the access key). */
export function sealPersonal(accessKey: string, plain: string): string {
  return sealValue(accessKey, '1', plain);
}

/** Opens a user name or password that V1.0 was answered. @throws Error if it cannot be opened */
export function openV1Credential(accessKey: string, encryptType: unknown, value: string): string {
  const plain = openValue(accessKey, encryptType === '2' ? '2' : '1', value);
  if (plain === undefined) throw new Error('the value was not encrypted with this access key');
  return plain;
}

function hmac(key: string, data: string | Buffer): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
