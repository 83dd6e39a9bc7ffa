import { type Action, type Codes, final, mendable } from './codes.ts';

/**
 * Codes of the usage push, beside the common ones.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649410.html
 */
export const USAGE_CODES: Codes = {
  '94060010': mendable("the seller's status is invalid; look into the seller console"),
  '94060999': final('records were refused'),
};

/** Meaning of one record's result, and the action to take. */
export interface RecordVerdict {
  /** `correct`: this record will never be taken; `wait`, `check-setup`: push it again after that. */
  readonly action: Action | 'none';
  readonly meaning: string;
}

const correct = (meaning: string): RecordVerdict => ({ action: 'correct', meaning });
const wait = (meaning: string): RecordVerdict => ({ action: 'wait', meaning });
/** The marketplace has it already: nothing is lost, and nothing was charged twice. */
const duplicate = (meaning: string): RecordVerdict => ({ action: 'none', meaning });

/**
 * Codes of single records.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649410.html
 */
export const RECORD_CODES: Readonly<Record<string, RecordVerdict>> = {
  '001': correct('the instance does not exist'),
  '002': correct('a time has a wrong format'),
  '003': correct('the usage value is not above zero or has more than four decimals'),
  '004': correct('the metering number is missing'),
  '005': duplicate('the metering number has been reported before'),
  '006': correct('the product of the instance has been taken off the market'),
  '007': correct('the time of the record has expired'),
  '009': correct('the instance belongs to another seller'),
  '010': duplicate('begin and end have been reported for the instance before; the first report counts'),
  '011': correct('the interval is invalid'),
  '012': correct('the instance is not an on-demand one'),
  '013': wait('the resource is in an abnormal state'),
  '014': correct('the resource was closed before the end of the interval'),
  '015': correct('the interval begins before the resource was opened'),
  '016': wait('the resource is still being opened'),
  '017': correct('a stop-when-used-up package needs relate_pkg_instance'),
  '018': correct('relate_pkg_instance is unknown or does not belong to the instance'),
  '019': wait('risk control has stopped the instance'),
};
