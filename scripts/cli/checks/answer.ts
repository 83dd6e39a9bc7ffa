import type { Activity, Family } from '../../marketplace/calls/family.ts';
import type { Outcome } from '../../marketplace/calls/send.ts';
import { type Check, fail, type Json, passed, warn } from './check.ts';
import { type ContentOptions, checkContent, type OpenedInstance } from './content.ts';
import { checkResult } from './result.ts';
import { type AnswerKeys, checkSignature, checkSpelling } from './signature.ts';
import { checkTransport, readAnswer } from './transport.ts';

export interface AnswerOptions extends AnswerKeys, ContentOptions {
  /** Codes taken for success; the activity's own unless told. */
  readonly expected?: readonly string[];
  readonly limit?: number;
  /** Overrides what the family asks for. */
  readonly bodySign?: 'required' | 'expected';
}

export interface Judgement {
  readonly passed: boolean;
  readonly checks: readonly Check[];
  /** The answer's members, if it could be read. */
  readonly members?: Json;
  readonly opened: readonly OpenedInstance[];
}

/** Looks at everything that the marketplace, or its documents, look at in an answer. */
export function judgeAnswer(outcome: Outcome, family: Family, activity: Activity, options: AnswerOptions): Judgement {
  const checks = checkTransport(outcome, options.limit);
  if (outcome.kind === 'failure') return { passed: false, checks, opened: [] };
  // The console's list of errors is V1.0's; elsewhere its demands are advice.
  const listed = family.scheme === 'token' && options.test;
  checks.push(checkSignature(outcome, options, options.bodySign ?? family.bodySign), ...checkSpelling(outcome, listed));
  const { checks: readable, members } = readAnswer(outcome);
  checks.push(...readable);
  if (members === undefined) return { passed: false, checks, opened: [] };
  checks.push(...checkResult(members, options.expected ?? (options.test ? ['000000'] : activity.codes), listed));
  const done = members.resultCode === '000000' || (members.resultCode === '000004' && activity.answer === 'instance');
  const content = done ? checkContent(activity.answer, members, options) : { checks: [], opened: [] };
  checks.push(...content.checks, ...asciiCheck(outcome.body));
  return { passed: passed(checks), checks, members, opened: content.opened };
}

/** Chinese in `memo` has to be escaped; elsewhere nothing is said, but escaping everything is safest. */
function asciiCheck(body: Buffer): Check[] {
  if (!body.some((byte) => byte > 0x7e)) return [];
  const memo = /"memo"\s*:\s*"(?:[^"\\]|\\.)*\P{ASCII}/u.test(body.toString('utf8'));
  return [memo ? fail('memo-not-escaped') : warn('not-ascii')];
}
