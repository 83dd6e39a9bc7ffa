import * as v from 'valibot';
import { type Answer, checkedUrl, ExchangeError, exchange } from '../http.ts';
import { type AccountKeysLike, signRequest } from '../protocol/sdk-signature.ts';
import { instanceKeys } from './instance-keys.ts';
import { retried } from './retry.ts';
import { SecretsUnavailable, type Unavailability } from './secrets.ts';
import type { Source } from './source.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Bytes of an answer that are read at most; a secret has up to 64 KB, and JSON escapes it. */
const MOST_BYTES = 262_144;

/** Milliseconds that our clock may differ before it is corrected; the gateway takes 15 minutes. */
const SKEW_MS = 60_000;

const NAME = /^[\w.-]{1,64}$/;

/** Errors by which the service says that a secret is not there, or about to be deleted. */
const MISSING = /^CSMS\.(0005|0103|0106|0107)$/;

const Fault = v.object({ error_code: v.string() });
const Secret = v.object({ version: v.object({ secret_string: v.string() }) });

/** Place of secrets in the Cloud Secret Management Service. */
export interface CsmsPlace {
  readonly endpoint: URL;
  readonly project: string;
  /** Beginning of the names of the installation's secrets. */
  readonly prefix: string;
}

/** Clock, chance and keys of the service's caller. */
export interface CsmsOptions {
  /** Unix milliseconds. Default `Date.now`. */
  readonly now?: () => number;
  /** Between 0 and 1, for the jitter. Default `Math.random`. */
  readonly random?: () => number;
  /** Another address of the metadata service, for tests. */
  readonly metadata?: string;
}

/**
 * Reads an address of the form `csms://<region>/<project id>/<prefix>`; `?endpoint=https://…` names another endpoint, such
 * as that of a VPC.
 * @throws Error that says what was expected
 */
export function csmsPlace(address: string): CsmsPlace {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const [, project = '', prefix = '', rest] = url?.pathname.split('/') ?? [];
  const isWhole = url?.protocol === 'csms:' && /^[a-z0-9-]+$/.test(url.hostname) && /^\w{1,64}$/.test(project);
  if (!isWhole || !NAME.test(prefix) || rest !== undefined) {
    throw new Error(
      'KOOGATE_SECRETS begins with csms:// but is not csms://<region>/<project id>/<prefix>, such as ' +
        'csms://cn-north-4/0123456789abcdef0123456789abcdef/my-shop-prod.',
    );
  }
  const domain = url.hostname === 'eu-west-101' ? 'myhuaweicloud.eu' : 'myhuaweicloud.com';
  const usual = `https://kms.${url.hostname}.${domain}`;
  return { endpoint: checkedUrl(url.searchParams.get('endpoint') ?? usual, 'endpoint'), project, prefix };
}

/** Name of a document in the service, which knows no slash: `products/crm` becomes `<prefix>.products.crm`. */
export function csmsName({ prefix }: CsmsPlace, name: string): string {
  return `${prefix}.${name.replaceAll('/', '.')}`;
}

/** Sends signed requests to the service. */
export type CallCsms = (method: 'GET' | 'POST', path: string, body?: object) => Promise<Answer>;

/**
 * Signs calls with our own AK/SK code, since the vendor has no SDK for this service on npm. The keys are the temporary ones
 * of the server's agency, or those of `HUAWEICLOUD_SDK_AK`, `HUAWEICLOUD_SDK_SK` and `HUAWEICLOUD_SDK_SECURITY_TOKEN`, as the
 * vendor's tools call them. A wrong clock is corrected, keys that have expired are fetched anew, and what passes is repeated.
 * @throws ExchangeError without an answer; Error without keys
 */
