import type { Action } from './codes.ts';

/** Details of a failed call of the marketplace's open APIs, before an API makes it its own error. */
export interface Fault {
  /**
   * The code of the answer as it was sent (`MKT.0150`, `APIG.0308`), `HTTP 502` for an answer without one, or a word of
   * ours: connection, timeout, aborted, redirect, oversized, malformed, insecure, unreadable, foreign-order,
   * missing-line, invalid (refused before anything was sent).
   */
  readonly code: string;
  /** The marketplace has decided: the same question will never be answered, whatever is mended on this side. */
  readonly permanent: boolean;
  /** Says what to do; holds no key, no signature, no personal data. */
  readonly message: string;
  /** Action to take, for a program; `correct` if permanent, else `retry`, unless given. */
  readonly action?: Action;
  /** A try was sent whose answer was lost or in doubt: the call may have taken effect. */
  readonly uncertain?: boolean;
}

/** A call of the marketplace's open APIs that brought no result. */
export class MarketplaceError extends Error {
  override readonly name: string = 'MarketplaceError';
  readonly code: string;
  readonly permanent: boolean;
  readonly action: Action;
  readonly uncertain: boolean;

  constructor({ code, permanent, message, action = permanent ? 'correct' : 'retry', uncertain = false }: Fault) {
    super(message);
    this.code = code;
    this.permanent = permanent;
    this.action = action;
    this.uncertain = uncertain;
  }
}

/** The order query brought no order. */
export class OrderQueryError extends MarketplaceError {
  override readonly name = 'OrderQueryError';
}
