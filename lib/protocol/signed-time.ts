import { Refusal } from './refusal.ts';

const SIGNED_TIME = /^(?:\d{13}|\d{10})$/;

/** Milliseconds by which a signed time may differ from ours, in both directions, unless configured otherwise. */
export const SIGNED_TIME_WINDOW = 60_000;

/**
 * Checks whether a `timestamp` has a form that may be signed: 13 digits (milliseconds) or 10 (seconds). Key, nonce and
 * timestamp are signed without separators, so any other length could be a digit pushed over from the nonce.
 */
export function isSignedTime(timestamp: string): boolean {
  return SIGNED_TIME.test(timestamp);
}

/**
 * Unix milliseconds of a call's `timestamp`. Pages differ on the unit: 13 digits are milliseconds, 10 are seconds.
 * @param now our time, Unix milliseconds.
 * @throws Refusal 000002 if it has another form or lies more than the window before or after `now`.
 */
export function readSignedTime(timestamp: string, now: number, windowMs: number = SIGNED_TIME_WINDOW): number {
  if (!isSignedTime(timestamp)) {
    throw new Refusal('000002', 'timestamp must be Unix milliseconds: 13 digits');
  }
  const ms = timestamp.length === 13 ? Number(timestamp) : Number(timestamp) * 1_000;
  if (ms < now - windowMs) throw outside(windowMs, 'before');
  if (ms > now + windowMs) throw outside(windowMs, 'after');
  return ms;
}

function outside(windowMs: number, side: 'before' | 'after'): Refusal {
  return new Refusal(
    '000002',
    `timestamp lies more than ${windowMs / 1_000} s ${side} the server's time; check both clocks`,
  );
}
