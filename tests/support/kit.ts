import { constants, createHmac, publicEncrypt, randomUUID } from 'node:crypto';
import type { RouteEvent } from '../../lib/middleware/route.ts';
import { type Installation, KEYS, type Received } from './installation.ts';
import { routeEvent } from './route.ts';

type Message = Readonly<Record<string, unknown>>;

/** What may differ from a well-formed, well-signed Kit call. */
export interface KitOptions {
  readonly product?: string;
  readonly version?: 'v2' | 'v1';
  readonly key?: string;
  /** When it was signed, if that is not now. */
  readonly at?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
}

/** A call as the marketplace sends it, signed by code of its own so that a mistake in the product shows. */
export function kitEvent(
  activity: string,
  message: Message | string,
  now: number,
  options: KitOptions = {},
): RouteEvent {
  const { product = 'kit', version = 'v2', key = KEYS.kit[0] ?? '', at = now, query = '' } = options;
  const timed = typeof message === 'string' ? message : { timeStamp: kitTime(at), ...message };
  const body = typeof timed === 'string' ? timed : JSON.stringify(timed);
  const event = routeEvent('', body, { product, now, query });
  const path = `${product}/produceAPI/${version === 'v2' ? 'v2/' : ''}${activity}`;
  const signed =
    version === 'v1'
      ? { authtoken: typeof timed === 'string' ? '' : authToken(key, timed) }
      : xSign(key, body, String(at));
  return {
    ...event,
    rawPath: `/produce/${path}`,
    pathParameters: { product: path },
    headers: { ...event.headers, ...signed, ...options.headers },
  };
}

/** Sends Kit calls to an installation. */
export function kitSender(installation: Installation) {
  return (activity: string, message: Message | string, options: KitOptions = {}): Promise<Received> =>
    installation.deliver(kitEvent(activity, message, installation.time.now, options));
}

/** `yyyyMMddHHmmssSSS`, eight hours ahead of UTC. */
export function kitTime(ms: number): string {
  return new Date(ms + 8 * 3_600_000).toISOString().replace(/\D/g, '');
}

/** A client secret as the console encrypts it, by Node's own padding: one hash for both purposes. */
export function encryptSecret(publicKey: string, secret: string, oaepHash = 'sha256'): string {
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return publicEncrypt({ key: publicKey, padding, oaepHash }, Buffer.from(secret)).toString('base64');
}

function xSign(key: string, body: string, timestamp: string): Record<string, string> {
  const nonce = randomUUID();
  const sign = createHmac('sha256', key).update(`${key}${nonce}${timestamp}${body}`).digest('hex');
  return { 'x-sign': sign.toUpperCase(), 'x-timestamp': timestamp, 'x-nonce': nonce };
}

function authToken(key: string, message: Message): string {
  const text = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));
  const members = Object.entries(message)
    .map(([name, value]) => [name, text(value)] as const)
    .filter(([, value]) => value.trim() !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);
  return createHmac('sha256', key + text(message.timeStamp))
    .update(members.join('&'))
    .digest('base64');
}
