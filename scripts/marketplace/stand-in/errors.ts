import type { ApiName } from './open-api.ts';

/** A documented error: the HTTP status it comes with, and its text. */
export type DocumentedError = readonly [code: string, status: number, message: string];

/*
 * Every documented error by API, with the status that its page gives. Sources:
 * https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649350.html (order query, common),
 * https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649352.html (upload),
 * https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649410.html (usage push),
 * https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649195.html (licences),
 * https://support.huaweicloud.com/usermanual-apig/apig_03_0048.html (gateway)
 */
const GATEWAY: readonly DocumentedError[] = [
  ['APIG.0201', 413, 'Request entity too large'],
  ['APIG.0301', 401, 'Incorrect IAM authentication information'],
  ['APIG.0303', 401, 'Incorrect app authentication information'],
  ['APIG.0308', 429, 'The throttling threshold has been reached'],
];

const common = (prefix: 'MKT' | 'CBC'): readonly DocumentedError[] => [
  [`${prefix}.0999`, 500, 'Internal error'],
  [`${prefix}.0100`, 500, 'Parameter value out of range'],
  [`${prefix}.0101`, 400, 'Parameter undefined or missing'],
  [`${prefix}.0199`, 400, 'Parameter error'],
  [`${prefix}.0150`, 401, 'Operation not permitted'],
  [`${prefix}.0151`, 401, 'No permission'],
  [`${prefix}.0154`, 401, 'Invalid token'],
];

const usage = (prefix: 'MKT' | 'CBC'): readonly DocumentedError[] => [
  [`${prefix}.9001`, 500, 'Instance id not found'],
  [`${prefix}.9002`, 500, 'Usage entity invalid'],
  [`${prefix}.9003`, 500, 'Too many records'],
  [`${prefix}.9004`, 500, 'begin_time too old'],
];

const LICENSE: readonly DocumentedError[] = [
  ['92020001', 200, 'internal error'],
  ['92020002', 200, 'invalid param'],
  ['92020003', 200, 'illegal state'],
  ['92020004', 200, 'can not active before user received.'],
  ['92020005', 200, 'license code notexist'],
  ['92020011', 200, 'license code has been not activated.'],
  ['92020020', 200, 'Invalid license code exists.'],
  ['95000001', 400, 'req param is invalid'],
  ['95000002', 405, 'Request method not supported'],
  ['95000003', 415, 'Content type not supported'],
  ['95000004', 400, 'req message is not readable'],
];

const UPLOAD: readonly DocumentedError[] = [
  ['CBC.0150', 403, 'authentication failed'],
  ['91381033', 200, 'license resource invalid'],
  ['91381034', 200, 'application invalid'],
  ['91381035', 200, 'no remaining amount'],
  ['91381036', 200, 'inner error'],
  ['91381037', 200, 'invalid license format'],
  ['91381038', 200, 'application denied'],
  ['91380150', 200, 'role permission denied'],
];

/** The older pages' 401, 403 and 500 for licence codes. */
const LICENSE_OLDER: readonly DocumentedError[] = [
  ['92020001', 403, 'Unauthorized'],
  ['92020001', 401, 'Unauthorized'],
  ['92020001', 500, 'internal error'],
  ['92020002', 400, 'invalid param'],
];

const all = [...GATEWAY, ...common('MKT'), ...common('CBC')];
const license = [...all, ...LICENSE, ...LICENSE_OLDER];
const push = [...all, ...usage('MKT'), ...usage('CBC')];

/** The documented errors of each API. */
export const DOCUMENTED_ERRORS: Readonly<Record<ApiName, readonly DocumentedError[]>> = {
  'order query': [...all, ['MKT.0250', 406, 'Called too often'], ['CBC.0250', 406, 'Called too often']],
  upload: [...all, ...UPLOAD],
  'usage push': [
    ...push,
    ['MKT.0102', 400, 'Body signature invalid'],
    ['CBC.0102', 400, 'Body signature invalid'],
    ['94060010', 401, 'Seller status invalid'],
    ['94060999', 200, 'Failed'],
  ],
  'old usage push': push,
  'licence activation': license,
  'licence activation v2': license,
  'licence query': license,
  'licence query v2': license,
  'software usage report': license,
};

/** The answer to a documented error. @throws Error for a code that the API's documentation does not name */
export function documented(api: ApiName, code: string): { readonly status: number; readonly body: unknown } {
  const [, status, message] = DOCUMENTED_ERRORS[api].find(([each]) => each === code) ?? [];
  if (status === undefined) throw new Error(`The documentation of the ${api} names no error ${code}.`);
  const isOrderQuery = api === 'order query' && !code.startsWith('APIG');
  return {
    status,
    body: isOrderQuery ? { resultCode: code, resultMsg: message } : { error_code: code, error_msg: message },
  };
}
