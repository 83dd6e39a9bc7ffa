import { constants, createHmac, privateDecrypt, randomBytes } from 'node:crypto';

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

/** What came back for a call. */
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
  const started = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json;charset=utf8' },
    body,
  });
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
