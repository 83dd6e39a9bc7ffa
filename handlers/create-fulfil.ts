import type { AttributeValue, Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { FulfilDependencies } from '../lib/fulfilment/dependencies.ts';
import { fulfilKeys, sweep } from '../lib/fulfilment/fulfil-all.ts';
import { createWake, type Patience } from '../lib/fulfilment/wake.ts';
import { type Key, SHARDS } from '../lib/instances/keys.ts';
import type { SweepAlarms } from './alarms.ts';

/** Milliseconds kept for leaving the function in order. */
const LEAVING_MS = 3_000;

/** A batch of the table's stream, the keys of items at which something waits, or the schedule's tick. */
export type FulfilEvent = DynamoDBStreamEvent | { readonly keys: readonly Key[] } | { readonly source?: string };

/**
 * Carries accepted changes to the seller's code: woken by the table's stream at once, and by the schedule for retries and
 * for whatever the stream missed. A hook's failure never fails a batch; only records at whose item the table itself
 * could not be reached are handed back.
 * @param patience how long a batch of the stream waits
 * @param alarms looked at beside each sweep
 */
export function createFulfil(deps: FulfilDependencies, patience?: Patience, alarms?: SweepAlarms) {
  const wake = createWake(deps, patience);
  return async (
    event: FulfilEvent,
    context: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<DynamoDBBatchResponse | undefined> => {
    const remaining = () => context.getRemainingTimeInMillis() - LEAVING_MS;
    if ('keys' in event) {
      await fulfilKeys(deps, event.keys, remaining); // what the table could not be reached for is left to the sweep
      return undefined;
    }
    if (!('Records' in event)) {
      const looking = alarms?.look();
      try {
        const { unwoken, ...swept } = await sweep(deps, remaining);
        deps.log.info('Swept.', { ...swept });
        if (unwoken.length > 0) await alarms?.notWoken(unwoken);
        if (await looking) await alarms?.beat();
      } finally {
        await looking;
      }
      return undefined;
    }
    const unreached = await wake(
      event.Records.flatMap((record) => dueKey(record, deps.clock())),
      remaining,
    );
    return { batchItemFailures: unreached.map(({ itemIdentifier }) => ({ itemIdentifier })) };
  };
}

/**
 * The key in a record whose image is due and not held. The event filter cannot tell what is due later: the pause after a
 * failed attempt, which is the sweep's to end.
 */
function dueKey({ dynamodb }: DynamoDBRecord, now: number): readonly (Key & { itemIdentifier: string })[] {
  const { Keys, NewImage, SequenceNumber } = dynamodb ?? {};
  const pk = text(Keys?.pk);
  const sk = text(Keys?.sk);
  const isWaiting = Number(NewImage?.dueShard?.N) < SHARDS && NewImage?.leaseOwner === undefined;
  const isDue = isWaiting && !(Number(NewImage?.dueAt?.N) > now);
  return isDue && pk !== undefined && sk !== undefined ? [{ pk, sk, itemIdentifier: SequenceNumber ?? '' }] : [];
}

function text(value: AttributeValue | undefined): string | undefined {
  return value?.S;
}
