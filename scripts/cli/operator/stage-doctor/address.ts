import { lookup as resolve } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { readCertificate } from '../../../../lib/operations/certificate.ts';
import { type Answer, sendCall } from '../../../marketplace/calls/send.ts';
import { causeOf, type DoctorFinding, findingsOf } from './finding.ts';
import type { Visit, VisitedAddress } from './visit.ts';

const { good, todo, advice, unknown } = findingsOf('address');

/** Days before its end on which a certificate should have been renewed, and on which somebody has to see to it. */
const RENEWED_DAYS = 25;
const URGENT_DAYS = 10;
/** Milliseconds that the clocks of both sides may differ: the first is watched by servers, the second ends signatures. */
const CLOCK_MS = 5_000;
const SIGNATURE_MS = 50_000;
/** Milliseconds by which `Date`, which has whole seconds, may be off by itself. */
const DATE_MS = 1_000;
/** Milliseconds that an answer may take; the marketplace waits five seconds. */
const SLOW_MS = 1_000;
const TOO_SLOW_MS = 3_000;
/** Calls of the bare domain. */
const TRIES = 3;
/** Milliseconds after which a call of the bare domain ends. */
const WAIT_MS = 10_000;

const PRIVATE = new BlockList();
for (const [net, bits] of [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  PRIVATE.addSubnet(net, bits);
}
PRIVATE.addAddress('::1', 'ipv6');
PRIVATE.addSubnet('fc00::', 7, 'ipv6');
PRIVATE.addSubnet('fe80::', 10, 'ipv6');

/** Looks at the public address from here: name, certificate, the bare domain, the time it takes, its clock. */
export async function checkAddress(visit: Visit): Promise<readonly DoctorFinding[]> {
  const { origin, from } = await visit.address();
  if (origin === undefined) return [todo('unset', { stage: visit.stage.name })];
  const url = new URL(origin);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const named = await nameOf(host, visit.options.lookup ?? resolveAll);
  const known = good(`from-${from}`, { address: origin });
  if (named.some(({ state }) => state === 'todo')) return [known, ...named];
  return [known, ...named, ...(await certificateOf(url, host, visit)), ...(await bareDomain(visit, origin, from))];
}

async function resolveAll(host: string): Promise<readonly string[]> {
  return (await resolve(host, { all: true })).map(({ address }) => address);
}

async function nameOf(
  host: string,
  lookup: (host: string) => Promise<readonly string[]>,
): Promise<readonly DoctorFinding[]> {
  let found: readonly string[];
  try {
    found = isIP(host) > 0 ? [host] : await lookup(host);
  } catch (error) {
    const { code } = Object(error);
    if (code === 'ENOTFOUND' || code === 'ENODATA') return [todo('no-name', { host })];
    return [unknown('name-unseen', { host, cause: causeOf(error) })];
  }
  if (found.length === 0) return [todo('no-name', { host })];
  const values = { host, addresses: found.slice(0, 4).join(', ') };
  if (isIP(host) > 0) return [advice('bare-ip', { host })];
  if (found.every((one) => PRIVATE.check(one, isIP(one) === 6 ? 'ipv6' : 'ipv4'))) return [advice('private', values)];
  if (found.every((one) => isIP(one) === 6)) return [advice('only-ipv6', values)];
  return [good('name', values)];
}

async function certificateOf(url: URL, host: string, { now, options }: Visit): Promise<readonly DoctorFinding[]> {
  if (url.protocol === 'http:') return [todo('no-tls', { address: url.origin })];
  const ca = options.ca === undefined ? {} : { ca: options.ca };
  const port = Number(url.port || 443);
  let seen: Awaited<ReturnType<typeof readCertificate>>;
  try {
    seen = await readCertificate({ host, port, now, ...ca });
  } catch (error) {
    return [todo('no-handshake', { host, cause: causeOf(error) })];
  }
  const { protocol, daysLeft, refusal, names, issuer, validTo } = seen;
  const end = new Date(validTo).toISOString().slice(0, 10);
  const trust = refusal === undefined ? [] : [todo('untrusted', { host, cause: refusal, names: names.join(', ') })];
  const tls = /^TLSv1\.[23]$/.test(protocol) ? good('tls', { protocol }) : todo('old-tls', { protocol });
  const values = { days: daysLeft, end, issuer };
  if (daysLeft < 0) return [tls, ...trust, todo('certificate-over', values)];
  if (daysLeft < URGENT_DAYS) return [tls, ...trust, todo('certificate-ends', values)];
  return [tls, ...trust, daysLeft < RENEWED_DAYS ? advice('certificate-soon', values) : good('certificate', values)];
}

/** Calls `GET /`, which the seller console tries, and learns from the answers how long they take and what time it is. */
async function bareDomain(
  { place, stage, options }: Visit,
  origin: string,
  from: VisitedAddress['from'],
): Promise<readonly DoctorFinding[]> {
  const { clock } = place.terminal;
  const answers: { readonly answer: Answer; readonly before: number; readonly after: number }[] = [];
  for (let tries = 0; tries < TRIES; tries += 1) {
    const before = clock();
    const outcome = await sendCall(
      { method: 'GET', url: `${origin}/`, headers: { accept: '*/*' } },
      { wait: WAIT_MS, ...(options.ca !== undefined && { ca: options.ca }) },
    );
    if (outcome.kind === 'answer') answers.push({ answer: outcome, before, after: clock() });
    else if (answers.length === 0) {
      const refused = outcome.reason === 'certificate'; // said already
      return refused ? [unknown('root-unseen')] : [todo('no-answer', { address: origin, cause: outcome.detail })];
    }
  }
  const [first] = answers;
  if (first === undefined) return [];
  const { status } = first.answer;
  const isGateway = stage.host === 'aws' && from === 'stack' && status === 404;
  return [
    status === 200 ? good('root') : isGateway ? advice('root-gateway') : todo('root-refused', { status }),
    tookOf(answers.map(({ answer }) => answer.milliseconds)),
    ...clockOf(answers),
  ];
}

function tookOf(all: readonly number[]): DoctorFinding {
  const milliseconds = Math.min(...all); // the first may wake a function, the least is the way there and back
  if (milliseconds >= TOO_SLOW_MS) return todo('too-slow', { milliseconds });
  return milliseconds >= SLOW_MS ? advice('slow', { milliseconds }) : good('latency', { milliseconds });
}

/** Compares the header `Date` with this machine's clock, as far as the way and whole seconds let one tell. */
function clockOf(
  all: readonly { readonly answer: Answer; readonly before: number; readonly after: number }[],
): readonly DoctorFinding[] {
  const offsets = all.flatMap(({ answer, before, after }) => {
    const date = Date.parse(answer.headers.date ?? '');
    if (Number.isNaN(date)) return [];
    return [date > after ? date - after : Math.max(0, before - (date + DATE_MS)) * -1];
  });
  if (offsets.length === 0) return [unknown('no-date')];
  const offset = offsets.reduce((least, one) => (Math.abs(one) < Math.abs(least) ? one : least));
  const seconds = (Math.abs(offset) / 1_000).toFixed(1);
  if (Math.abs(offset) > SIGNATURE_MS) return [todo('clock-wrong', { seconds })];
  return [Math.abs(offset) > CLOCK_MS ? advice('clock-off', { seconds }) : good('clock', { seconds })];
}
