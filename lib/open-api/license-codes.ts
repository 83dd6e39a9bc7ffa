import { busy, type Codes, early, final, KEYS, otherState } from './codes.ts';

/**
 * Codes of the License 2.0 APIs. The HTTP status is no guide here either: older pages pair the same codes with
 * 401, 403 and 500.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649195.html
 */
export const LICENSE_CODES: Codes = {
  '92020001': busy(`internal error of the marketplace (older sites: not authorised); if it lasts, ${KEYS}`),
  '92020002': final('a parameter is invalid; check the licence code and the time of effect'),
  '92020003': otherState('the licence is not in a state for this, as when it is active already; query it'),
  '92020004': early('the buyer has not collected the licence code yet; ask again after that'),
  '92020005': final('no such licence code; check it'),
  '92020011': early('the licence code is not activated yet; activate it first'),
  '92020020': final('the batch holds invalid licence codes; send them one by one to find out which'),
  '95000001': final('a parameter is missing, too long or of a wrong pattern; check the values that were sent'),
  '95000002': final('the method is not supported; compare the version of this client with the documentation'),
  '95000003': final('the content type is not supported; compare the version of this client with the documentation'),
  '95000004': final('the body cannot be read; compare the version of this client with the documentation'),
};
