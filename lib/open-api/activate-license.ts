import { formatSeconds } from '../protocol/times.ts';
import { LicenseError } from './errors.ts';
import { checkBatch } from './invalid.ts';
import { LICENSE_CODES } from './license-codes.ts';
import { type LicenseInfo, readLicenseInfo } from './license-info.ts';
import type { OpenApi, OpenApis } from './open-api.ts';
import { MAX_LICENSES, queryLicense } from './query-license.ts';

/** Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649244.html */
const ACTIVATION: OpenApi = {
  title: 'licence activation',
  method: 'POST',
  path: '/api/mkp-openapi-public/global/v1/license/activate',
  failure: LicenseError,
  codes: LICENSE_CODES,
};

const BATCH_ACTIVATION: OpenApi = { ...ACTIVATION, path: '/api/mkp-openapi-public/global/v2/license/activate' };

/** The code that an activation gets whose first answer was lost. */
const ILLEGAL_STATE = '92020003';

export interface ActivationOptions {
  /** When the licence takes effect, not before the time of the order; now, unless given. */
  readonly realEffectTime?: Date | undefined;
  /** An earlier call ended `uncertain`: if the licence is active by now, that is success. */
  readonly isRepeat?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An activated licence. */
export interface Activation extends LicenseInfo {
  /** `query`: the answer to the activation was lost, and a query has shown that it took effect. */
  readonly confirmedBy: 'answer' | 'query';
}

/**
 * Activates one licence code (v1). If an answer was lost and the repetition meets 92020003, a query tells whether the
 * first one took effect. @throws LicenseError; `uncertain` if it may have taken effect: call again with `isRepeat`
 */
export async function activateLicense(
  openApis: OpenApis,
  license: string,
  options: ActivationOptions = {},
): Promise<Activation> {
  try {
    const body = JSON.stringify({ license, ...effect(options) });
    const { data } = await openApis.call(ACTIVATION, { body, signal: options.signal });
    const info = readLicenseInfo((Object(data) as { license_code_info?: unknown }).license_code_info);
    return { ...info, license, confirmedBy: 'answer' };
  } catch (error) {
    if (!mayBeActive(error, options)) throw error;
    const info = await confirm(openApis, license, error, options.signal);
    return { ...info, license, confirmedBy: 'query' };
  }
}

/**
 * Activates up to 100 licence codes (v2); says nothing of them but success. After a lost answer as `activateLicense`,
 * with a query for each code. @throws LicenseError
 */
export async function activateLicenses(
  openApis: OpenApis,
  licenses: readonly string[],
  options: ActivationOptions = {},
): Promise<Pick<Activation, 'confirmedBy'>> {
  checkBatch(BATCH_ACTIVATION, licenses, MAX_LICENSES, 'licence codes');
  try {
    const body = JSON.stringify({ license_list: licenses, ...effect(options) });
    await openApis.call(BATCH_ACTIVATION, { body, signal: options.signal });
    return { confirmedBy: 'answer' };
  } catch (error) {
    if (!mayBeActive(error, options)) throw error;
    for (const license of licenses) await confirm(openApis, license, error, options.signal);
    return { confirmedBy: 'query' };
  }
}

function effect({ realEffectTime }: ActivationOptions): object {
  return realEffectTime === undefined ? {} : { real_effect_time: formatSeconds(realEffectTime.getTime()) };
}

function mayBeActive(error: unknown, { isRepeat = false }: ActivationOptions): error is LicenseError {
  return error instanceof LicenseError && error.code === ILLEGAL_STATE && (error.uncertain || isRepeat);
}

/** Queries a license that should be active. @throws LicenseError if it is not, or if nobody knows */
async function confirm(
  openApis: OpenApis,
  license: string,
  refusal: LicenseError,
  signal: AbortSignal | undefined,
): Promise<LicenseInfo> {
  const info = await queryLicense(openApis, license, { signal }).catch((error: unknown) => {
    if (!(error instanceof LicenseError)) throw error;
    const { code, permanent, action, message } = error;
    throw new LicenseError({ code, permanent, action, uncertain: true, message: `${refusal.message} ${message}` });
  });
  if (info.status !== 'ALIVE') throw refusal;
  return info;
}
