/**
 * Pushes records of one product so that no record holds back another.
 *
 * A push that fails for anything but transport is divided until single records stand alone with their failure. Such a
 * record is a suspect: if any other record has been taken, or has failed otherwise, the failure is its own, and it is
 * turned down by itself. If a number of suspects fail alike and nothing else was ever heard, records of other instances
 * are tried next; when these fail alike too it is the account that is in trouble, and all records are left as they were.
 */
import type { UsageRecord as PushedRecord } from '../open-api/usage-record.ts';
import type { RecordResult } from '../open-api/usage-results.ts';
import type { UsageDependencies } from './dependencies.ts';
import type { UsageRecord } from './item.ts';
import { halves, probesFirst, slices } from './parts.ts';
import { type PushVerdict, pushVerdict, recordVerdict } from './verdicts.ts';

/** Records that one answer settled. */
export interface Settled {
  readonly taken: readonly UsageRecord[];
  readonly turnedDown: readonly TurnedDown[];
}

/**
 * A record that was not taken. `good`: it will never be; `now`: it is due again later, under another number; `held`: it
 * made its push fail, and waits by itself under the number it has.
 */
export interface TurnedDown {
  readonly record: UsageRecord;
  readonly code: string;
  readonly reason: string;
  readonly for: 'now' | 'good' | 'held';
}

/** A push that came to nothing: the records are due as before. */
export interface LeftOver {
  readonly left: readonly UsageRecord[];
  readonly error: unknown;
  /** No record of the product can be pushed now. */
  readonly isAccount: boolean;
}

/** State that divides pushes: mutable, so that one run's products share it. */
export interface Budget {
  /** Further pushes that dividing may cost. */
  pushes: number;
}

/** Number of records that the marketplace takes in one push, whatever the page says. */
const SAFE_BATCH = 100;
/** Records alone that fail alike, without anything else heard, after which other instances are tried. */
const SUSPECTS_BEFORE_PROBES = 4;
/** Records alone that fail alike, without anything else heard, that make it the account's trouble. */
const SUSPECTS_OF_AN_ACCOUNT = 12;

/** Pushes that dividing may cost in a run: with a second for each there is time left in a function's ten minutes. */
export const DIVIDING_PUSHES = 250;

/**
 * Pushes records of one product and yields what each answer settles, so that it can be written down before the next push.
 * What is not settled is left over: whether it arrived or not, pushing it again is the same push.
 */
export async function* pushAll(
  { pushUsage }: Pick<UsageDependencies, 'pushUsage'>,
  product: string,
  records: readonly UsageRecord[],
  { signal, budget = { pushes: DIVIDING_PUSHES } }: { readonly signal?: AbortSignal; readonly budget?: Budget } = {},
): AsyncGenerator<Settled | LeftOver, void, undefined> {
  const suspects = new Suspects();
  let waiting: (readonly UsageRecord[])[] = [records];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if (part.length === 0) continue;
    const answer = await answerTo(pushUsage, product, part, signal);
    if ('settled' in answer) {
      if (isHeard(answer.settled)) yield* suspects.clear();
      yield answer.settled;
      waiting.push(answer.open);
      continue;
    }
    const { verdict, error, code } = answer;
    const [only] = part;
    if (verdict === 'stop' || (part.length > 1 && budget.pushes <= 0)) {
      yield* suspects.end();
      yield { left: [part, ...waiting, suspects.left()].flat(), error, isAccount: false };
      return;
    }
    budget.pushes -= 1;
    if (verdict === 'smaller' && part.length > SAFE_BATCH) waiting.push(...slices(part, SAFE_BATCH));
    else if (part.length > 1) waiting.push(...halves(part));
    else if (only !== undefined) {
      yield* suspects.add({ record: only, code, verdict, error });
      if (suspects.count === SUSPECTS_BEFORE_PROBES) waiting = probesFirst(waiting.flat(), suspects.instances);
      if (suspects.count < SUSPECTS_OF_AN_ACCOUNT) continue;
      yield { left: [...suspects.left(), ...waiting.flat()], error, isAccount: true };
      return;
    }
  }
  yield* suspects.end();
  const left = suspects.left();
  if (left.length > 0) yield { left, error: suspects.error, isAccount: true };
}

