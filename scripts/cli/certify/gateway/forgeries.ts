import { type Finding, found, remark } from '../finding.ts';
import { askServer, type GatewayKind, type GatewayTarget, type GatewayWish, isBilled, statusOf } from './bench.ts';

/*
 * Calls that no gateway has made. Each has one fault; a server that takes it bills, or gives away, what nobody has bought.
 */

const MINUTE_MS = 60_000;

/** A change of the proof's last part, which stands behind the last `=` (APIG) or dot (token). */
const ending = (change: (text: string) => string) => (proof: string) =>
  proof.replace(/[^=.]*$/, (text) => change(text));

const otherDigit = (text: string): string => `${text.slice(0, -2)}${text.endsWith('00') ? '11' : '00'}`;

const BOTH: Readonly<Record<string, GatewayWish>> = {
  'no-proof': { proof: () => undefined },
  'empty-proof': { proof: () => '' },
  'empty-signature': { proof: ending(() => '') },
  'cut-signature': { proof: ending((text) => text.slice(0, 16)) },
  'changed-signature': { proof: ending(otherDigit) },
};

/** A body beyond what was signed. */
const otherBody: GatewayWish['spoil'] = (call) => ({
  ...call,
  ...(call.body && { body: Buffer.concat([call.body, Buffer.from(' ')]) }),
});

const API: Readonly<Record<string, GatewayWish>> = {
  'date-unsigned': { signed: ['host'] },
  'too-old': { shift: -16 * MINUTE_MS },
  'too-early': { shift: 16 * MINUTE_MS },
  'other-body': { spoil: otherBody },
  'other-query': {
    spoil: (call) => ({ ...call, url: `${call.url}${call.url.includes('?') ? '&' : '?'}koogate=1` }),
  },
  'payload-said-unsigned': {
    headers: { 'x-sdk-content-sha256': 'UNSIGNED-PAYLOAD' },
    signed: ['host', 'x-sdk-date'],
    spoil: otherBody,
  },
};

const AGENTS: Readonly<Record<string, GatewayWish>> = {
  'algorithm-none': { token: { header: { alg: 'none' }, digest: '' } },
  'no-signature-part': { proof: (proof) => proof.replace(/\.[^.]*$/, '') },
  'other-algorithm': { token: { header: { alg: 'HS512' }, digest: 'sha512' } },
  'too-old': { shift: -10 * MINUTE_MS },
  'too-old-in-milliseconds': { shift: -10 * MINUTE_MS, token: { unit: 'milliseconds' } },
  'too-early': { shift: 10 * MINUTE_MS },
  'no-time': { token: { payload: { timestamp: undefined, exp: undefined } } },
};

/** Names of the forgeries of a kind. */
export function forgeriesOf(kind: GatewayKind, { key }: Pick<GatewayTarget, 'key'>): ReadonlyMap<string, GatewayWish> {
  const keys = {
    'other-secret': { key: { ...key, secret: `${key.secret.slice(0, -1)}${key.secret.endsWith('~') ? '-' : '~'}` } },
    'other-key': { key: { ...key, name: 'koogate-unknown-key' } },
  };
  return new Map(Object.entries({ ...BOTH, ...keys, ...(kind === 'api' ? API : AGENTS) }));
}

/** Sends a forged call; right is a refusal that is not billed. */
export async function askForged(target: GatewayTarget, id: string, wish: GatewayWish): Promise<Finding[]> {
  const needsBody = id === 'other-body' || id === 'payload-said-unsigned';
  if (needsBody && target.method === 'GET') return [];
  const outcome = await askServer(target, wish);
  if (isBilled(outcome)) return [found(`gateway.${target.kind}.forged.${id}`)];
  const status = statusOf(outcome);
  if (outcome.kind === 'failure' || outcome.status >= 500) return [remark('gateway.crash', { status })];
  return outcome.status === 401 || outcome.status === 403 ? [] : [remark('gateway.refusal-status', { status })];
}
