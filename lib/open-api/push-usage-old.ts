import { sortedJson } from '../protocol/sorted-json.ts';
import { UsagePushError } from './errors.ts';
import { checkBatch } from './invalid.ts';
import type { OpenApi, OpenApis } from './open-api.ts';
import { USAGE_CODES } from './usage-codes.ts';
import { MAX_RECORDS, type OldUsageRecord, PUSH_PATIENCE, usageMembers } from './usage-record.ts';

/** Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649411.html */
const OLD_USAGE_PUSH: OpenApi = {
  title: 'old usage push',
  method: 'POST',
  path: '/rest/marketplace/v1/isv/usage-data',
  failure: UsagePushError,
  codes: USAGE_CODES,
};

/**
 * Reports usage by the older API, which knows no metering numbers: a repeated record is recognised by its begin and end
 * alone, and refused records show in the seller console only. Use `pushUsage` where the product allows.
 * @throws UsagePushError
 */
export async function pushUsageOld(
  openApis: OpenApis,
  records: readonly OldUsageRecord[],
  signal?: AbortSignal,
): Promise<void> {
  checkBatch(OLD_USAGE_PUSH, records, MAX_RECORDS, 'records');
  const wire = records.map((record) => ({ ...usageMembers(record), product_id: record.productId }));
  await openApis.call(OLD_USAGE_PUSH, { body: sortedJson({ usage_records: wire }), patience: PUSH_PATIENCE, signal });
}
