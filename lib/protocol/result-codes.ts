/**
 * The answers a seller may give, as data.
 * Source: result-code list of the V2.0 base interfaces
 * (https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649421.html); 0009xx: that of the online License
 * (https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649288.html).
 */
export const RESULT_CODES = {
  '000000': 'success.',
  '000001': 'authentication failed',
  '000002': 'invalid request parameter',
  '000003': 'instance does not exist',
  '000004': 'being processed',
  '000005': 'internal error',
  '000100': 'no resource available for an instance',
  '000101': 'mobile number empty or duplicate',
  '000102': 'e-mail empty or duplicate',
  '000103': 'product cannot be bought again',
  '000104': "internal error of the product's service",
  '000105': 'account already has the benefit',
  '000106': 'product sold out',
  '000107': 'mail domain duplicate',
  '000900': 'quota of the effective order exhausted',
  '000901': "outside the order's validity",
  '000902': 'expiry missing for a period licence',
  '000903': 'device fingerprint missing',
} as const;

/** Six digits that tell the marketplace how a call ended. */
export type ResultCode = keyof typeof RESULT_CODES;

/** Codes that answer an application for an online licence alone. */
export type LicenseCode = '000900' | '000901' | '000902' | '000903';

/** Codes with which a seller may refuse a purchase; everything else is not the seller's to say. */
export type RefusalCode = Exclude<ResultCode, '000000' | '000001' | '000002' | '000003' | '000004' | LicenseCode>;

/** Codes with which a seller may refuse to issue an online licence. */
export type LicenseRefusalCode = LicenseCode | '000005' | '000100';

/** Checks whether `text` is a code of the list. */
export function isResultCode(text: unknown): text is ResultCode {
  return typeof text === 'string' && Object.hasOwn(RESULT_CODES, text);
}
