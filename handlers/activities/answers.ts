import type { Outcome } from '../../lib/instances/store.ts';
import type { Answer } from '../../lib/middleware/route.ts';
import { RESULT_CODES } from '../../lib/protocol/result-codes.ts';

/** Plain success. */
export const SUCCESS: Answer = { resultCode: '000000', resultMsg: RESULT_CODES['000000'] };

/** The answer to a change: code and text, nothing else. */
export function answerOf({ resultCode, resultMsg }: Outcome): Answer {
  return { resultCode, resultMsg: resultMsg ?? RESULT_CODES[resultCode] };
}
