import { LicenseError } from './errors.ts';
import { checkBatch } from './invalid.ts';
import { LICENSE_CODES } from './license-codes.ts';
import type { OpenApi, OpenApis } from './open-api.ts';
import { MAX_LICENSES } from './query-license.ts';

/** Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0000002290055385.html */
const SOFTWARE_USAGE: OpenApi = {
  title: 'software usage report',
  method: 'POST',
  path: '/api/mkp-openapi-public/global/v2/license/software-usage-info',
  failure: LicenseError,
  codes: LICENSE_CODES,
};

/** Client ids in one report at most. */
const MAX_CLIENTS = 100;

/** Users of a license: the clients by their ids, or how many they were. Never both. */
export type SoftwareUsage =
  | { readonly license: string; readonly clientIds: readonly string[]; readonly activeNumber?: never }
  | { readonly license: string; readonly activeNumber: number; readonly clientIds?: never };

/** Content of the report's answer beside success. */
export interface SoftwareUsageReport {
  /** Members of the answer's data whose names begin with `check_fail`; what stands in them is not documented. */
  readonly checkFailures: Readonly<Record<string, unknown>>;
}

/** Reports the use of up to 100 licence codes, as joint-operation licences must at the first use of a day. @throws LicenseError */
export async function reportSoftwareUsage(
  openApis: OpenApis,
  usage: readonly SoftwareUsage[],
  signal?: AbortSignal,
): Promise<SoftwareUsageReport> {
  checkBatch(SOFTWARE_USAGE, usage, MAX_LICENSES, 'licence codes');
  const usage_info = usage.map(({ license, clientIds, activeNumber }) => {
    if (clientIds !== undefined) checkBatch(SOFTWARE_USAGE, clientIds, MAX_CLIENTS, 'client ids for a licence code');
    // The capital I is the documentation's.
    return { license, software_usage_Info: clientIds?.map((id) => ({ id })) ?? [{ active_num: activeNumber }] };
  });
  const { data } = await openApis.call(SOFTWARE_USAGE, { body: JSON.stringify({ usage_info }), signal });
  const failures = Object.entries(Object(data)).filter(([name]) => name.startsWith('check_fail'));
  return { checkFailures: Object.fromEntries(failures) };
}
