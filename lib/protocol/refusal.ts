import type { ResultCode } from './result-codes.ts';

/**
 * The one way to fail on purpose: an answer for the marketplace with a result code.
 * Everything else that is thrown is a bug and becomes 000005 with its detail in the log alone.
 * The message goes out to the caller: it says what was wrong and what to check, and never holds a key,
 * a credential, a signature or the canonical string.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly resultCode: ResultCode;

  constructor(resultCode: ResultCode, message: string) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0; // a refusal is an answer, not a defect: its stack would cost more than the answer
    super(message);
    Error.stackTraceLimit = limit;
    this.resultCode = resultCode;
  }
}

/** A call in order but for its signature, which none of our keys makes: a key of before, or a stranger's call. */
export class WrongSignature extends Refusal {
  constructor(message: string) {
    super('000001', message);
  }
}
