import type { Context } from 'aws-lambda';
import type { Log } from '../lib/log.ts';
import { type ReconcileDependencies, reconcile } from '../lib/reconcile/reconcile.ts';

/** Milliseconds: a round a night, though the schedule ticks several times so that a long one is gone on with. */
const NIGHTLY_MS = 12 * 3_600_000;

/** Compares the instances with the marketplace's orders and reports what differs; changes nothing. */
export function createReconcile(
  deps: ReconcileDependencies & { readonly log: Log; readonly isOpen?: () => Promise<boolean> },
) {
  return async (_event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<unknown> => {
    const { log } = deps;
    if ((await deps.isOpen?.()) === false) {
      log.info('The table is closed; nothing is compared.');
      return { end: 'closed' };
    }
    const { end, round } = await reconcile(deps, {
      repair: false,
      every: NIGHTLY_MS,
      remaining: () => context.getRemainingTimeInMillis(),
      found: ({ repair, ...drift }) => {
        log.warn('An instance differs from its order.', { ...drift, repairable: repair !== undefined });
        log.metric('Drift', 1);
      },
    });
    const { next: _, ...counts } = round;
    log.info('Instances were compared with their orders.', { end, ...counts });
    return { end, ...counts };
  };
}
