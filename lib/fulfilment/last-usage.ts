import type { InstanceItem } from '../instances/item.ts';
import type { Hold } from '../instances/outbox.ts';
import { markTrouble } from '../instances/trouble.ts';
import type { FulfilDependencies } from './dependencies.ts';
import { within } from './within.ts';

/** Milliseconds for pushing; a release has no order to query, and this takes the place of that. */
const PUSH_TIME_MS = 10_000;
/** Milliseconds that a release waits for the last usage. */
export const PATIENCE = 30 * 60_000;

/**
 * Pushes what an on-demand instance has used before it is released. While that does not succeed the release waits and is
 * tried again, but not for ever: the marketplace has been told that the instance is gone, and the buyer's data must go. After
 * half an hour it is carried out all the same, with an alarm; its records stay due, and may still be pushed, since their
 * periods ended before the release.
 * @throws Error that says why the release waits
 */
export async function lastUsage(
  { table, clock, flushUsage, log }: FulfilDependencies,
  item: InstanceItem,
  { change }: Pick<Hold, 'change'>,
  signal?: AbortSignal,
): Promise<void> {
  if (flushUsage === undefined || item.chargingMode !== 'ON_DEMAND') return;
  const { product, instanceId } = item;
  try {
    const left = await within(
      PUSH_TIME_MS,
      'pushing the last usage',
      (s) => flushUsage(product, instanceId, s),
      signal,
    );
    if (left > 0) throw new Error(`${left} usage records of the instance could not be pushed before its release.`);
  } catch (error) {
    if (clock() - (change.requeuedAt ?? change.acceptedAt) < PATIENCE) throw error;
    log.error('An instance is released though not all of its usage has been pushed.', error, { product, instanceId });
    log.metric('UnsettledRelease', 1);
    await markTrouble(table, item, { kind: 'unsettled-release', now: clock() });
  }
}
