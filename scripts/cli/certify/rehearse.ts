import { familyNamed } from '../../marketplace/calls/families.ts';
import { presets } from '../../marketplace/calls/presets.ts';
import { newSubject, type Subject } from '../../marketplace/calls/subject.ts';
import { converse, type Exchange } from '../conversation.ts';
import type { Target } from '../terminal/target.ts';
import { codeOf, type Finding, findingsOf, found } from './finding.ts';
import type { RequiredCase } from './matrix.ts';
import { seededRandom, shuffled } from './shuffle.ts';

/** One sending of a case. */
export interface Run {
  /** `alone`, `again` right after it, or `order 1`, `order 2` … */
  readonly round: string;
  readonly exchange: Exchange;
  readonly findings: readonly Finding[];
}

export interface CaseResult {
  readonly required: RequiredCase;
  readonly runs: readonly Run[];
}

export interface RehearsalOptions {
  readonly seed: number;
  readonly orders: number;
  /** Called before each sending. */
  readonly onStep: (id: string) => void;
}

/** A case as the console saves it: its parameters never change again, stamps and signatures do. */
interface SavedCase {
  readonly required: RequiredCase;
  readonly subject: Partial<Subject>;
  readonly runs: Run[];
}

/**
 * Sends each case alone and again, then all of them in random orders: dial tests replay saved cases for ever, in any
 * order, for instances that never existed, and expect the same answer each time.
 */
export async function rehearse(
  target: Target,
  cases: readonly RequiredCase[],
  options: RehearsalOptions,
): Promise<CaseResult[]> {
  const saved = cases.map(save);
  for (const one of saved) {
    for (const round of ['alone', 'again']) await runCase(target, one, round, options);
  }
  const random = seededRandom(options.seed);
  for (let order = 1; order <= options.orders; order += 1) {
    for (const one of shuffled(saved, random)) await runCase(target, one, `order ${order}`, options);
  }
  return saved.map(({ required, runs }) => ({ required, runs }));
}

function save(required: RequiredCase): SavedCase {
  const family = familyNamed(required.family);
  const {
    now: _,
    seal: _seal,
    sealSecret: _sealSecret,
    ...subject
  } = newSubject(presets(family, true, required.charging));
  return { required, runs: [], subject: { ...subject, instanceId: `koogate-${subject.businessId}` } };
}

async function runCase(target: Target, saved: SavedCase, round: string, options: RehearsalOptions): Promise<void> {
  const { required, subject, runs } = saved;
  options.onStep(required.id);
  const exchange = await converse(target, familyNamed(required.family), required.activity, {
    subject,
    ...(required.members && { members: required.members }),
  });
  runs.push({ round, exchange, findings: [...findingsOf(exchange), ...compare(runs[0]?.exchange, exchange, round)] });
}

/** A repeat has to answer as the first call did. */
function compare(first: Exchange | undefined, exchange: Exchange, round: string): Finding[] {
  if (first === undefined || !first.judgement.passed) return [];
  if (!exchange.judgement.passed) {
    return [
      found(round === 'again' ? 'finding.repeat-refused' : 'finding.order-dependent', { code: codeOf(exchange) }),
    ];
  }
  const [before, after] = [essence(first), essence(exchange)];
  if (before.instanceId !== after.instanceId) return [found('finding.new-id-each-time')];
  return before.rest === after.rest ? [] : [found('finding.answer-changed')];
}

/** Picks what may not change from answer to answer: ids, and login data in the clear. Message texts may. */
function essence({ judgement }: Exchange): { instanceId: unknown; rest: string } {
  const { instanceId, info } = judgement.members ?? {};
  const ids = Array.isArray(info) ? info.map((entry) => Object(entry).instanceId) : [];
  return { instanceId, rest: JSON.stringify([ids, judgement.opened]) };
}
