import { setTimeout as sleep } from 'node:timers/promises';
import type { Filter } from './event-filter.ts';
import type { StreamReader } from './stream-records.ts';

/** A Lambda handler as the runtime calls it. */
export type Handler = (event: unknown, context: unknown) => Promise<unknown>;

/**
 * Plays AWS for the function `fulfil`: hands it the stream's batches, one at a time and again if it asks for that, and
 * wakes it on a schedule. Here the schedule's minute is a second, so that retries do not bore.
 */
export interface Fulfilment {
  /** Ends after the invocations under way. */
  stop(): Promise<void>;
}

/** Options of the function's invocations. */
export interface FulfilmentOptions {
  readonly handler: Handler;
  /** Tells whether the schedule has anything to do: a run a second for nothing would fill the log. */
  readonly isDue: () => Promise<boolean>;
  /** Opens the stream; undefined where the engine has none: then the schedule does everything. */
  readonly openStream?: () => Promise<StreamReader>;
  readonly filter: Filter;
  readonly batchSize: number;
  /** Number of times that a batch is tried again before it is left to the schedule. */
  readonly maximumRetries: number;
  /** The function's time-out, milliseconds. */
  readonly timeout: number;
  readonly pollInterval?: number;
  readonly scheduleInterval?: number;
  readonly retryPause?: number;
  readonly complain: (message: string, error: unknown) => void;
}

export function startFulfilment(options: FulfilmentOptions): Fulfilment {
  const { pollInterval = 100, scheduleInterval = 1_000, complain } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const loop = async (interval: number, what: string, step: () => Promise<unknown>): Promise<void> => {
    while (!signal.aborted) {
      const busy = await step().catch((error) => complain(`${what} failed`, error));
      if (busy !== true) await pause(interval, signal);
    }
  };
  const scheduled = async () => {
    if (await options.isDue()) await invoke(options, scheduleEvent());
  };
  const loops = [loop(scheduleInterval, 'The scheduled run of fulfil', scheduled)];
  if (options.openStream !== undefined) {
    loops.push(loop(pollInterval, "Reading the table's stream", streamStep(options, signal)));
  }
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

/** One read of the stream and the batches it gives; true if there were any. After a fault the stream is opened anew. */
function streamStep(options: FulfilmentOptions, signal: AbortSignal): () => Promise<boolean> {
  let reader: StreamReader | undefined;
  return async () => {
    try {
      reader ??= await options.openStream?.();
      const records = (await reader?.next()) ?? [];
      const admitted = records.filter(options.filter);
      for (let start = 0; start < admitted.length; start += options.batchSize) {
        await deliver(options, admitted.slice(start, start + options.batchSize), signal);
      }
      return records.length > 0;
    } catch (error) {
      reader = undefined;
      throw error;
    }
  };
}

/** Hands over a batch; what the function gives back, it gets again, from the first such record on. */
async function deliver(
  options: FulfilmentOptions,
  batch: readonly Record<string, unknown>[],
  signal: AbortSignal,
): Promise<void> {
  let left = batch;
  for (let attempt = 0; left.length > 0 && !signal.aborted; attempt += 1) {
    if (attempt > options.maximumRetries) {
      options.complain(`Giving up on ${left.length} stream records; the schedule takes over`, undefined);
      return;
    }
    if (attempt > 0) await pause(options.retryPause ?? 1_000, signal);
    try {
      left = left.slice(firstFailed(left, await invoke(options, { Records: left })));
    } catch (error) {
      options.complain('fulfil threw', error);
    }
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => {}); // aborted: the loop ends
}

/** Index of the first record that the answer names as failed; the batch's length if it names none. */
export function firstFailed(batch: readonly Record<string, unknown>[], answer: unknown): number {
  const failures = memberOf(answer, 'batchItemFailures');
  if (!Array.isArray(failures) || failures.length === 0) return batch.length;
  const failed = new Set(failures.map((failure) => memberOf(failure, 'itemIdentifier')));
  const index = batch.findIndex((record) => failed.has(memberOf(record.dynamodb, 'SequenceNumber')));
  return index === -1 ? 0 : index; // an answer that names no record of the batch fails all of it, as in the cloud
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

async function invoke({ handler, timeout }: FulfilmentOptions, event: unknown): Promise<unknown> {
  const ends = Date.now() + timeout;
  return handler(event, {
    functionName: 'fulfil',
    awsRequestId: crypto.randomUUID(),
    getRemainingTimeInMillis: () => Math.max(0, ends - Date.now()),
  });
}

function scheduleEvent(): unknown {
  return {
    version: '0',
    id: crypto.randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    time: new Date().toISOString(),
    resources: [],
    detail: {},
  };
}
