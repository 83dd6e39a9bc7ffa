import type { Table } from '../table/table.ts';
import { fence, giveBackIfOvertaken, type Hold, isHeld, joined, type Recorded, TRIES } from './hold.ts';
import { nothingAppended, type OutboxItem } from './queue.ts';
import { isStuck, steppedBack } from './step-back.ts';
import { updateIf, type WriteOptions } from './write.ts';

/** When the next attempt is due, and why the last one failed. */
export interface Postponement {
  /** Unix milliseconds. */
  readonly dueAt: number;
  readonly reason: string;
}

/**
 * Records that the attempt failed; the next one is due at `dueAt`. A renewal or upgrade that is stuck steps behind the
 * status changes that wait, and takes its attempts and its pause along; the first of those is due at once.
 */
export async function postpone(
  table: Table,
  hold: Hold,
  postponement: Postponement,
  now: number,
  options: WriteOptions = {},
): Promise<Recorded> {
  const attempts = hold.item.attempts;
  if (!isStuck(hold.change, attempts, now)) {
    const { done, item } = await writePause(table, hold, postponement, now, options);
    return done ? { recorded: true, item } : giveBackIfOvertaken(table, hold, item, options);
  }
  let image: OutboxItem | undefined = hold.item;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const written = await writeStep(table, { hold, image, postponement, attempts }, now, options);
    if (written.done) return { recorded: true, item: written.item };
    image = written.item;
    if (image === undefined || !isHeld(image, hold, now)) return giveBackIfOvertaken(table, hold, image, options);
  }
  throw new Error('The outbox changed under every write.');
}

/**
 * Lets a stuck renewal or upgrade step behind the status changes that wait without another attempt, and gives the item
 * back; undefined if none of this is so. A claim has counted an attempt that is not made.
 */
export async function stepBack(
  table: Table,
  hold: Hold,
  dueAt: number,
  now: number,
  options: WriteOptions = {},
): Promise<Recorded | undefined> {
  const attempts = hold.item.attempts - 1;
  const reason = hold.item.lastError ?? '';
  const step = { hold, image: hold.item, postponement: { dueAt, reason }, attempts };
  if (!isStuck(hold.change, attempts, now) || listAfter(step) === undefined) return undefined;
  const { done, item } = await writeStep(table, step, now, options);
  return done ? { recorded: true, item } : undefined;
}

interface Step {
  readonly hold: Hold;
  readonly image: OutboxItem;
  readonly postponement: Postponement;
  readonly attempts: number;
}

function listAfter({ image, postponement: { dueAt, reason }, attempts }: Step) {
  return steppedBack(image, { attempts, dueAt, ...(reason === '' ? {} : { lastError: reason }) });
}

/** Writes the new order of the list, or the pause alone if no status change waits; either only if nothing was appended. */
function writeStep(table: Table, step: Step, now: number, options: WriteOptions) {
  const { hold, image, postponement } = step;
  const list = listAfter(step);
  const unchanged = nothingAppended(image);
  if (list === undefined) return writePause(table, hold, postponement, now, options, unchanged);
  return updateIf<OutboxItem>(
    table,
    hold.item,
    'SET #pending = :pending, #attempts = :none, #dueAt = :none REMOVE #leaseOwner, #leaseUntil, #lastError',
    joined([fence(hold, now), unchanged, { conditions: [], values: { pending: list, none: 0 } }]),
    options,
  );
}

function writePause(
  table: Table,
  hold: Hold,
  { dueAt, reason }: Postponement,
  now: number,
  options: WriteOptions,
  condition: ReturnType<typeof nothingAppended> = { conditions: [], values: {} },
) {
  return updateIf<OutboxItem>(
    table,
    hold.item,
    'SET #dueAt = :dueAt, #lastError = :reason REMOVE #leaseOwner, #leaseUntil',
    joined([fence(hold, now), condition, { conditions: [], values: { dueAt, reason } }]),
    options,
  );
}
