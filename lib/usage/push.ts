import type { UsageRecord as PushedRecord } from '../open-api/usage-record.ts';
import type { RecordResult } from '../open-api/usage-results.ts';
import type { UsageDependencies } from './dependencies.ts';
import type { UsageRecord } from './item.ts';
import { pushVerdict, recordVerdict } from './verdicts.ts';

/** What one answer settled. */
export interface Settled {
  readonly taken: readonly UsageRecord[];
  readonly turnedDown: readonly TurnedDown[];
}

/** A record that was not taken, and whether it may be later. */
export interface TurnedDown {
  readonly record: UsageRecord;
  readonly code: string;
  readonly reason: string;
  readonly for: 'now' | 'good';
}

/** A push that came to nothing: the records are due as before. */
export interface LeftOver {
  readonly left: readonly UsageRecord[];
  readonly error: unknown;
}

/** What the marketplace takes whatever the page says. */
const SAFE_BATCH = 100;

/**
 * Pushes records of one product and yields what each answer settles, so that it can be written down before the next push.
 * A push that fails for the sake of one record is divided until that record stands alone. Any other failure ends it, with
 * everything that is not settled left over: whether it arrived or not, pushing it again is the same push.
 */
export async function* pushAll(
  { pushUsage }: Pick<UsageDependencies, 'pushUsage'>,
  product: string,
  records: readonly UsageRecord[],
  signal?: AbortSignal,
): AsyncGenerator<Settled | LeftOver, void, undefined> {
  const waiting = [records];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if (part.length === 0) continue;
    let results: readonly RecordResult[];
    try {
      results = await pushUsage(product, part.map(toPushed), signal);
    } catch (error) {
      const code = codeOf(error);
      const verdict = pushVerdict(code);
      const [only] = part;
      if (verdict === 'smaller' && part.length > SAFE_BATCH) {
        waiting.push(...slices(part, SAFE_BATCH));
      } else if ((verdict === 'blame' || verdict === 'divide') && part.length > 1) {
        waiting.push(...halves(part));
      } else if (verdict === 'blame' && only !== undefined) {
        yield { taken: [], turnedDown: [{ record: only, code, reason: reasonOf(error), for: 'good' }] };
      } else {
        yield { left: [part, ...waiting].flat(), error };
        return;
      }
      continue;
    }
    const { open, ...settled } = read(part, results);
    yield settled;
    if (open.length === part.length) {
      yield { left: [open, ...waiting].flat(), error: new Error('The marketplace said nothing of the records.') };
      return;
    }
    waiting.push(open);
  }
}

/** What is open may have been taken or not: it is pushed once more, without the others. */
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

function halves<T>(all: readonly T[]): (readonly T[])[] {
  const middle = Math.ceil(all.length / 2);
  return [all.slice(middle), all.slice(0, middle)];
}

function slices<T>(all: readonly T[], size: number): (readonly T[])[] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, index) => all.slice(index * size, (index + 1) * size));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
