import { type LicenseBook, stamp } from './licenses.ts';
import { type ApiAnswer, answered, type OpenApi } from './open-api.ts';
import { readLicenseRequest } from './read-license.ts';

const YEAR = 365 * 86_400_000;

/** Activation of one licence code (https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649244.html). */
export function licenseActivation(book: LicenseBook): OpenApi {
  return {
    name: 'licence activation',
    method: 'POST',
    path: '/api/mkp-openapi-public/global/v1/license/activate',
    answer: (request) => {
      const { members, refusal } = readLicenseRequest(request);
      if (refusal !== undefined) return refusal;
      const wrongState = refuseActivation(book, members.license);
      if (wrongState !== undefined) return wrongState;
      const expiresAt = activate(book, String(members.license), request.now);
      const info = { status: 'ALIVE', expire_time: stamp(expiresAt), product_id: 'demo-product-year', amount: 1 };
      const data = { license_code_info: JSON.stringify({ ...info, order_id: 'CS2509010930EXAMP' }) };
      return answered(200, '92020000', 'Success', data);
    },
  };
}

/** Activation of up to 100 licence codes; all of them or none. */
export function batchActivation(book: LicenseBook): OpenApi {
  return {
    name: 'licence activation v2',
    method: 'POST',
    path: '/api/mkp-openapi-public/global/v2/license/activate',
    answer: (request) => {
      const { members, refusal } = readLicenseRequest(request);
      if (refusal !== undefined) return refusal;
      const list = members.license_list;
      if (!Array.isArray(list) || list.length === 0 || list.length > 100) {
        return answered(400, '95000001', 'req param is invalid');
      }
      if (list.some((code) => book.find(code) === undefined)) {
        return answered(200, '92020020', 'Invalid license code exists.');
      }
      const wrongState = list.map((code) => refuseActivation(book, code)).find((each) => each !== undefined);
      if (wrongState !== undefined) return wrongState;
      for (const code of list) activate(book, String(code), request.now);
      return answered(200, '92020000', 'Success');
    },
  };
}

function refuseActivation(book: LicenseBook, code: unknown): ApiAnswer | undefined {
  const license = book.find(code);
  if (license === undefined) return answered(200, '92020005', 'license code notexist');
  if (license.status === 'ISSUED') return answered(200, '92020004', 'can not active before user received.');
  return license.status === 'COLLECTED' ? undefined : answered(200, '92020003', 'illegal state');
}

function activate(book: LicenseBook, code: string, now: number): number {
  book.set(code, { status: 'ALIVE', activatedAt: now, expiresAt: now + YEAR });
  return now + YEAR;
}
