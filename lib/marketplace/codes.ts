/** What an answer without a result means for the caller. */
export interface Verdict {
  /** The same request may succeed in a moment. */
  readonly retry: boolean;
  /** It came too early after others: wait longer before the next try. */
  readonly throttled?: true;
  readonly permanent: boolean;
  /** What it means and what to do. */
  readonly advice: string;
}

const busy = (advice: string): Verdict => ({ retry: true, permanent: false, advice });
const throttled = (advice: string): Verdict => ({ retry: true, throttled: true, permanent: false, advice });
/** Ours to mend: a repetition at once is pointless, one after mending is not. */
const mendable = (advice: string): Verdict => ({ retry: false, permanent: false, advice });
const final = (advice: string): Verdict => ({ retry: false, permanent: true, advice });

const KEYS = 'check the access key pair of the seller account (marketplace.accessKeyId and secretAccessKey)';

/**
 * Codes by what stands after the dot: the prefix is `MKT.` or, in older pages, `CBC.`. The HTTP status is no guide:
 * .0100 and .900x come with 500 and will never succeed.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649350.html and
 * https://www.huaweicloud.com/guide/productsdesc-bms_0dff4d8a9ede975f6674698a8064dbbesupport0
 */
const NUMBERS: Readonly<Record<string, Verdict>> = {
  '0100': final('a value is out of range or has a wrong format; check the ids that were asked for'),
  '0101': final('a parameter is missing or unknown; check the ids that were asked for'),
  '0102': mendable('the signature of the body is invalid; check the access key of the base interfaces'),
  '0150': final("not permitted: it belongs to another seller; check that the key pair is of the product's seller"),
  '0151': mendable('the account has no seller role; use the key pair of the seller account'),
  '0154': mendable(`the token is invalid; ${KEYS}`),
  '0199': final('a parameter is wrong; check the ids that were asked for'),
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
const GATEWAY: Readonly<Record<string, Verdict>> = {
  '0201': final('the request is too large'),
  '0301': mendable(`the signature was refused; ${KEYS}, and this machine's clock (15 minutes at most)`),
  '0303': mendable(`the signature was refused or has expired; ${KEYS}, and this machine's clock (15 minutes at most)`),
  '0308': throttled('the gateway throttles; spread the calls'),
};

/** What the code of an answer (if it has one) and its HTTP status mean. */
export function judge(status: number, code: string | undefined): Verdict {
  const [, prefix, number = ''] = /^(?:([A-Za-z]+)\.)?(\w+)$/.exec(code ?? '') ?? [];
  const known = prefix?.startsWith('APIG') ? GATEWAY : prefix === 'MKT' || prefix === 'CBC' ? NUMBERS : {};
  const verdict = Object.hasOwn(known, number) ? known[number] : undefined;
  if (verdict !== undefined) return verdict;
  if (status === 429) return throttled('the gateway throttles; spread the calls');
  if (status >= 500) return busy('fault of the marketplace or its gateway; if it lasts, tell its support');
  if (known === NUMBERS && status >= 400)
    return final('the marketplace refuses; look the code up in its documentation');
  return mendable('unexpected answer; check that the address of the open APIs is right');
}

/** Whether the code says success: `.0000` with either prefix. */
export function isSuccess(code: string | undefined): boolean {
  return code === 'MKT.0000' || code === 'CBC.0000';
}
