import { formatSdkDate } from '../protocol/times.ts';

/** Usage of an instance in an interval. Times are sent in UTC, with whole seconds. */
export interface Usage {
  /** Instance of the on-demand purchase, never of a package. */
  readonly instanceId: string;
  /** When the record was made. */
  readonly recordTime: Date;
  /** The same begin and end again for an instance count as a duplicate. */
  readonly beginTime: Date;
  readonly endTime: Date;
  /**
   * Above zero, at most four decimals. Sent as given: a text as a text (China), a number as a number (a page of the
   * international site asks for that).
   */
  readonly usageValue: string | number;
  /** Instance of the package to charge; needed for packages that stop when used up. */
  readonly packageInstanceId?: string | undefined;
}

/** A record of the new usage push. */
export interface UsageRecord extends Usage {
  /** The seller's own number of the record. The same number again is not charged again: keep it when repeating. */
  readonly meteringSn: string;
}

/** A record of the old usage push. */
export interface OldUsageRecord extends Usage {
  readonly productId: string;
}

/** Records in one call at most; one version of the documentation says 100. */
export const MAX_RECORDS = 1000;

/** Each try of a push gets this many milliseconds more: many records take the marketplace a while. */
export const PUSH_PATIENCE = 10_000;

/** The members that both usage pushes send. @throws RangeError for a time that is none */
export function usageMembers(usage: Usage): Readonly<Record<string, unknown>> {
  return {
    instance_id: usage.instanceId,
    record_time: formatSdkDate(usage.recordTime.getTime()),
    begin_time: formatSdkDate(usage.beginTime.getTime()),
    end_time: formatSdkDate(usage.endTime.getTime()),
    usage_value: usage.usageValue,
    relate_pkg_instance: usage.packageInstanceId,
  };
}
