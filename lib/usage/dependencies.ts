import type { Product } from '../config/products.ts';
import type { Log } from '../log.ts';
import type { UsageRecord as PushedRecord } from '../open-api/usage-record.ts';
import type { RecordResult } from '../open-api/usage-results.ts';
import type { Table } from '../table/table.ts';

/**
 * Pushes records of one product, signed with its access key: at most 1000. One result a record.
 * @throws an error whose `code` is the marketplace's, or a word; after it, records may have been taken or not
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649410.html
 */
export type PushUsage = (
  product: string,
  records: readonly PushedRecord[],
  signal?: AbortSignal,
) => Promise<readonly RecordResult[]>;

/** Dependencies of pushing usage. */
export interface UsageDependencies {
  readonly table: Table;
  readonly products: ReadonlyMap<string, Product>;
  readonly pushUsage: PushUsage;
  /** Records a push, 1 to 1000; the documents disagree whether the marketplace takes 1000 or 100. */
  readonly batchSize: number;
  /** Looks whether the table is open; nothing is stored or pushed while it is closed. Absent: it always is. */
  isOpen?(): Promise<boolean>;
  /** Unix milliseconds. */
  clock(): number;
  /** At least 0, below 1. */
  random(): number;
  readonly log: Log;
}
