import type { LicenseBook } from './licenses.ts';
import { answered, type OpenApi } from './open-api.ts';
import { readLicenseRequest } from './read-license.ts';

interface Usage {
  readonly license?: unknown;
  readonly software_usage_Info?: unknown;
}

/** Software usage statistics (https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0000002290055385.html). */
export function softwareUsage(book: LicenseBook, arrived: (report: unknown) => void): OpenApi {
  return {
    name: 'software usage report',
    method: 'POST',
    path: '/api/mkp-openapi-public/global/v2/license/software-usage-info',
    answer: (request) => {
      const { members, refusal } = readLicenseRequest(request);
      if (refusal !== undefined) return refusal;
      const list = members.usage_info;
      if (!Array.isArray(list) || list.length === 0 || list.length > 100 || !list.every(isUsage)) {
        return answered(400, '95000001', 'req param is invalid');
      }
      if (list.some(({ license }: Usage) => book.find(license) === undefined)) {
        return answered(200, '92020020', 'Invalid license code exists.');
      }
      arrived(list);
      return answered(200, '92020000', 'Success', {});
    },
  };
}

/** A licence with client ids or a number of active clients, and one kind only. */
function isUsage({ license, software_usage_Info: info }: Usage): boolean {
  if (typeof license !== 'string' || !Array.isArray(info) || info.length === 0 || info.length > 100) return false;
  const kinds = new Set(info.map((entry) => Object.keys(entry).join()));
  return kinds.size === 1 && (kinds.has('id') || kinds.has('active_num'));
}