export function csmsCaller(place: CsmsPlace, env: Environment, options: CsmsOptions = {}): CallCsms {
  const { now = Date.now, random = Math.random, metadata } = options;
  const temporary = instanceKeys(now, metadata);
  let offset = 0;

  async function send(method: 'GET' | 'POST', path: string, body: string | undefined, signal: AbortSignal) {
    const keys = keysOf(env) ?? (await temporary.get(signal));
    const url = new URL(`/v1/${place.project}/secrets${path}`, place.endpoint);
    const unsigned = { method, url, headers: { 'Content-Type': 'application/json' }, ...(body && { body }) };
    const headers = signRequest(unsigned, keys, now() + offset);
    const answer = await exchange({ ...unsigned, headers, signal, limit: MOST_BYTES });
    if (isTransient(answer)) throw new Busy(answer);
    return answer;
  }

  /** Sets our clock by the server's, and forgets temporary keys: either may be why the signature was refused. */
  function mend({ date }: Answer): void {
    const difference = Date.parse(date ?? '') - (now() + offset);
    if (Math.abs(difference) > SKEW_MS) offset += difference;
    temporary.forget();
  }

  return async (method, path, body) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const attempt = async (signal: AbortSignal) => {
      const answer = await send(method, path, text, signal);
      if (answer.status !== 401) return answer;
      mend(answer);
      return send(method, path, text, signal);
    };
    try {
      return await retried(attempt, { isTransient: (error) => error instanceof Busy || isLost(error), random });
    } catch (error) {
      if (error instanceof Busy) return error.answer;
      throw error;
    }
  };
}

/**
 * Secrets of the Cloud Secret Management Service of Huawei Cloud, each read by itself: the service has no reading of many.
 * Source: https://support.huaweicloud.com/intl/en-us/api-dew/ShowSecretVersion.html
 * @throws Error at once if the address is unfit; the source throws SecretsUnavailable.
 */
export function csmsSource(address: string, env: Environment, options: CsmsOptions = {}): Source {
  const place = csmsPlace(address);
  const call = csmsCaller(place, env, options);
  return async (name) => {
    const secret = csmsName(place, name);
    if (!NAME.test(secret)) {
      throw new SecretsUnavailable(
        `The secret "${secret}" has more than 64 characters: take a shorter prefix.`,
        'unfit',
      );
    }
    const answer = await call('GET', `/${secret}/versions/latest`).catch((error: unknown) => {
      const fault = error instanceof ExchangeError ? error.fault : undefined;
      const why = fault ?? (error instanceof Error ? error.message : 'no answer');
      throw new SecretsUnavailable(`The secret "${secret}" cannot be read (${why}); the next call asks again.`);
    });
    const text = latestText(answer);
    if (text === undefined) throw refused(secret, answer);
    return text;
  };
}

/** An answer after which the same call may succeed in a moment. */
class Busy extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super('busy');
    this.answer = answer;
  }
}

function isTransient({ status }: Answer): boolean {
  return status === 429 || status >= 500;
}

function isLost(error: unknown): boolean {
  return error instanceof ExchangeError && (error.fault === 'connection' || error.fault === 'aborted');
}

function keysOf(env: Environment): AccountKeysLike | undefined {
  const { HUAWEICLOUD_SDK_AK: ak, HUAWEICLOUD_SDK_SK: sk, HUAWEICLOUD_SDK_SECURITY_TOKEN: token } = env;
  if (!ak || !sk) return undefined;
  return { accessKeyId: ak, secretAccessKey: sk, ...(token ? { securityToken: token } : {}) };
}

/** Gives the text of the latest version; undefined if the answer holds none. */
export function latestText({ status, text }: Answer): string | undefined {
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), Secret), text);
  return status === 200 && read.success ? read.output.version.secret_string : undefined;
}

/** Tells whether the service answered that there is no such secret. */
export function isMissing(answer: Answer): boolean {
  return answer.status === 404 || MISSING.test(faultCode(answer));
}

/** Gives the service's code for a refusal, such as CSMS.0106; nothing else of an answer is repeated. */
export function faultCode({ status, text }: Answer): string {
  const fault = v.safeParse(v.pipe(v.string(), v.parseJson(), Fault), text);
  return fault.success && /^[\w.]{1,36}$/.test(fault.output.error_code) ? fault.output.error_code : `HTTP ${status}`;
}

function refused(secret: string, answer: Answer): SecretsUnavailable {
  const code = faultCode(answer);
  const isGone = isMissing(answer);
  const reason: Unavailability = isGone || answer.status === 403 ? 'gone' : 'unreachable';
  const advice = isGone
    ? 'write it with "npx koogate parameters", and check KOOGATE_SECRETS.'
    : (ADVICE[answer.status] ?? 'the service does not answer as it should; the next call asks again.');
  return new SecretsUnavailable(`The secret "${secret}" cannot be read (${code}): ${advice}`, reason);
}

/** Advice by the status. */
const ADVICE: Readonly<Record<number, string>> = {
  401: 'the keys were refused: look at the agency of the server.',
  403: "give the server's agency csms:secret:getVersion and kms:dek:decrypt on it.",
};
