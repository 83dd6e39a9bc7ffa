import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { checkedUrl, ExchangeError, exchange } from '../http.ts';
import { signRequest } from '../protocol/sdk-signature.ts';
import type { AccountKeys } from '../secrets.ts';
import { isSuccess, judge } from './codes.ts';
import type { Fault, MarketplaceError } from './error.ts';
import { type RetryPolicy, type Try, withRetries } from './retry.ts';

/** What calling needs; everything after `clock` has a default. */
export interface OpenApiOptions {
  /** Origin of the open APIs, https (http on loopback alone); see `SITES`. */
  readonly baseUrl: string;
  /** Taken for the next try after a connection failure. */
  readonly fallbackUrl?: string | undefined;
  /** Asked before every try, so that a new pair takes effect at once. */
  keys(): Promise<AccountKeys>;
  clock(): number;
  readonly fetch?: typeof fetch;
  /** Milliseconds for one try. */
  readonly timeout?: number;
  readonly retry?: Partial<RetryPolicy>;
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
}

/** What one call sends. */
export interface OpenApiCall {
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** JSON text; signed and sent as it is. */
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Calls open APIs of the marketplace, signed with the key pair of the seller's account. */
export interface OpenApis {
  /** The members of a successful answer. @throws the API's `failure` */
  call(api: OpenApi, call: OpenApiCall): Promise<Readonly<Record<string, unknown>>>;
}

/** No answer of an open API is near this size. */
const MAX_ANSWER = 1024 * 1024;

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
      return withRetries(policy, call.signal, async (signal) => {
        const result = await tryOnce(options, api, call, hosts[host % hosts.length] ?? hosts[0], signal);
        if ('error' in result && result.unreachable) host += 1;
        return result;
      });
    },
  };
}

type Outcome = Try<Readonly<Record<string, unknown>>> & { readonly unreachable?: boolean };

async function tryOnce(
  options: OpenApiOptions,
  api: OpenApi,
  call: OpenApiCall,
  host: URL | undefined,
  signal: AbortSignal,
): Promise<Outcome> {
  const { title, method } = api;
  const { body } = call;
  const url = new URL(`${api.path}${queryString(call.query ?? {})}`, host);
  const unsigned = {
    method,
    url,
    headers: { 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body }),
  };
  const headers = signRequest(unsigned, await options.keys(), options.clock());
  try {
    const { timeout = 5_000, fetch } = options;
    const answer = await exchange({ ...unsigned, headers, signal, timeout, fetch, limit: MAX_ANSWER });
    return read(api, answer.status, answer.text);
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error;
    // The signal ends with the caller's and with the budget; only the first is a call-off.
    const outOfTime = error.fault === 'aborted' && !call.signal?.aborted;
    const code = outOfTime ? 'timeout' : error.fault;
    const what = outOfTime ? 'the time for all tries is up' : error.message;
    const unreachable = code === 'connection' || code === 'timeout';
    const message = `The marketplace's ${title} failed: ${what}; check the network and the address ${url.origin}.`;
    return { error: new api.failure({ code, permanent: false, message }), retry: unreachable, unreachable };
  }
}

function read(api: OpenApi, status: number, text: string | undefined): Outcome {
  const members = parse(text);
  const { title, failure } = api;
  const given = members?.resultCode ?? members?.error_code ?? undefined;
  if (members !== undefined && status === 200 && isSuccess(given)) return { value: members };
  if (status === 200 && given === undefined) {
    const message = `The marketplace's ${title} gave a malformed answer; check that the address of the open APIs is right.`;
    return { error: new failure({ code: 'malformed', permanent: false, message }), retry: false };
  }
  const { advice, permanent, ...verdict } = judge(status, given);
  // Only codes of the usual form are repeated: the rest of a foreign answer may hold anything.
  const shown = given !== undefined && /^[\w.]{1,32}$/.test(given) ? given : `HTTP ${status}`;
  const message = `The marketplace's ${title} answered ${shown} (HTTP ${status}): ${advice}.`;
  return { error: new failure({ code: shown, permanent, message }), ...verdict };
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
