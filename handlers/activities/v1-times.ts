import type { Call } from '../../lib/protocol/call.ts';
import { Refusal } from '../../lib/protocol/refusal.ts';
import { SIGNED_TIME_WINDOW } from '../../lib/protocol/signed-time.ts';
import type { ActivityContext } from './activity.ts';

/**
 * A V1.0 call whose place among others is no later than a minute from now. Nothing limits the times that are signed, and
 * they order the calls: one signed hours ahead by a wrong clock would lock out whatever comes within those hours.
 */
export function orderedByNow(call: Call, now: number): Call {
  return { ...call, sentAt: Math.min(call.sentAt, now + SIGNED_TIME_WINDOW) };
}

/**
 * Refuses a V1.0 call that hands out credentials or a licence and was signed too long ago: its whole address, signature
 * included, may stand in logs on the way.
 * @throws Refusal 000002
 */
export function refuseStale(call: Call, { product, receivedAt }: ActivityContext): void {
  if (call.sentAt >= receivedAt - product.v1ReadWindow) return;
  const hours = Math.round(product.v1ReadWindow / 3_600_000);
  throw new Refusal('000002', `timeStamp lies more than ${hours} h back; sign the call anew, and check the clock`);
}
