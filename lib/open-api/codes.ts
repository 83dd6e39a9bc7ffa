/** Action to take on an answer without a result. */
export type Action =
  /** Ask again: the fault is the marketplace's or the network's, and may pass. */
  | 'retry'
  /** Ask again later and less often. */
  | 'slow-down'
  /** Mend this side first: keys, role, clock or address. */
  | 'check-setup'
  /** Something has to happen elsewhere first; ask again after that. */
  | 'wait'
  /** The state is not the one the call expects: ask for it before anything else. */
  | 'query'
  /** The request itself is refused: the same one will never be answered otherwise. */
  | 'correct';

/** Meaning of an answer without a result for the caller. */
export interface Verdict {
  readonly action: Action;
  /** The same request may succeed in a moment. */
  readonly retry: boolean;
  /** It came too early after others: wait longer before the next try. */
  readonly throttled?: true;
  readonly permanent: boolean;
  /** The request may have taken effect all the same. */
  readonly uncertain?: true;
  /** Text that says what it means and what to do. */
  readonly advice: string;
}

/** Verdicts by code: by what stands after the dot where the code has a prefix. */
export type Codes = Readonly<Record<string, Verdict>>;

export const busy = (advice: string): Verdict => ({
  action: 'retry',
  retry: true,
  permanent: false,
  uncertain: true,
  advice,
});
export const throttled = (advice: string): Verdict => ({
  action: 'slow-down',
  retry: true,
  throttled: true,
  permanent: false,
  advice,
});
/** Ours to mend: a repetition at once is pointless, one after mending is not. */
export const mendable = (advice: string): Verdict => ({
  action: 'check-setup',
  retry: false,
  permanent: false,
  advice,
});
export const early = (advice: string): Verdict => ({ action: 'wait', retry: false, permanent: false, advice });
export const otherState = (advice: string): Verdict => ({ action: 'query', retry: false, permanent: true, advice });
export const final = (advice: string): Verdict => ({ action: 'correct', retry: false, permanent: true, advice });

/** Advice for an account that is not let in. */
export const KEYS = 'check the access key pair of the seller account (marketplace.accessKeyId and secretAccessKey)';

/**
 * Codes that all open APIs share, by what stands after the dot: the prefix is `MKT.` or, in older pages, `CBC.`. The
 * HTTP status is no guide: .0100 and .900x come with 500 and will never succeed.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649350.html and
 * https://www.huaweicloud.com/guide/productsdesc-bms_0dff4d8a9ede975f6674698a8064dbbesupport0
 */
export const COMMON_CODES: Codes = {
  '0100': final('a value is out of range or has a wrong format; check the ids and values that were sent'),
  '0101': final('a parameter is missing or unknown; check the ids and values that were sent'),
  '0102': mendable('the signature of the body is invalid; check the access key of the base interfaces'),
  '0150': final("not permitted: it belongs to another seller; check that the key pair is of the product's seller"),
  '0151': mendable('the account has no seller role; use the key pair of the seller account'),
  '0154': mendable(`the token is invalid; ${KEYS}`),
  '0199': final('a parameter is wrong; check the ids and values that were sent'),
  '0250': throttled('called too often; spread the calls'),
  '0999': busy('internal error of the marketplace; if it lasts, tell its support'),
  '9001': final('no such instance; check its id'),
  '9002': final('a usage record is invalid; check its members'),
  '9003': final('too many records in one call; send fewer'),
  '9004': final('begin_time is too long ago'),
};

/**
 * Codes of the gateway in front of the open APIs.
 * Source: https://support.huaweicloud.com/usermanual-apig/apig_03_0048.html
 */
export const GATEWAY_CODES: Codes = {
  '0201': final('the request is too large; the gateway takes 12 MB'),
  '0301': mendable(`the signature was refused; ${KEYS}, and this machine's clock (15 minutes at most)`),
  '0303': mendable(`the signature was refused or has expired; ${KEYS}, and this machine's clock (15 minutes at most)`),
  '0308': throttled('the gateway throttles; spread the calls'),
};

/** Gives the part of a code after the dot of its prefix, or the code itself. */
export function numberOf(code: string): string {
  return code.slice(code.indexOf('.') + 1);
}

/**
 * Judges the code of an answer (if it has one) and its HTTP status.
 * @param own what an API adds to the common codes.
 */
export function judge(status: number, code: string | undefined, own: Codes = {}): Verdict {
  const [, prefix, number = ''] = /^(?:([A-Za-z]+)\.)?(\w+)$/.exec(code ?? '') ?? [];
  const isCoded = prefix === 'MKT' || prefix === 'CBC';
  const tables = prefix?.startsWith('APIG') ? [GATEWAY_CODES] : isCoded ? [own, COMMON_CODES] : [own];
  const table = tables.find((each) => Object.hasOwn(each, number));
  const verdict = table?.[number];
  if (verdict !== undefined) return verdict;
  if (status === 429) return throttled('the gateway throttles; spread the calls');
  if (status >= 500) return busy('fault of the marketplace or its gateway; if it lasts, tell its support');
  if (isCoded && status >= 400) return final('the marketplace refuses; look the code up in its documentation');
  if (/^\d{8}$/.test(number)) return mendable('the marketplace refuses; look the code up in its documentation');
  return mendable('unexpected answer; check that the address of the open APIs is right');
}

const SUCCESS = new Set(['MKT.0000', 'CBC.0000', '92020000']);

/** Checks whether the code says success: `.0000` with either prefix, or the license APIs' own. */
export function isSuccess(code: string | undefined): boolean {
  return code !== undefined && SUCCESS.has(code);
}
