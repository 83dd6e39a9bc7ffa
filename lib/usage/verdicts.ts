import { numberOf } from '../open-api/codes.ts';
import { RECORD_CODES } from '../open-api/usage-codes.ts';
import type { RecordResult } from '../open-api/usage-results.ts';

/** Meaning of the marketplace's answer for one record. `open`: it says nothing about it. */
export type RecordVerdict = 'taken' | 'later' | 'never' | 'open';

/**
 * A duplicate is a yes: so answers the marketplace to the repeat of a push whose answer was lost. A code that no page
 * names is waited for rather than taken for the end of the record.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649410.html
 */
export function recordVerdict({ outcome, action, code }: RecordResult): RecordVerdict {
  if (outcome === 'accepted' || outcome === 'duplicate') return 'taken';
  if (outcome === 'unsettled') return 'open';
  return action === 'correct' && code !== undefined && Object.hasOwn(RECORD_CODES, code) ? 'never' : 'later';
}

/** Codes of a whole push that speak of a record in it: which one shows when the push is divided. */
const OF_RECORDS = new Set(['0100', '9001', '9002', '9004']);
/** Codes that speak of the account, its keys or its seller: the same for every record, unless another record is taken. */
const OF_THE_ACCOUNT = new Set(['0102', '0151', '0154', '94060010']);
/** The push was too large: the marketplace's own word, and the gateway's. */
const TOO_MANY = new Set(['9003', '0201']);
/** Busy, throttled, or no answer at all: nothing that was sent is to blame. */
const BUSY = new Set(['0250', '0999']);
const NO_ANSWER = new Set(['', 'connection', 'timeout', 'aborted', 'redirect', 'malformed', 'insecure', 'unreadable']);

/**
 * Step that follows a push which brought an error.
 * `stop`: nothing of it concerns a record; push again later.
 * `smaller`: it held too many records.
 * `blame`: divide; the record that brings it alone will never be taken.
 * `hold`: divide; the record that brings it alone waits by itself.
 * `account`: as `hold`, but while no record is taken it is the account's trouble.
 */
export type PushVerdict = 'stop' | 'smaller' | 'blame' | 'hold' | 'account';

/** Judges the code of a push that failed as a whole. A code that no page names may be about one record: `hold`. */
export function pushVerdict(code: string): PushVerdict {
  const number = numberOf(code);
  if (TOO_MANY.has(number)) return 'smaller';
  if (NO_ANSWER.has(code) || BUSY.has(number) || /^(?:HTTP |APIG\.)/.test(code)) return 'stop';
  if (OF_RECORDS.has(number)) return 'blame';
  return OF_THE_ACCOUNT.has(number) ? 'account' : 'hold';
}
