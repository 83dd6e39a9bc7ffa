import { createHmac } from 'node:crypto';
import { answered, type OpenApi, readJson } from './open-api.ts';
import type { UsageLedger, Wire } from './usage-ledger.ts';

/**
 * Usage push, new (https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649410.html). It holds requests to
 * every reading of the documentation: the signature must be that of the bytes received, and those must be compact JSON
 * with ascending names at every depth.
 * @param accessKeys those that the marketplace knows, one a product; without one no push is taken
 */
export function usagePush(ledger: UsageLedger, accessKeys: readonly string[]): OpenApi {
  const nonces = new Set<string>();
  return {
    name: 'usage push',
    method: 'POST',
    path: '/api/mkp-openapi-public/global/v1/isv/usage-data',
    answer: ({ headers, body, now }) => {
      const { ts, nonce, signature } = headers;
      if (typeof ts !== 'string' || typeof nonce !== 'string' || typeof signature !== 'string') {
        return answered(400, 'MKT.0101', 'ts, nonce and signature are mandatory headers');
      }
      const isFresh = /^\d{13}$/.test(ts) && Math.abs(now - Number(ts)) < 15 * 60_000 && !nonces.has(nonce);
      const members = readJson(body);
      const message = Buffer.concat([Buffer.from(`ts=${ts}&nonce=${nonce}&body=`), body]);
      const isSigned = accessKeys.some(
        (key) => signature === createHmac('sha256', key).update(message).digest('base64'),
      );
      if (!isFresh || !isSigned || JSON.stringify(ascending(members)) !== body.toString('utf8')) {
        return answered(400, 'MKT.0102', 'Body signature invalid');
      }
      nonces.add(nonce);
      const records = members?.usage_records;
      if (!Array.isArray(records) || records.length === 0)
        return answered(400, 'MKT.0101', 'usage_records is mandatory');
      const outcome = ledger.take(records as readonly Wire[], now, true);
      if (typeof outcome === 'string') return answered(500, outcome, 'the records cannot be taken');
      if (outcome.length === 0) return answered(200, 'MKT.0000', 'success');
      return answered(200, '94060999', 'some records are abnormal', { abnormal_usage_data: outcome });
    },
  };
}

/** The same value with the names of all its objects ascending. */
function ascending(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ascending);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, member]) => [name, ascending(member)]));
}
