import type { Log } from '../../lib/log.ts';
import type { OpenTable } from '../../lib/table/table.ts';
import type { ServerState } from './state.ts';

/** Milliseconds beside the table's clock from which on no more changes are taken: leases would be cut short. */
export const OFF_MS = 5_000;
/** Milliseconds from which on signatures would be refused or taken wrongly, so that nothing is answered. */
export const WRONG_MS = 50_000;

/**
 * Compares a clock with the table's.
 * @returns milliseconds that the clock is ahead for certain, negative if it is behind; 0 where the round trip explains it
 * @throws whatever the table throws
 */
export async function clockOffset(table: Pick<OpenTable, 'now'>, clock: () => number): Promise<number> {
  const before = clock();
  const there = await table.now();
  const after = clock();
  if (before > there) return before - there;
  return Math.min(after - there, 0);
}

/** Judges an offset in milliseconds. */
export function judgeClock(offset: number): ServerState['clock'] {
  if (Math.abs(offset) > WRONG_MS) return 'wrong';
  return Math.abs(offset) > OFF_MS ? 'off' : 'right';
}

/**
 * Compares the clocks and takes down how they stand; a clock that is off rings. While the table is out of reach the last
 * judgement holds.
 */
export async function watchClock(
  { table, clock, log }: { readonly table: Pick<OpenTable, 'now'>; readonly clock: () => number; readonly log: Log },
  state: ServerState,
): Promise<void> {
  let offset: number;
  try {
    offset = await clockOffset(table, clock);
  } catch (error) {
    log.error("The table's clock cannot be read.", error);
    return;
  }
  const before = state.clock;
  state.clock = judgeClock(offset);
  log.metric('ClockOffset', Math.abs(offset), 'Milliseconds');
  if (state.clock !== 'right') log.error(clockSentence(offset), new Error('clock'), { offset });
  else if (before !== 'right') log.info('The clock is right again; changes are taken.', { offset });
}

/** Says what is wrong with a clock, and what to do. */
export function clockSentence(offset: number): string {
  const seconds = (Math.abs(offset) / 1_000).toFixed(1);
  const side = offset > 0 ? 'ahead of' : 'behind';
  return (
    `The clock of this machine is ${seconds} s ${side} the table's, and at most ${OFF_MS / 1_000} s are taken: ` +
    'let both be set by NTP (timedatectl set-ntp true, or chronyd), and look which of the two is wrong.'
  );
}