interface Suspect {
  readonly record: UsageRecord;
  readonly code: string;
  readonly verdict: PushVerdict;
  readonly error: unknown;
}

/** Records that failed alone, all alike, before anything else was heard; afterwards each is judged at once. */
class Suspects {
  #waiting: Suspect[] = [];
  #isOtherHeard = false;

  /** Those that wait for a judgement. */
  get count(): number {
    return this.#waiting.length;
  }

  get instances(): ReadonlySet<string> {
    return new Set(this.#waiting.map(({ record }) => record.instanceId));
  }

  get error(): unknown {
    return this.#waiting[0]?.error;
  }

  *add(suspect: Suspect): Generator<Settled> {
    const [first] = this.#waiting;
    this.#waiting.push(suspect);
    if (this.#isOtherHeard || (first !== undefined && first.code !== suspect.code)) yield* this.clear();
  }

  /** Something else was heard: each of them failed for itself. */
  *clear(): Generator<Settled> {
    this.#isOtherHeard = true;
    if (this.#waiting.length === 0) return;
    yield { taken: [], turnedDown: this.#waiting.map(judged) };
    this.#waiting = [];
  }

  /** Nothing else is to come: what speaks of the account is left, the others are judged. */
  *end(): Generator<Settled> {
    if (this.#waiting.some(({ verdict }) => verdict !== 'account')) yield* this.clear();
  }

  /** Their records. */
  left(): readonly UsageRecord[] {
    return this.#waiting.map(({ record }) => record);
  }
}

function judged({ record, code, verdict, error }: Suspect): TurnedDown {
  return { record, code, reason: reasonOf(error), for: verdict === 'blame' ? 'good' : 'held' };
}

type Answer =
  | { readonly settled: Settled; readonly open: readonly UsageRecord[] }
  | { readonly verdict: PushVerdict; readonly code: string; readonly error: unknown };

/** Pushes a part. An answer that says nothing of any record is a failure as well: one of them may be the cause. */
async function answerTo(
  pushUsage: UsageDependencies['pushUsage'],
  product: string,
  part: readonly UsageRecord[],
  signal: AbortSignal | undefined,
): Promise<Answer> {
  try {
    const { open, ...settled } = read(part, await pushUsage(product, part.map(toPushed), signal));
    if (open.length < part.length) return { settled, open };
    const error = new Error('The marketplace said nothing of the records.');
    return { verdict: 'hold', code: 'unanswered', error };
  } catch (error) {
    const code = codeOf(error);
    return { verdict: pushVerdict(code), code, error };
  }
}

function isHeard({ taken, turnedDown }: Settled): boolean {
  return taken.length + turnedDown.length > 0;
}

/** Sorts records by result. What is open may have been taken or not: it is pushed once more, without the others. */
function read(part: readonly UsageRecord[], results: readonly RecordResult[]): Settled & { open: UsageRecord[] } {
  const bySn = new Map(results.map((result) => [result.meteringSn, result]));
  const taken: UsageRecord[] = [];
  const open: UsageRecord[] = [];
  const turnedDown: TurnedDown[] = [];
  for (const record of part) {
    const result = bySn.get(record.meteringSn) ?? { meteringSn: record.meteringSn, outcome: 'unsettled' };
    const verdict = recordVerdict(result);
    if (verdict === 'taken') taken.push(record);
    else if (verdict === 'open') open.push(record);
    else {
      const { code = 'refused', meaning: reason = 'refused without a reason' } = result;
      turnedDown.push({ record, code, reason, for: verdict === 'never' ? 'good' : 'now' });
    }
  }
  return { taken, turnedDown, open };
}

function toPushed({
  instanceId,
  storedAt,
  begin,
  end,
  value,
  meteringSn,
  packageInstanceId,
}: UsageRecord): PushedRecord {
  const [recordTime, beginTime, endTime] = [new Date(storedAt), new Date(begin), new Date(end)];
  const pushed = { instanceId, recordTime, beginTime, endTime, usageValue: value, meteringSn };
  return packageInstanceId === undefined ? pushed : { ...pushed, packageInstanceId };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
