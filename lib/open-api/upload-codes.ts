import { busy, type Codes, final, KEYS, mendable } from './codes.ts';

/**
 * Codes of the upload, beside the common ones.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649352.html
 */
export const UPLOAD_CODES: Codes = {
  '91381033': final('the licence resource is invalid; compare the instance with the seller console'),
  '91381034': final('the application is invalid; check that the event id is that of the triggering call'),
  '91381035': final('nothing remains of the bought amount'),
  '91381036': busy('internal error of the marketplace; if it lasts, tell its support'),
  '91381037': final('the licence has a wrong format; check the file'),
  '91381038': final('the application was denied'),
  '91380150': mendable(`the account is not permitted to; ${KEYS}`),
};
