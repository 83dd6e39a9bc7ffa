import { answered, type OpenApi, readJson } from './open-api.ts';
import type { UsageLedger, Wire } from './usage-ledger.ts';

/**
 * Usage push, old (https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649411.html). What is wrong with a
 * record shows in the seller console alone.
 */
export function oldUsagePush(ledger: UsageLedger): OpenApi {
  return {
    name: 'old usage push',
    method: 'POST',
    path: '/rest/marketplace/v1/isv/usage-data',
    answer: ({ body, now }) => {
      const records = readJson(body)?.usage_records;
      if (!Array.isArray(records) || records.length === 0 || records.some(({ product_id }) => !product_id)) {
        return answered(400, 'MKT.0101', 'usage_records with product_id is mandatory');
      }
      const outcome = ledger.take(records as readonly Wire[], now, false);
      if (typeof outcome === 'string') return answered(500, outcome, 'the records cannot be taken');
      return answered(200, 'MKT.0000', 'success');
    },
  };
}
