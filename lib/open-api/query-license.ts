import { LicenseError } from './errors.ts';
import { checkBatch } from './invalid.ts';
import { LICENSE_CODES } from './license-codes.ts';
import { type LicenseInfo, type LicenseStatus, readLicenseInfo } from './license-info.ts';
import type { OpenApi, OpenApis } from './open-api.ts';

/** Licence codes in one call at most. */
export const MAX_LICENSES = 100;

/**
 * The paths say heartbeat, as the APIs were called before.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649245.html
 */
const LICENSE_QUERY: OpenApi = {
  title: 'licence query',
  method: 'POST',
  path: '/api/mkp-openapi-public/global/v1/license/heartbeat',
  failure: LicenseError,
  codes: LICENSE_CODES,
};

const LICENSE_BATCH_QUERY: OpenApi = {
  ...LICENSE_QUERY,
  path: '/api/mkp-openapi-public/global/v2/license/heartbeat',
};

/** User of the license; retired, but older integrations may go on sending it. */
export interface Heartbeat {
  readonly thirdPartyAccount: string;
  readonly ip?: string;
}

/** A licence code whose state is known. */
export interface QueriedLicense extends LicenseInfo {
  readonly status: LicenseStatus;
}

/** Reads the state of one licence code (v1). The marketplace asks for it at the first use of each day. @throws LicenseError */
export async function queryLicense(
  openApis: OpenApis,
  license: string,
  options: { readonly heartbeat?: Heartbeat | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<QueriedLicense> {
  const body = JSON.stringify({ license, heartbeatInfo: options.heartbeat });
  const { data } = await openApis.call(LICENSE_QUERY, { body, signal: options.signal });
  const info = readLicenseInfo(data);
  if (info?.status === undefined) throw malformed(LICENSE_QUERY, 'data.status');
  if (info.license !== undefined && info.license !== license) throw malformed(LICENSE_QUERY, 'data.license_code');
  return { ...info, status: info.status };
}

/** Answer to the batch query. Its documentation shows no answer, so `data` is there as it came. */
export interface LicenseBatch {
  /** Licenses that could be read from it, by the names that the single query uses. */
  readonly licenses: readonly LicenseInfo[];
  readonly data: unknown;
}

/** Reads the states of up to 100 licence codes (v2). @throws LicenseError */
export async function queryLicenses(
  openApis: OpenApis,
  licenses: readonly string[],
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<LicenseBatch> {
  checkBatch(LICENSE_BATCH_QUERY, licenses, MAX_LICENSES, 'licence codes');
  const body = JSON.stringify({ license_list: licenses });
  const { data } = await openApis.call(LICENSE_BATCH_QUERY, { body, signal: options.signal });
  const list = [data, ...Object.values(Object(data))].find((each) => Array.isArray(each)) ?? [];
  const read = (list as readonly unknown[]).map(readLicenseInfo);
  return { licenses: read.filter((info) => info?.license !== undefined) as readonly LicenseInfo[], data };
}

function malformed({ title }: OpenApi, member: string): LicenseError {
  const message = `The marketplace's ${title} gave a malformed answer: ${member} is missing or not as expected; if it lasts, tell its support.`;
  return new LicenseError({ code: 'malformed', permanent: false, message });
}
