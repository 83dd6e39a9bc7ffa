import { createHash, createHmac } from 'node:crypto';
import { canonical } from '../signature.ts';

/*
 * Signatures by which the two gateways prove a call to the seller's server, written from the documentation and on
 * purpose without KooGate's own verification: a mistake in one shows in the other.
 * APIG: https://support.huaweicloud.com/devg-apig/apig-dev-180307034.html; Agents: sp_topic_0000236 of the
 * marketplace's user manual.
 */

/** Key that the seller entered at the gateway: signature key and secret, or APP Key and Secret. */
export interface GatewayKey {
  readonly name: string;
  readonly secret: string;
}

/** A call before it is signed. */
export interface PlainCall {
  readonly method: string;
  /** Path and query, as they are sent. */
  readonly target: string;
  /** Names in lower case, `host` among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Headers of a call with APIG's signature; all given ones and the date are signed, unless `signed` names others. */
export function signApig(
  call: PlainCall,
  { name, secret }: GatewayKey,
  now: number,
  signed?: readonly string[],
): Record<string, string> {
  const date = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const headers: Record<string, string> = { ...call.headers, 'x-sdk-date': date };
  const names = [...(signed ?? Object.keys(headers))].sort();
  const hashed = createHash('sha256')
    .update(canonical({ ...call, headers }, names))
    .digest('hex');
  const signature = createHmac('sha256', secret).update(`SDK-HMAC-SHA256\n${date}\n${hashed}`).digest('hex');
  const list = names.join(';');
  return {
    ...headers,
    authorization: `SDK-HMAC-SHA256 Access=${name}, SignedHeaders=${list}, Signature=${signature}`,
  };
}

/** Parts of a token that may differ from a right one. */
export interface TokenParts {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly payload?: Readonly<Record<string, unknown>>;
  /** Digest of the signature; empty for none at all. */
  readonly digest?: 'sha256' | 'sha512' | '';
  /** Unit of `exp`, which no page names. */
  readonly unit?: 'seconds' | 'milliseconds';
}

/** Milliseconds for which a token holds. */
const LIFE_MS = 5 * 60_000;

/** Token of the Agents gateway. */
export function agentsToken({ name, secret }: GatewayKey, now: number, parts: TokenParts = {}): string {
  const { digest = 'sha256', unit = 'seconds' } = parts;
  const exp = unit === 'seconds' ? Math.floor((now + LIFE_MS) / 1_000) : now + LIFE_MS;
  const head = [
    { alg: 'HS256', sign_type: 'SIGN', ...parts.header },
    { api_key: name, timestamp: now, exp, ...parts.payload },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${head}.${digest === '' ? '' : createHmac(digest, secret).update(head).digest('base64url')}`;
}
