import { randomUUID } from 'node:crypto';
import { sortedJson } from '../protocol/sorted-json.ts';
import { signUsagePush } from '../protocol/usage-signature.ts';
import { isSuccess, numberOf } from './codes.ts';
import { UsagePushError } from './errors.ts';
import { checkBatch, invalid } from './invalid.ts';
import type { OpenApi, OpenApis } from './open-api.ts';
import { USAGE_CODES } from './usage-codes.ts';
import { MAX_RECORDS, PUSH_PATIENCE, type UsageRecord, usageMembers } from './usage-record.ts';
import { type RecordResult, readAbnormal, recordResults } from './usage-results.ts';

/** The code that comes with a list of refused records. */
const RECORDS_REFUSED = '94060999';
const BODY_SIGNATURE_REFUSED = '0102';

/** Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649410.html */
const USAGE_PUSH: OpenApi = {
  title: 'usage push',
  method: 'POST',
  path: '/api/mkp-openapi-public/global/v1/isv/usage-data',
  failure: UsagePushError,
  codes: USAGE_CODES,
  results: [RECORDS_REFUSED],
};

/**
 * Reports usage. A record whose answer was lost is pushed again with the same metering number: it is charged once.
 * @param accessKeys of the base interfaces, newest first; the next is tried when one is refused
 * @returns one result a record, in their order: records are refused one by one, without an error
 * @throws UsagePushError if the call as a whole was not taken
 */
export async function pushUsage(
  openApis: OpenApis,
  accessKeys: readonly string[],
  records: readonly UsageRecord[],
  signal?: AbortSignal,
): Promise<readonly RecordResult[]> {
  checkBatch(USAGE_PUSH, records, MAX_RECORDS, 'records');
  if (new Set(records.map(({ meteringSn }) => meteringSn)).size < records.length) {
    throw invalid(USAGE_PUSH, 'was given a metering number twice; each record needs its own');
  }
  const wire = records.map((record) => ({ ...usageMembers(record), metering_sn: record.meteringSn }));
  const answer = await push(openApis, accessKeys, sortedJson({ usage_records: wire }), signal);
  const isTaken = isSuccess(codeOf(answer));
  const { codes, isWhole } = readAbnormal(answer);
  if (!isTaken && codes.size === 0) throw listMissing();
  return recordResults(records, codes, isTaken && isWhole);
}

async function push(
  openApis: OpenApis,
  [accessKey, ...older]: readonly string[],
  body: string,
  signal: AbortSignal | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  if (accessKey === undefined) throw invalid(USAGE_PUSH, 'needs the access key of the base interfaces');
  const headers = (now: number) => {
    const signed = { ts: String(now), nonce: randomUUID(), body };
    return { ts: signed.ts, nonce: signed.nonce, signature: signUsagePush(accessKey, signed) };
  };
  try {
    return await openApis.call(USAGE_PUSH, { body, headers, patience: PUSH_PATIENCE, signal });
  } catch (error) {
    const isRefused = error instanceof UsagePushError && numberOf(error.code) === BODY_SIGNATURE_REFUSED;
    if (!isRefused || older.length === 0) throw error;
    return push(openApis, older, body, signal);
  }
}

function codeOf({ resultCode, error_code }: Readonly<Record<string, unknown>>): string {
  return String(error_code ?? resultCode);
}

function listMissing(): UsagePushError {
  const message = `The marketplace's usage push answered ${RECORDS_REFUSED} without saying which records it refuses; look into the seller console, and push again with the same numbers.`;
  return new UsagePushError({ code: RECORDS_REFUSED, permanent: false, action: 'query', uncertain: true, message });
}
