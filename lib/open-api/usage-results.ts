import * as v from 'valibot';
import { RECORD_CODES, type RecordVerdict } from './usage-codes.ts';
import type { UsageRecord } from './usage-record.ts';

/** Result for one record of a push. */
export interface RecordResult {
  readonly meteringSn: string;
  /**
   * `accepted`: taken; a background check may still refuse it, which the seller console shows.
   * `duplicate`: the marketplace has its number, or a record of the same interval, from before. Nothing is charged twice.
   * `refused`: not taken; `code` and `action` say why and what to do.
   * `unsettled`: the call failed for other records; push this one again with the same number.
   */
  readonly outcome: 'accepted' | 'duplicate' | 'refused' | 'unsettled';
  /** Record code, three digits, where the marketplace gave one. */
  readonly code?: string;
  /** For refused records: `wait` and `check-setup` may be pushed again later, `correct` never will be taken. */
  readonly action?: RecordVerdict['action'];
  readonly meaning?: string;
}

const textOrNumber = v.union([v.string(), v.pipe(v.number(), v.transform(String))]);

/** Numbers lose their leading zeros on the way. The member's name is not documented for every site. */
const Entry = v.pipe(
  v.looseObject({
    metering_sn: textOrNumber,
    error_code: v.nullish(textOrNumber),
    code: v.nullish(textOrNumber),
  }),
  v.transform(({ metering_sn, error_code, code }) => ({
    meteringSn: metering_sn,
    code: (error_code ?? code ?? '').padStart(3, '0'),
  })),
);

const UNKNOWN: RecordVerdict = { action: 'correct', meaning: 'refused; look the code up in the documentation' };

/** Content of an answer's list: record codes by metering number, and whether every entry could be read. */
export interface Abnormal {
  readonly codes: ReadonlyMap<string, string>;
  /** False if an entry names no number: then any record that is not named may be the one it was about. */
  readonly isWhole: boolean;
}

/** The records that the answer lists as not taken. */
export function readAbnormal(answer: Readonly<Record<string, unknown>>): Abnormal {
  // The object around the list has no documented name: look beside the code, and one level down.
  const holders = [answer, ...Object.values(answer)];
  const list = holders
    .map((holder) => (Object(holder) as { abnormal_usage_data?: unknown }).abnormal_usage_data)
    .find((found) => Array.isArray(found));
  const read = ((list ?? []) as readonly unknown[]).map((entry) => v.safeParse(Entry, entry));
  return {
    codes: new Map(read.flatMap(({ success, output }) => (success ? [[output.meteringSn, output.code]] : []))),
    isWhole: read.every(({ success }) => success),
  };
}

/**
 * One result a record, in the order of the records.
 * @param isTaken whether the call as a whole succeeded, so that records which are not listed were taken
 */
export function recordResults(
  records: readonly UsageRecord[],
  abnormal: ReadonlyMap<string, string>,
  isTaken: boolean,
): readonly RecordResult[] {
  return records.map(({ meteringSn }) => {
    const code = abnormal.get(meteringSn);
    if (code === undefined) return { meteringSn, outcome: isTaken ? 'accepted' : 'unsettled' };
    const { action, meaning } = (Object.hasOwn(RECORD_CODES, code) ? RECORD_CODES[code] : undefined) ?? UNKNOWN;
    return { meteringSn, outcome: action === 'none' ? 'duplicate' : 'refused', code, action, meaning };
  });
}
