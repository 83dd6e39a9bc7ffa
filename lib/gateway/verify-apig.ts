import { hash } from 'node:crypto';
import { sdkSignature, stringToSign } from '../protocol/sdk-signature.ts';
import { type ReceivedRequest, receivedCanonical } from './canonical.ts';
import { UnverifiedError } from './error.ts';
import { equalTexts, type GivenKeys, secretsOf } from './keys.ts';

/** Signing of APIG, and the settings of its verification. */
export interface ApigOptions {
  /** Signature keys that are bound to the API. */
  readonly keys: GivenKeys;
  /** Type of the signature keys. Marketplace products have `hmac`, the default; `basic` is for dedicated instances. */
  readonly type?: 'hmac' | 'basic' | undefined;
  /** Name of the header with the signature, `Authorization` unless the instance has another. */
  readonly header?: string | undefined;
  /** Headers that must be signed beside `X-Sdk-Date`, for instance `host`. */
  readonly requiredHeaders?: readonly string[] | undefined;
}

/** Proof that a call comes from APIG. */
export interface ApigProof {
  /** Name of the signature key. */
  readonly key: string;
  /** Headers that the signature covers, in lower case. */
  readonly signedHeaders: readonly string[];
}

/** Largest difference of the clocks, in milliseconds. */
const WINDOW_MS = 15 * 60_000;

/** Characters that a secret of each type has at least: what the gateway itself demands. */
const LEAST_SECRET = { hmac: 16, basic: 8 };

const FORM = /^SDK-HMAC-SHA256\s+Access=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

const DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

const CONTENT_HASH = 'x-sdk-content-sha256';

const UNSIGNED = 'UNSIGNED-PAYLOAD';

/**
 * Verifies the signature of APIG. The body is asked for last, when all else but the signature is in order.
 * @param now Unix milliseconds
 * @throws UnverifiedError
 */
export async function verifyApig(
  request: ReceivedRequest,
  body: () => Promise<Uint8Array>,
  options: ApigOptions,
  now: number,
): Promise<ApigProof> {
  const credential = request.header(options.header ?? 'authorization');
  if (credential === undefined) throw new UnverifiedError('credential-missing');
  return options.type === 'basic'
    ? await verifyBasic(credential, options.keys)
    : await verifyHmac(credential, { request, body, options, now });
}

interface SignedCall {
  readonly request: ReceivedRequest;
  readonly body: () => Promise<Uint8Array>;
  readonly options: ApigOptions;
  readonly now: number;
}

async function verifyHmac(credential: string, { request, body, options, now }: SignedCall): Promise<ApigProof> {
  const [, key = '', list = '', signature = ''] = FORM.exec(credential.trim()) ?? [];
  if (key === '') throw new UnverifiedError('credential-form');
  const signed = list.split(';').map((name) => name.toLowerCase());
  const secrets = await secretsOf(options.keys, key, LEAST_SECRET.hmac);
  if (secrets.length === 0) throw new UnverifiedError('key-unknown');
  const date = checkedDate(request, signed, now);
  for (const name of options.requiredHeaders ?? []) {
    if (!signed.includes(name.toLowerCase())) throw new UnverifiedError('header-unsigned');
  }
  if (signed.some((name) => (request.header(name) ?? '') === '')) throw new UnverifiedError('header-missing');
  const coversNoBody = signed.includes(CONTENT_HASH) && request.header(CONTENT_HASH) === UNSIGNED;
  const bodyHash = coversNoBody ? UNSIGNED : hash('sha256', await body());
  const text = stringToSign(date, receivedCanonical(request, signed, bodyHash));
  if (!secrets.some((secret) => equalTexts(sdkSignature(secret, text), signature))) {
    throw new UnverifiedError('signature');
  }
  return { key, signedHeaders: signed };
}

function checkedDate(request: ReceivedRequest, signed: readonly string[], now: number): string {
  if (!signed.includes('x-sdk-date')) throw new UnverifiedError('date-unsigned');
  const date = request.header('x-sdk-date')?.trim() ?? '';
  const time = Date.parse(date.replace(DATE, '$1-$2-$3T$4:$5:$6Z'));
  if (!DATE.test(date) || Number.isNaN(time)) throw new UnverifiedError('date-form');
  if (Math.abs(now - time) > WINDOW_MS) throw new UnverifiedError('date-outside');
  return date;
}

async function verifyBasic(credential: string, keys: GivenKeys): Promise<ApigProof> {
  const [, encoded] = /^Basic\s+([A-Za-z0-9+/]+={0,2})$/i.exec(credential.trim()) ?? [];
  const pair = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  if (colon < 1) throw new UnverifiedError('credential-form');
  const key = pair.slice(0, colon);
  const secrets = await secretsOf(keys, key, LEAST_SECRET.basic);
  if (secrets.length === 0) throw new UnverifiedError('key-unknown');
  if (!secrets.some((secret) => equalTexts(secret, pair.slice(colon + 1)))) throw new UnverifiedError('signature');
  return { key, signedHeaders: [] };
}
