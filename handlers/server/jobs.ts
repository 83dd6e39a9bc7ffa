import type { Context } from 'aws-lambda';
import { giveBackLease, takeLease } from '../../lib/instances/job-lease.ts';
import type { Log } from '../../lib/log.ts';
import type { OpenTable } from '../../lib/table/table.ts';
import type { KooGate } from '../create-koogate.ts';
import { OFF_MS } from './clock-watch.ts';

/** Times of a day, UTC. */
export interface Timetable {
  readonly minutes: readonly number[];
  /** Absent: every hour. */
  readonly hours?: readonly number[];
}

/** Job that is done at certain times, by one server of all. */
export interface Job {
  readonly name: string;
  readonly at: Timetable;
  /** Milliseconds that a run may take; a server that died during one keeps the others from it for so long. */
  readonly limitMs: number;
  run(context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<unknown>;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/** Lists the timed jobs, at the times that the schedules of deploy/aws/functions.yml have. */
export function jobsOf({ meter, reconcile }: Pick<KooGate, 'meter' | 'reconcile'>, table: OpenTable, log: Log): Job[] {
  return [
    {
      name: 'meter',
      at: { minutes: [1, 5, 9, 13] },
      limitMs: 5 * MINUTE_MS,
      run: (context) => meter({ source: 'timer' }, context),
    },
    {
      name: 'reconcile',
      at: { minutes: [7, 22, 37, 52], hours: [17, 18, 19, 20] },
      limitMs: 14 * MINUTE_MS,
      run: (context) => reconcile({ source: 'timer' }, context),
    },
    {
      name: 'expire',
      at: { minutes: [3, 13, 23, 33, 43, 53] },
      limitMs: 5 * MINUTE_MS,
      run: async () => {
        const deleted = await table.deleteExpired();
        if (deleted > 0) log.info('Expired items were deleted.', { deleted });
      },
    },
  ];
}

/** Gives the next time of a timetable after `now`, Unix milliseconds. */
export function nextTime({ minutes, hours }: Timetable, now: number): number {
  const from = Math.floor(now / MINUTE_MS) + 1;
  for (let minute = from; minute <= from + DAY_MINUTES; minute += 1) {
    const hour = Math.floor(minute / 60) % 24;
    if (minutes.includes(minute % 60) && (hours?.includes(hour) ?? true)) return minute * MINUTE_MS;
  }
  throw new Error('A timetable names no minute of the day.');
}

/** Tools for running jobs. */
export interface JobTools {
  readonly table: OpenTable;
  readonly clock: () => number;
  readonly log: Log;
  /** Name of this server, which nobody else has. */
  readonly owner: string;
  /** Aborted when the server is on its way to the end: a run then has no time left. */
  readonly draining: AbortSignal;
  /** Tells whether the table is open; while it is closed for a move, nothing in it may change. */
  isOpen(): Promise<boolean>;
}

/** Runs a job unless another server does or did. @returns whether it was run here */
export async function runJob(tools: JobTools, job: Job): Promise<boolean> {
  const { table, clock, log, owner, draining } = tools;
  const begun = clock();
  const until = begun + job.limitMs;
  try {
    if (!(await tools.isOpen())) return false;
    const lease = await takeLease(table, job.name, { owner, now: begun, until });
    if (!lease.held) return false;
  } catch (error) {
    log.error('The lease of a timed job cannot be taken.', error, { job: job.name });
    return false;
  }
  try {
    await job.run({ getRemainingTimeInMillis: () => (draining.aborted ? 0 : Math.max(0, until - clock())) });
    log.info('A timed job has run.', { job: job.name, milliseconds: clock() - begun });
  } catch (error) {
    log.error('A timed job failed.', error, { job: job.name });
  }
  const next = draining.aborted ? clock() : nextTime(job.at, begun) - 2 * OFF_MS; // clocks may differ by as much
  await giveBackLease(table, job.name, { owner, next }).catch((error) => {
    log.error('The lease of a timed job cannot be given back.', error, { job: job.name });
  });
  return true;
}
