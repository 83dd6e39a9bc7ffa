/** A usage record as it is sent. */
export type Wire = Readonly<Record<string, unknown>>;

/** A record that was not taken, as the usage push lists it. */
export interface Abnormal {
  readonly metering_sn: unknown;
  readonly error_code: string;
  readonly error_msg: string;
}

/** Usage that the marketplace keeps: each record is charged once, whatever is repeated. */
export interface UsageLedger {
  /** Records that will be charged, by metering number (by instance and interval for the old push). */
  readonly charged: ReadonlyMap<string, Wire>;
  /** Number of records that came again and were not charged again. */
  readonly repeats: number;
  /** From now on records of the instance are refused with this record code; undefined: taken again. */
  refuse(instanceId: string, code: string | undefined): void;
  /** Records taken in one call at most: 1000, or 100 after another version of the documentation. */
  limit: number;
  /** True if a call that fails for some records has taken the others; the documentation leaves it open. */
  takesTheOthers: boolean;
  /** Takes a batch; says what is wrong with single records, or with the whole of it. */
  take(records: readonly Wire[], now: number, isNumbered: boolean): readonly Abnormal[] | 'MKT.9003' | 'MKT.9004';
}

const DAYS_21 = 21 * 86_400_000;

export function createUsageLedger(): UsageLedger {
  const charged = new Map<string, Wire>();
  const intervals = new Set<string>();
  const refused = new Map<string, string>();
  const ledger = {
    charged,
    repeats: 0,
    limit: 1000,
    takesTheOthers: true,
    refuse: (instanceId: string, code: string | undefined) => {
      if (code === undefined) refused.delete(instanceId);
      else refused.set(instanceId, code);
    },
    take: (records: readonly Wire[], now: number, isNumbered: boolean) => {
      if (records.length > ledger.limit) return 'MKT.9003';
      if (records.some(({ begin_time }) => now - (readTime(begin_time) ?? now) > DAYS_21)) return 'MKT.9004';
      const keyOf = (record: Wire) => String(isNumbered ? record.metering_sn : intervalOf(record));
      const batch = new Set<string>();
      const judged = records.map((record) => {
        const [key, interval] = [keyOf(record), intervalOf(record)];
        const isRepeat = charged.has(key) || intervals.has(interval) || batch.has(interval);
        const repeat = isRepeat ? (charged.has(key) ? '005' : '010') : undefined;
        if (isRepeat) ledger.repeats += 1;
        batch.add(interval);
        return { record, code: refused.get(String(record.instance_id)) ?? repeat ?? fault(record, now, isNumbered) };
      });
      const isWhole = judged.every(({ code }) => code === undefined);
      for (const { record, code } of judged) {
        if (code !== undefined || !(isWhole || ledger.takesTheOthers)) continue;
        charged.set(keyOf(record), record);
        intervals.add(intervalOf(record));
      }
      return judged.flatMap(({ record, code }) =>
        code === undefined ? [] : [{ metering_sn: record.metering_sn, error_code: code, error_msg: `record ${code}` }],
      );
    },
  } satisfies UsageLedger;
  return ledger;
}

function intervalOf({ instance_id, begin_time, end_time }: Wire): string {
  return JSON.stringify([instance_id, begin_time, end_time]);
}

/** Finds what is wrong with the record alone. */
function fault(record: Wire, now: number, isNumbered: boolean): string | undefined {
  if (!record.instance_id || String(record.instance_id).startsWith('UNKNOWN')) return '001';
  const [begin, end, made] = [record.begin_time, record.end_time, record.record_time].map(readTime);
  if (begin === undefined || end === undefined || made === undefined) return '002';
  const value = String(record.usage_value);
  if (!/^\d+(\.\d{1,4})?$/.test(value) || Number(value) <= 0) return '003';
  if (isNumbered && !record.metering_sn) return '004';
  return begin > end || end > now ? '011' : undefined;
}

/** `yyyyMMdd'T'HHmmss'Z'` */
function readTime(text: unknown): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(text));
  if (parts === null) return undefined;
  const time = Date.parse(`${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}Z`);
  return Number.isNaN(time) ? undefined : time;
}
