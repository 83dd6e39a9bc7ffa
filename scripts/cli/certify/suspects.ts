import { type PreparedCall, prepareCall, withQuery } from '../../marketplace/calls/prepare.ts';
import { presets } from '../../marketplace/calls/presets.ts';
import { sendCall } from '../../marketplace/calls/send.ts';
import { type Drafted, draftCall, judged } from '../conversation.ts';
import type { Variant } from '../doctor/cause.ts';
import { readQueryParameters } from '../doctor/read/seen.ts';
import { deviantSignatures } from '../doctor/signature.ts';
import { deviantTokens } from '../doctor/token.ts';
import { type Bench, succeeded } from './conduct/bench.ts';
import { type Finding, found } from './finding.ts';

/*
 * Search for the fault of a server that refuses everything. The right signature is then the wrong question; so wrong
 * ones are tried, each with one fault: the fault that the server takes for right is the fault that it has.
 */

/** Mistakes that servers make; mistakes that only callers make are not tried. */
const WORTH_TRYING = /^(digest|outer|formula|key|encoding|token|timestamp)\./;

/** Whole hours by which a clock is off where local time is taken for UTC, or UTC for local time; China's first. */
const HOURS = [8, -8, ...[1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12].flatMap((hours) => [hours, -hours])];

/** Tries wrong signatures until one is taken. Nothing if none is. */
export async function findSuspect(bench: Bench, onStep: (id: string) => void): Promise<Finding[]> {
  const drafted = draftCall(bench.target, bench.family, bench.activity, { subject: presets(bench.family, true) });
  for (const { value: call, ...cause } of deviants(bench, drafted)) {
    onStep(cause.id);
    const outcome = await sendCall(call, { insecure: bench.target.insecure, wait: 6_000 });
    const exchange = judged(bench.target, bench.family, bench.activity, { ...drafted, call }, outcome);
    if (succeeded(exchange)) return [found('finding.server-takes', undefined, [cause])];
  }
  return [];
}

function deviants(bench: Bench, drafted: Drafted): Variant<PreparedCall>[] {
  const { family, target } = bench;
  if (family.scheme === 'token') return tokenDeviants(bench, drafted);
  if (family.scheme === 'token-header') return [];
  const [timestamp, nonce] = stampOf(drafted.call);
  const { members, key } = drafted;
  const signedAt = (now: number) => prepareCall({ family, activity: bench.activity, members, at: target.at, key, now });
  const post = {
    scheme: family.scheme === 'headers' ? ('kit' as const) : ('query' as const),
    keyClass: family.keyClass,
    stamp: { timestamp, nonce },
    body: drafted.call.body ?? Buffer.alloc(0),
  };
  const lower = {
    id: 'server.lower-case-only',
    value: withSignature(drafted.call, (signature) => signature.toLowerCase()),
  };
  const others = deviantSignatures(post, drafted.key, target.ring).filter(({ id }) => WORTH_TRYING.test(id));
  return [
    { id: 'server.reads-seconds', value: signedAt(Math.floor(Date.now() / 1000)) },
    ...HOURS.map((hours) => ({
      id: 'server.hours-off',
      about: `${hours > 0 ? '+' : '−'}${Math.abs(hours)}`,
      value: signedAt(Date.now() + hours * 3_600_000),
    })),
    lower,
    ...others.flatMap(({ value, ...cause }) =>
      /^[0-9a-f]+$/i.test(value)
        ? [value.toUpperCase(), value.toLowerCase()].map((text) => ({
            ...cause,
            value: withSignature(drafted.call, () => text),
          }))
        : [{ ...cause, value: withSignature(drafted.call, () => value) }],
    ),
  ];
}

function tokenDeviants({ family, target }: Bench, { call, key }: Drafted): Variant<PreparedCall>[] {
  const parameters = readQueryParameters(call.url);
  const deviant = deviantTokens({ keyClass: family.keyClass, parameters, blanks: 'kept' }, key, target.ring);
  return deviant.map(({ value, ...cause }) => {
    const pairs = parameters.map(({ name, value: text }): [string, string] => [
      name,
      name === 'authToken' ? value : text,
    ]);
    return { ...cause, value: { ...call, url: withQuery(target.at, Object.fromEntries(pairs)) } };
  });
}

function stampOf(call: PreparedCall): [timestamp: string, nonce: string] {
  const read = (name: string) =>
    readQueryParameters(call.url).find((one) => one.name === name)?.value ?? call.headers[`x-${name}`] ?? '';
  return [read('timestamp'), read('nonce')];
}

function withSignature(call: PreparedCall, change: (signature: string) => string): PreparedCall {
  const sign = call.headers['x-sign'];
  if (sign !== undefined) return { ...call, headers: { ...call.headers, 'x-sign': change(sign) } };
  return {
    ...call,
    url: call.url.replace(
      /signature=([^&]*)/,
      (_, signature: string) => `signature=${encodeURIComponent(change(signature))}`,
    ),
  };
}
