import type { Family } from '../../../marketplace/calls/family.ts';
import { presets } from '../../../marketplace/calls/presets.ts';
import { checkBodySign } from '../../../marketplace/protocol/body-sign.ts';
import { converse, type Exchange, type Wish } from '../../conversation.ts';
import type { Target } from '../../terminal/target.ts';
import { codeOf, type Finding, found, remark } from '../finding.ts';

/** A family under test, with a harmless debugging call to vary. */
export interface Bench {
  readonly target: Target;
  readonly family: Family;
  readonly activity: string;
  /** True if the server signs its successes: then its refusals have to be signed too. */
  readonly signs: boolean;
}

/** One question put to a server, apart from the cases that the console asks for. */
export interface Conduct {
  readonly id: string;
  readonly ask: (bench: Bench) => Promise<Conducted>;
}

export interface Conducted {
  readonly findings: readonly Finding[];
  readonly exchanges: readonly Exchange[];
}

/** Sends the bench's debugging call, varied. */
export function send(
  { target, family, activity }: Bench,
  wish: Wish = {},
  other: string = activity,
): Promise<Exchange> {
  return converse(target, family, other, { ...wish, subject: { ...presets(family, true), ...wish.subject } });
}

/** The call has to succeed. @param name finding if it does not */
export async function accepted(
  bench: Bench,
  name: string,
  wish: Wish,
  severity?: Finding['severity'],
  other?: string,
): Promise<Conducted> {
  const exchange = await send(bench, wish, other);
  const good = succeeded(exchange);
  const finding = { ...found(name, { code: codeOf(exchange) }), ...(severity && { severity }) };
  return { exchanges: [exchange], findings: good ? [] : [finding] };
}

/** The call has to be refused: HTTP 200, JSON, one of the codes, signed like everything else. @param name finding if it was accepted */
export async function refused(
  bench: Bench,
  name: string,
  codes: readonly string[],
  wish: Wish,
  other?: string,
): Promise<Conducted> {
  const exchange = await send(bench, { ...wish, expected: codes }, other);
  if (succeeded(exchange)) return { exchanges: [exchange], findings: [found(name)] };
  return { exchanges: [exchange], findings: refusalFindings(bench, exchange, codes) };
}

/** Tells whether the answer reports success, whatever else is wrong with it. */
export function succeeded({ judgement }: Exchange): boolean {
  const code = judgement.members?.resultCode;
  return code === '000000' || code === '000004';
}

/** Finds what is wrong with the form of a refusal: status, JSON, result code, signature. */
export function refusalFindings({ signs, target }: Bench, exchange: Exchange, codes: readonly string[]): Finding[] {
  const { outcome, judgement } = exchange;
  if (outcome.kind === 'failure') return [found('finding.no-refusal', { reason: outcome.reason })];
  const findings: Finding[] = [];
  if (outcome.status >= 500 || judgement.checks.some(({ id }) => id === 'stack-trace'))
    findings.push(found('finding.crash', { status: outcome.status }));
  else if (outcome.status !== 200) findings.push(found('finding.refusal-status', { status: outcome.status }));
  if (judgement.members === undefined) return [...findings, found('finding.refusal-not-json')];
  const code = codeOf(exchange);
  if (!codes.includes(code)) findings.push(remark('finding.refusal-code', { code, expected: codes.join(' / ') }));
  const signature = judgement.checks.find(({ id }) => id.startsWith('body-sign'));
  if (signs && signature?.id === 'body-sign-missing') findings.push(found('finding.refusal-unsigned'));
  else if (signature !== undefined && !signature.id.endsWith('-missing') && !signedSomehow(target, exchange)) {
    findings.push(found('finding.refusal-missigned', undefined, signature.causes));
  }
  return findings;
}

/** Of a call that no key verified a server cannot know the class: any of its keys may sign the refusal. */
function signedSomehow({ ring }: Target, { outcome }: Exchange): boolean {
  if (outcome.kind === 'failure') return false;
  const { body, headers } = outcome;
  return Object.values(ring).some((keys) =>
    keys.some((key) => checkBodySign(key, body, headers['body-sign']) === 'holds'),
  );
}
