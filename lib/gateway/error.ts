/** A failure that its caller is told. Its status is never 2xx, so the gateway does not bill it. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly status: number;
  readonly code: string;

  /**
   * @param status from 400 to 599
   * @param code a short name for programs
   * @param message a sentence for the buyer
   * @throws RangeError for another status
   */
  constructor(status: number, code: string, message: string) {
    super(message);
    if (!Number.isInteger(status) || status < 400 || status > 599) {
      throw new RangeError(`A failure needs a status from 400 to 599, not ${status}: the gateway bills every 2xx.`);
    }
    this.status = status;
    this.code = code;
  }
}

/** Reasons for which a call is not taken as one of the gateway; for the log, not for the caller. */
export type UnverifiedReason =
  | 'credential-missing'
  | 'credential-form'
  | 'key-unknown'
  | 'date-unsigned'
  | 'date-form'
  | 'date-outside'
  | 'header-unsigned'
  | 'header-missing'
  | 'algorithm'
  | 'signature';

/** A call that nobody proves to come from the gateway. Its caller is told no reason. */
export class UnverifiedError extends GatewayError {
  readonly reason: UnverifiedReason;

  constructor(reason: UnverifiedReason) {
    super(401, 'unauthorized', 'The call is not proved to come from the gateway of the marketplace.');
    this.reason = reason;
  }
}
