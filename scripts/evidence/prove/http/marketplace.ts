import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, sendCall, signCall } from '../../../marketplace/signed-calls.ts';
import type { Reached } from './local.ts';

/** Milliseconds until a call that was not answered is made again, and how often at most. */
const AGAIN_AFTER_MS = 500;
const REPEATS = 60;
/** The marketplace hangs up after five seconds. */
const PATIENCE_MS = 5_000;

/** Counts and latencies of all calls. */
export interface Book {
  calls: number;
  repeats: number;
  hangUps: number;
  unsigned: number;
  neverAnswered: number;
  /** Milliseconds from the moment a call was due to its answer, each delivery by itself. */
  readonly latencies: number[];
}

/** The marketplace: makes calls, and makes them again until they are answered with something else than 000005. */
export class Marketplace {
  readonly book: Book = { calls: 0, repeats: 0, hangUps: 0, unsigned: 0, neverAnswered: 0, latencies: [] };
  private readonly local: Reached;

  constructor(local: Reached) {
    this.local = local;
  }

  /** Delivers a message; with `hangUpAfter` the first delivery's connection is cut after so many milliseconds. */
  async deliver(message: Readonly<Record<string, string>>, hangUpAfter?: number): Promise<Answer | undefined> {
    for (let tries = 0; tries < REPEATS; tries += 1) {
      const cut = tries === 0 && hangUpAfter !== undefined;
      const answer = await this.once(message, cut ? hangUpAfter : PATIENCE_MS);
      if (cut) this.book.hangUps += 1;
      if (answer !== undefined && answer.json.resultCode !== '000005') return answer;
      this.book.repeats += 1;
      await pause(AGAIN_AFTER_MS);
    }
    this.book.neverAnswered += 1;
    return undefined;
  }

  private async once(message: Readonly<Record<string, string>>, patience: number): Promise<Answer | undefined> {
    const { url, key } = this.local;
    const began = performance.now();
    this.book.calls += 1;
    const answering = sendCall(signCall(url, key, message), key).then(
      (answer) => {
        this.book.latencies.push(performance.now() - began);
        if (!answer.bodySignHolds) this.book.unsigned += 1;
        return answer;
      },
      () => undefined,
    );
    return Promise.race([answering, pause(patience, undefined, { ref: false })]);
  }
}

/** The value below which so many of a hundred lie. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0;
}
