/**
 * Fulfilment that a batch of the table's stream starts. The batch holds up the next one of its shard, whatever hangs in
 * it; so a run waits for its attempts for some seconds only, then aborts those that are left and gives their items back
 * to the sweep, which nobody waits behind. A product that was slow lately is given less than a second: an instance of
 * it that hangs costs the others no more than that, and those that do not hang are carried out at once.
 */
import type { Key } from '../instances/keys.ts';
import { productOf } from '../instances/keys.ts';
import type { FulfilDependencies } from './dependencies.ts';
import { fulfilKeys } from './fulfil-all.ts';

/** Waiting time of a run, in milliseconds. */
export interface Patience {
  readonly usualMs: number;
  /** For products of which an attempt was given back lately. */
  readonly afterSlowMs: number;
  /** Length of "lately", in milliseconds. */
  readonly rememberedMs: number;
}

export const PATIENCE: Patience = { usualMs: 5_000, afterSlowMs: 800, rememberedMs: 600_000 };

/**
 * Milliseconds until what was given back is due: its own write comes through the stream as well, and must not start
 * another run. The sweep takes it within a minute.
 */
const PAUSE_MS = 10_000;

/** Carries out what waits on the items named; returns the keys at which the table itself failed. */
export type Wake = <Named extends Key>(named: readonly Named[], remaining: () => number) => Promise<readonly Named[]>;

/**
 * Makes what carries out a batch; it remembers which products were slow, as long as the process lives.
 * @param timer gives a signal that is aborted after so many milliseconds
 */
export function createWake(
  deps: FulfilDependencies,
  patience: Patience = PATIENCE,
  timer: (ms: number) => AbortSignal = (ms) => AbortSignal.timeout(ms),
): Wake {
  const slowUntil = new Map<string, number>();
  const isSlow = (key: Key) => (slowUntil.get(productOf(key)) ?? 0) > deps.clock();

  async function run<Named extends Key>(named: readonly Named[], waitMs: number, remaining: () => number) {
    if (named.length === 0) return [];
    const timeUp = timer(waitMs);
    const stopping = deps.stopping === undefined ? timeUp : AbortSignal.any([timeUp, deps.stopping]);
    return fulfilKeys({ ...deps, stopping, giveBackPauseMs: PAUSE_MS }, named, remaining, (key, { givenBack }) => {
      if (givenBack !== true) return;
      const product = productOf(key);
      slowUntil.set(product, deps.clock() + patience.rememberedMs);
      deps.log.info('An attempt takes long; it is left to the sweep, so that nobody waits behind it.', {
        product,
        pk: key.pk,
        waited: waitMs,
      });
    });
  }

  return async (named, remaining) => {
    const unreached = await Promise.all([
      run(named.filter(isSlow), patience.afterSlowMs, remaining),
      run(
        named.filter((key) => !isSlow(key)),
        patience.usualMs,
        remaining,
      ),
    ]);
    return unreached.flat();
  };
}
