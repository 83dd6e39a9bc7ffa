import { type Check, fail, type Json, judge, ok, warn } from './check.ts';

/**
 * `resultCode` is six digits and one of those expected; `resultMsg` is a text of at most 255 characters, as all tables say.
 * @param listed the console's list of errors holds, which asks for `resultMsg`; the tables call it optional
 */
export function checkResult(members: Json, expected: readonly string[], listed: boolean): Check[] {
  const { resultCode, resultMsg } = members;
  return [codeCheck(resultCode, expected), ...messageCheck(resultMsg, listed)];
}

function codeCheck(code: unknown, expected: readonly string[]): Check {
  const values = { code: String(code), expected: expected.join(' / ') };
  if (code === undefined) return fail('result-code-missing', values);
  if (typeof code !== 'string') return fail('result-code-type', values);
  if (!/^\d{6}$/.test(code)) return fail('result-code-form', values);
  return judge(expected.includes(code), 'result-code', values);
}

function messageCheck(message: unknown, listed: boolean): Check[] {
  if (message === undefined || message === null) return [(listed ? fail : warn)('result-msg-missing')];
  if (typeof message !== 'string') return [fail('result-msg-type')];
  return [message.length <= 255 ? ok('result-msg') : fail('result-msg-long', { length: message.length })];
}
