import type { Key } from '../instances/keys.ts';
import type { Period } from './period.ts';

/**
 * `due`: to be pushed, pushed without a known answer, or turned down for now. `accepted`: the marketplace has it, and it
 * is in the totals. `rejected`: it will not be taken as it is; a corrected report of the period may take its place.
 */
export type UsageState = 'due' | 'accepted' | 'rejected';

/** Metered usage of one on-demand instance in one period. Times are Unix milliseconds. */
export interface UsageRecord extends Key, Period {
  readonly product: string;
  readonly instanceId: string;
  /** Decimal text above zero with at most four decimals. */
  readonly value: string;
  /** The seller's own id of the report. */
  readonly reportId: string;
  /** The package that is charged. */
  readonly packageInstanceId?: string;
  /** When it was stored: `record_time`, the same in every push. */
  readonly storedAt: number;
  readonly state: UsageState;
  /** Number of times that the record was refused and renewed since; part of the metering number. */
  readonly revision: number;
  /** The number by which the marketplace knows one push from another; 32 hexadecimal digits. */
  readonly meteringSn: string;
  /** Both present only while it is due: the sparse index `due`, shards 8 to 15. */
  readonly dueShard?: number;
  readonly dueAt?: number;
  /** Number of pushes that it made fail, one after the other: it waits by itself, longer each time. */
  readonly held?: number;
  /** Reason of the last refusal: a record code, the code of a push, or a code of ours. */
  readonly code?: string;
  readonly reason?: string;
  /** When it was accepted or rejected. */
  readonly endedAt?: number;
}

/** Report that a seller's program writes to the table by itself: the sweep checks it, then records or rejects it. */
export interface WrittenReport extends Key {
  readonly value: unknown;
  readonly id?: unknown;
  readonly packageInstanceId?: unknown;
  readonly dueShard?: number;
  readonly dueAt?: number;
}
