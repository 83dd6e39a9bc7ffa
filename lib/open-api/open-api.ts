import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { checkedUrl, ExchangeError, type ExchangeFault, exchange, type StreamedBody } from '../http.ts';
import { signRequest } from '../protocol/sdk-signature.ts';
import type { AccountKeys } from '../secrets/secrets.ts';
import { type Action, type Codes, isSuccess, judge } from './codes.ts';
import type { Fault, MarketplaceError } from './error.ts';
import { type RetryPolicy, type Try, withRetries } from './retry.ts';

/** Dependencies and options of calling; everything after `clock` has a default. */
export interface OpenApiOptions {
  /** Origin of the open APIs, https (http on loopback alone); see `SITES`. */
  readonly baseUrl: string;
  /** Taken for the next try after a connection failure. */
  readonly fallbackUrl?: string | undefined;
  /** Asked before every try, so that a new pair takes effect at once. */
  keys(): Promise<AccountKeys>;
  clock(): number;
  readonly fetch?: typeof fetch | undefined;
  /** Milliseconds for one try. */
  readonly timeout?: number | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
}

/** One of the open APIs. */
export interface OpenApi {
  /** For error texts: "the order query". */
  readonly title: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** The error type its callers know. */
  readonly failure: new (
    fault: Fault,
  ) => MarketplaceError;
  /** Codes it has beside the common ones. */
  readonly codes?: Codes;
  /** Codes that its caller reads for itself, as if they said success. */
  readonly results?: readonly string[];
}

/** A body that is read while it is sent, and its digest, which must be known before. */
export interface SignedStream extends StreamedBody {
  /** Lower-case hex SHA-256 of all its bytes. */
  readonly sha256: string;
}

