import { createHmac } from 'node:crypto';
import { UnverifiedError } from './error.ts';
import { equalTexts, type GivenKeys, secretsOf } from './keys.ts';

/** Token of the Agents gateway, and the settings of its verification. */
export interface AgentsOptions {
  /** APP Secrets by APP Key, as they were entered when the service was registered. */
  readonly keys: GivenKeys;
  /** Name of the header with the token, bare or after `Bearer`; `Authorization` by default. */
  readonly header?: string | undefined;
}

/** Proof that a call comes from the Agents gateway. */
export interface AgentsProof {
  /** The APP Key. */
  readonly key: string;
}

/** Life of a token in milliseconds, counted from its `timestamp`. */
const LIFE_MS = 5 * 60_000;

/** Difference of the clocks that is forgiven, in milliseconds. */
const SKEW_MS = 60_000;

/** Characters that an APP Secret has at least. */
const LEAST_SECRET = 16;

/** Largest `exp` in seconds; anything above is in milliseconds. */
const MOST_SECONDS = 1e11;

/**
 * Verifies the token of the Agents gateway: HS256 alone, `timestamp` always, `exp` in seconds or milliseconds.
 * @param credential the header's value
 * @param now Unix milliseconds
 * @throws UnverifiedError
 */
export async function verifyAgents(credential: string | undefined, keys: GivenKeys, now: number): Promise<AgentsProof> {
  if (credential === undefined) throw new UnverifiedError('credential-missing');
  const token = credential.trim().replace(/^Bearer\s+/i, '');
  const [, head = '', payload = '', signature = ''] = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(token) ?? [];
  const header = decoded(head);
  const claims = decoded(payload);
  const key = claims.api_key;
  if (typeof key !== 'string') throw new UnverifiedError('credential-form');
  if (header.alg !== 'HS256' || (header.sign_type ?? 'SIGN') !== 'SIGN') throw new UnverifiedError('algorithm');
  const secrets = await secretsOf(keys, key, LEAST_SECRET);
  if (secrets.length === 0) throw new UnverifiedError('key-unknown');
  const expected = (secret: string) => createHmac('sha256', secret).update(`${head}.${payload}`).digest('base64url');
  if (!secrets.some((secret) => equalTexts(expected(secret), signature))) throw new UnverifiedError('signature');
  checkTimes(claims, now);
  return { key };
}

/** An `exp` in milliseconds that is read as seconds never expires, so the time of issue decides as well. */
function checkTimes({ timestamp, exp }: Readonly<Record<string, unknown>>, now: number): void {
  if (!isTime(timestamp) || (exp !== undefined && !isTime(exp))) throw new UnverifiedError('date-form');
  if (timestamp > now + SKEW_MS || timestamp < now - LIFE_MS - SKEW_MS) throw new UnverifiedError('date-outside');
  const end = exp === undefined ? timestamp + LIFE_MS : exp > MOST_SECONDS ? exp : exp * 1_000;
  if (end < now - SKEW_MS) throw new UnverifiedError('date-outside');
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function decoded(part: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // no JSON: refused below
  }
  throw new UnverifiedError('credential-form');
}
