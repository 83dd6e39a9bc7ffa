import { numberOf } from '../open-api/codes.ts';
import { RECORD_CODES } from '../open-api/usage-codes.ts';
import type { RecordResult } from '../open-api/usage-results.ts';

/** What the marketplace's word on one record means for it. `open`: it has said nothing about it. */
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
/** "Failed, record errors listed", but none was. */
const UNLISTED = '94060999';
/** The push was too large. */
const TOO_MANY = '9003';

/** What a push that brought an error is to be followed by; `blame`: if divided to the last record, it is that one. */
export type PushVerdict = 'blame' | 'divide' | 'smaller' | 'stop';

export function pushVerdict(code: string): PushVerdict {
  const number = numberOf(code);
  if (OF_RECORDS.has(number)) return 'blame';
  if (number === UNLISTED) return 'divide';
  return number === TOO_MANY ? 'smaller' : 'stop';
}