/** Content of one call's request. */
export interface OpenApiCall {
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** JSON text, or a stream; signed and sent as it is. */
  readonly body?: string | SignedStream;
  readonly contentType?: string;
  /** Headers made anew for every try. @param now Unix milliseconds */
  headers?(now: number): Readonly<Record<string, string>>;
  /** Milliseconds that each try gets beyond the usual time, since there is more to carry or to work through. */
  readonly patience?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Calls open APIs of the marketplace, signed with the key pair of the seller's account. */
export interface OpenApis {
  /** The members of a successful answer. @throws the API's `failure` */
  call(api: OpenApi, call: OpenApiCall): Promise<Readonly<Record<string, unknown>>>;
}

/** No answer of an open API is near this size. */
const MAX_ANSWER_BYTES = 1024 * 1024;

const POLICY: RetryPolicy = {
  tries: 3,
  budget: 12_000,
  pause: 250,
  random: Math.random,
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
};

const code = v.nullish(v.union([v.string(), v.pipe(v.number(), v.transform(String))]));
/** The order query says resultCode, later APIs and the gateway error_code. */
const Envelope = v.looseObject({ resultCode: code, error_code: code });

/** Connects with a site of the marketplace. @throws Error naming the setting if an address is not https */
export function createOpenApis(options: OpenApiOptions): OpenApis {
  const hosts = [checkedUrl(options.baseUrl, 'The address of the open APIs (KOOGATE_OPENAPI_URL)')];
  if (options.fallbackUrl !== undefined) hosts.push(checkedUrl(options.fallbackUrl, 'The fall-back address'));
  const policy = { ...POLICY, ...options.retry };
  return {
    call(api, call) {
      let host = 0;
      let uncertain = false;
      const budget = policy.budget + policy.tries * (call.patience ?? 0);
      return withRetries({ ...policy, budget }, call.signal, async (signal) => {
        const result = await tryOnce(options, api, call, hosts[host % hosts.length] ?? hosts[0], signal);
        if ('value' in result) return result;
        if (result.unreachable) host += 1;
        const { fault, ...others } = result;
        uncertain ||= fault.uncertain ?? false;
        return { ...others, error: new api.failure({ ...fault, uncertain }) };
      });
    },
  };
}

type Outcome =
  | { readonly value: Readonly<Record<string, unknown>> }
  | (Omit<Extract<Try<never>, { error: unknown }>, 'error'> & {
      readonly fault: Fault;
      readonly unreachable?: boolean;
    });

async function tryOnce(
  options: OpenApiOptions,
  api: OpenApi,
  call: OpenApiCall,
  host: URL | undefined,
  signal: AbortSignal,
): Promise<Outcome> {
  const { body, contentType = 'application/json' } = call;
  const url = new URL(`${api.path}${queryString(call.query ?? {})}`, host);
  const keys = await options.keys();
  const now = options.clock();
  const unsigned = { method: api.method, url, headers: { 'Content-Type': contentType, ...call.headers?.(now) } };
  const signed = body === undefined ? {} : typeof body === 'string' ? { body } : { bodyHash: body.sha256 };
  const headers = signRequest({ ...unsigned, ...signed }, keys, now);
  const timeout = (options.timeout ?? 5_000) + (call.patience ?? 0);
  const isSent = !signal.aborted;
  try {
    const sent = { ...unsigned, headers, ...(body === undefined ? {} : { body }) };
    const answer = await exchange({ ...sent, signal, timeout, fetch: options.fetch, limit: MAX_ANSWER_BYTES });
    return read(api, answer.status, answer.text);
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error;
    // The signal ends with the caller's and with the budget; only the first is a call-off.
    const isLate = error.fault === 'aborted' && !call.signal?.aborted;
    const fault = isLate ? 'timeout' : error.fault;
    const what = isLate ? 'the time for all tries is up' : error.message;
    const { action, advice } = HANDLING[fault] ?? NETWORK;
    const unreachable = fault === 'connection' || fault === 'timeout';
    const message = `The marketplace's ${api.title} failed: ${what}; check ${advice.replace('*', url.origin)}.`;
    const uncertain = isSent && action === 'retry';
    return { fault: { code: fault, permanent: false, message, action, uncertain }, retry: unreachable, unreachable };
  }
}

const NETWORK: { readonly action: Action; readonly advice: string } = {
  action: 'retry',
  advice: 'the network and the address *',
};

/** Faults that leave no doubt whether the request has taken effect. */
const HANDLING: Readonly<Partial<Record<ExchangeFault, typeof NETWORK>>> = {
  redirect: { action: 'check-setup', advice: 'the address *' },
  unreadable: { action: 'check-setup', advice: 'the file' },
  insecure: { action: 'check-setup', advice: 'the environment' },
};

function read(api: OpenApi, status: number, text: string | undefined): Outcome {
  const members = parse(text);
  const { title } = api;
  const given = members?.resultCode ?? members?.error_code ?? undefined;
  if (members !== undefined && given !== undefined) {
    // Success with the status of a fault contradicts itself, so it is asked again.
    if (status >= 200 && status < 300 && isSuccess(given)) return { value: members };
    if (api.results?.includes(given)) return { value: members };
  }
  if (status === 200 && given === undefined) {
    const message = `The marketplace's ${title} gave a malformed answer; check that the address of the open APIs is right.`;
    const fault = { code: 'malformed', permanent: false, message, action: 'check-setup' as const, uncertain: true };
    return { fault, retry: false };
  }
  const { advice, permanent, action, uncertain = false, ...verdict } = judge(status, given, api.codes);
  // Only codes of the usual form are repeated: the rest of a foreign answer may hold anything.
  const shown = given !== undefined && /^[\w.]{1,32}$/.test(given) ? given : `HTTP ${status}`;
  const message = `The marketplace's ${title} answered ${shown} (HTTP ${status}): ${advice}.`;
  return { fault: { code: shown, permanent, message, action, uncertain }, ...verdict };
}

function parse(text: string | undefined): v.InferOutput<typeof Envelope> | undefined {
  try {
    const { success, output } = v.safeParse(Envelope, JSON.parse(text ?? ''));
    return success ? output : undefined;
  } catch {
    return undefined;
  }
}

/** RFC 3986 throughout: a blank is %20, never +, since the signature is over decoded and re-encoded values. */
function queryString(query: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(query)
    .filter((pair): pair is [string, string] => pair[1] !== undefined)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}
