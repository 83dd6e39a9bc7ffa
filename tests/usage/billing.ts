import type { UsageRecord as PushedRecord } from '../../lib/open-api/usage-record.ts';
import { type RecordResult, recordResults } from '../../lib/open-api/usage-results.ts';
import type { PushUsage } from '../../lib/usage/dependencies.ts';

/** What the marketplace does with one push. */
export type Mood =
  /** As documented. */
  | 'fine'
  /** Takes the records, and the answer is lost. */
  | 'answer lost'
  /** Takes the records and says that it has failed. */
  | 'fails after'
  /** Says that it has failed, and took nothing. */
  | 'fails before'
  /** Too many calls. */
  | 'throttles';

/** The marketplace's error, as the client throws it. */
export class PushError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(`The marketplace's usage push answered ${code}.`);
    this.code = code;
  }
}

/** The marketplace's books: takes each metering number once and each period of an instance once. */
export class Billing {
  /** Charged records by instance and period. */
  readonly billed = new Map<string, PushedRecord & { readonly times: number }>();
  readonly pushes: number[] = [];
  duplicates = 0;
  mood: (push: number) => Mood = () => 'fine';
  /** The code that a record is turned down with. */
  objection: (record: PushedRecord) => string | undefined = () => undefined;
  /** Whether records that are not listed are taken when others are listed; else nothing is said of them. */
  takesOthers = true;
  /** The error that one record makes of the whole push. */
  poison: (record: PushedRecord) => string | undefined = () => undefined;
  readonly #numbers = new Set<string>();

  readonly push: PushUsage = async (_product, records): Promise<readonly RecordResult[]> => {
    this.pushes.push(records.length);
    const mood = this.mood(this.pushes.length);
    if (mood === 'throttles') throw new PushError('MKT.0250');
    if (mood === 'fails before') throw new PushError('MKT.0999');
    if (records.length > 1_000) throw new PushError('MKT.9003');
    const poison = records.map(this.poison).find((code) => code !== undefined);
    if (poison !== undefined) throw new PushError(poison);
    const isPartial = !this.takesOthers && records.some((record) => this.objection(record) !== undefined);
    const abnormal = new Map<string, string>();
    for (const record of records) {
      if (isPartial && this.objection(record) === undefined) continue;
      const code = this.#take(record);
      if (code !== undefined) abnormal.set(record.meteringSn, code);
    }
    if (mood === 'fails after') throw new PushError('HTTP 502');
    if (mood === 'answer lost') throw new PushError('timeout');
    return recordResults(records, abnormal, !isPartial);
  };

  /** Sum of what was charged, ten-thousandths, of an instance or of all. */
  sum(instanceId?: string): bigint {
    return [...this.billed.values()]
      .filter((record) => instanceId === undefined || record.instanceId === instanceId)
      .reduce((sum, { usageValue }) => sum + BigInt(Math.round(Number(usageValue) * 10_000)), 0n);
  }

  #take(record: PushedRecord): string | undefined {
    const objection = this.objection(record);
    if (objection !== undefined) return objection;
    const period = `${record.instanceId} ${record.beginTime.toISOString()} ${record.endTime.toISOString()}`;
    if (this.#numbers.has(record.meteringSn)) {
      this.duplicates += 1;
      return '005';
    }
    if (this.billed.has(period)) {
      this.duplicates += 1;
      return '010';
    }
    this.#numbers.add(record.meteringSn);
    this.billed.set(period, { ...record, times: 1 });
    return undefined;
  }
}
