import { expect, test } from '@jest/globals';
import { isResultCode, RESULT_CODES } from '../../lib/protocol/result-codes.ts';

test.each(Object.keys(RESULT_CODES))('%s is a result code', (code) => expect(isResultCode(code)).toBe(true));

test.each(['000006', '00000', '0000000', '', 'success.', 'toString', '__proto__', 0, 100, ['000000'], null, undefined])(
  '%j is no result code',
  (value) => expect(isResultCode(value)).toBe(false),
);
