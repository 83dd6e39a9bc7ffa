import { type License, type LicenseBook, stamp } from './licenses.ts';
import { answered, type OpenApi } from './open-api.ts';
import { readLicenseRequest } from './read-license.ts';

/** Query of one licence code (https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649245.html). */
export function licenseQuery(book: LicenseBook): OpenApi {
  return {
    name: 'licence query',
    method: 'POST',
    path: '/api/mkp-openapi-public/global/v1/license/heartbeat',
    answer: (request) => {
      const { members, refusal } = readLicenseRequest(request);
      if (refusal !== undefined) return refusal;
      const license = book.find(members.license);
      if (license === undefined) return answered(200, '92020005', 'license code notexist');
      if (license.activatedAt === undefined) return answered(200, '92020011', 'license code has been not activated.');
      return answered(200, '92020000', 'Success', describe(String(members.license), license));
    },
  };
}

/** Query of up to 100 licence codes. Its answer is not documented: the single query's, as a list. */
export function batchQuery(book: LicenseBook): OpenApi {
  return {
    name: 'licence query v2',
    method: 'POST',
    path: '/api/mkp-openapi-public/global/v2/license/heartbeat',
    answer: (request) => {
      const { members, refusal } = readLicenseRequest(request);
      if (refusal !== undefined) return refusal;
      const list = members.license_list;
      if (!Array.isArray(list) || list.length === 0 || list.length > 100) {
        return answered(400, '95000001', 'req param is invalid');
      }
      const found = list.map((code) => ({ code: String(code), license: book.find(code) }));
      const described = found.map(({ code, license }) => license && describe(code, license));
      if (described.includes(undefined)) return answered(200, '92020020', 'Invalid license code exists.');
      return answered(200, '92020000', 'Success', { license_list: described });
    },
  };
}

function describe(code: string, { status, activatedAt, expiresAt }: License): unknown {
  return {
    license_code: code,
    status,
    activate_time: stamp(activatedAt),
    expire_time: stamp(expiresAt),
    product_name: 'Demo',
  };
}
