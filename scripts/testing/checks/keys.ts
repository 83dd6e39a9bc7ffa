import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { HookContext } from '../../../lib/seller/contract.ts';
import type { Disturbance, Finding } from './finding.ts';
import type { CheckContext } from './run.ts';

/** Disturbances of the hook that gives a customer its key: the same attempt, again or at the same time. */
const REPEATS: ReadonlySet<Disturbance> = new Set<Disturbance>(['twice', 'lostAnswer', 'concurrently']);

const HOUR_MS = 3_600_000;

/**
 * Checks that a customer is given one key, however often it is asked for under one idempotency key.
 * @returns the first finding; undefined if the hook stands it, or the seller has none
 */
export async function checkKeys(
  check: CheckContext,
  disturbances: readonly Disturbance[],
): Promise<Finding | undefined> {
  for (const disturbance of disturbances.filter((one) => REPEATS.has(one))) {
    const customerId = `check-${check.serial()}`;
    const ask = (attempt: number) => askFor(check, customerId, attempt);
    const isConcurrent = disturbance === 'concurrently';
    const about = { hook: 'applyApikey', disturbance } as const;
    try {
      const [expected, found] = isConcurrent
        ? await Promise.all([ask(1), ask(1)])
        : [await ask(1), await ask(disturbance === 'twice' ? 1 : 2)];
      if (!isDeepStrictEqual(found, expected)) return { ...about, kind: 'answer', expected, found };
    } catch (error) {
      return { ...about, kind: 'threw', expected: undefined, found: error };
    }
  }
  return undefined;
}

async function askFor(check: CheckContext, customerId: string, attempt: number): Promise<unknown> {
  const { seller, product, notes, start } = check;
  const context: HookContext = {
    idempotencyKey: createHash('sha256').update(customerId).digest('base64url'),
    attempt: 1, // nobody counts attempts at a key
    now: new Date(start + (attempt - 1) * HOUR_MS),
    signal: new AbortController().signal,
    notes,
    secret: (name) => check.secret(name),
  };
  return seller.applyApikey?.({ product, customerId, customerName: 'check' }, context);
}
