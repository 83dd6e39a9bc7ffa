import { dueEntries } from '../instances/due.ts';
import { type Key, productOf, SHARDS } from '../instances/keys.ts';
import type { FulfilDependencies } from './dependencies.ts';
import { type Fulfilled, fulfilItem } from './fulfil-item.ts';
import { sideBySide } from './side-by-side.ts';

/** Items worked on at a time: one that hangs takes one of these places, not all. */
export const PARALLEL = 10;
/** Milliseconds that must be left for another page of the sweep. */
const ENOUGH_MS = 2_000;
/**
 * Milliseconds for which a sweep takes up items: the next one comes after a minute and goes on, so that a backend that
 * hangs has as few runs waiting for it at a time as its attempts are long.
 */
const SWEEP_MS = 50_000;

/**
 * Carries out what waits on the items named, each once. Returns the keys at which the table itself failed; a hook's
 * failure is not one, it is written to its item and tried again by the sweep.
 */
export async function fulfilKeys<Named extends Key>(
  deps: FulfilDependencies,
  named: readonly Named[],
  remaining: () => number,
  ended: (key: Named, done: Fulfilled) => void = () => {},
): Promise<readonly Named[]> {
  const unreached: Named[] = [];
  const distinct = new Map(named.map((key) => [`${key.pk} ${key.sk}`, key]));
  await sideBySide(distinct.values(), PARALLEL, async (key) => {
    const done = await settled(deps, key, remaining);
    if (done === undefined) unreached.push(key);
    else ended(key, done);
  });
  return unreached;
}

/** Result of a sweep. */
export interface Swept {
  readonly entries: number;
  readonly attempts: number;
  /** Milliseconds that the oldest of the entries had been due. */
  readonly oldest: number;
  /** Products of changes that nothing had taken up, though whatever wakes this function should have done so long ago. */
  readonly unwoken: readonly string[];
}

/** Milliseconds after which a change should have been taken up without a sweep. */
const WOKEN_MS = 45_000;

/** Carries out whatever is due, over all shards; enough by itself, if there is no stream. */
export async function sweep(deps: FulfilDependencies, remaining: () => number): Promise<Swept> {
  const now = deps.clock();
  let [entries, attempts, oldest] = [0, 0, 0];
  const unwoken: string[] = [];
  const first = Math.floor(deps.random() * SHARDS);
  const atFirst = remaining();
  const left = () => Math.min(remaining(), SWEEP_MS - (atFirst - remaining()));
  await sideBySide(whileTimeIsLeft(dueEntries(deps.table, now, first), left), PARALLEL, async (entry) => {
    const done = await settled(deps, entry, remaining);
    const since = entry.dueAt > 0 ? entry.dueAt : (done?.acceptedAt ?? now);
    if (entry.dueAt === 0 && (done?.attempts ?? 0) > 0 && since < now - WOKEN_MS) unwoken.push(productOf(entry));
    entries += 1;
    attempts += done?.attempts ?? 0;
    oldest = Math.max(oldest, now - since);
  });
  deps.log.metric('OldestDueAge', Math.round(oldest / 1000), 'Seconds');
  return { entries, attempts, oldest, unwoken };
}

async function settled(deps: FulfilDependencies, key: Key, remaining: () => number): Promise<Fulfilled | undefined> {
  try {
    return await fulfilItem(deps, key, remaining);
  } catch (error) {
    deps.log.error('The table failed during fulfilment.', error, { pk: key.pk });
    return undefined;
  }
}

async function* whileTimeIsLeft<T>(
  source: AsyncIterable<T>,
  remaining: () => number,
): AsyncGenerator<T, void, undefined> {
  for await (const entry of source) {
    if (remaining() < ENOUGH_MS) return;
    yield entry;
  }
}
