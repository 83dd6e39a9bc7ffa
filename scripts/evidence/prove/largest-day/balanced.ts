import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, sendCall, signCall } from '../../../marketplace/signed-calls.ts';

/** The marketplace hangs up after so many milliseconds. */
export const PATIENCE_MS = 5_000;
/** Milliseconds until a call that was not answered, or with 000005, is made again, and how often at most. */
const AGAIN_AFTER_MS = 1_000;
const REPEATS = 90;

/** Counts of all deliveries. */
export interface Counts {
  deliveries: number;
  /** Answered 503 by the balancer or by a server: it says that it does not serve now. */
  refused: number;
  late: number;
  unsigned: number;
  neverAnswered: number;
  readonly latencies: number[];
}

/** The marketplace before a balancer that goes on to the next server where one cannot be reached. */
export class Balanced {
  readonly counts: Counts = { deliveries: 0, refused: 0, late: 0, unsigned: 0, neverAnswered: 0, latencies: [] };
  private readonly addresses: readonly string[];
  private readonly keys: ReadonlyMap<string, string>;
  private turn = 0;

  /** @param keys access keys by product */
  constructor(addresses: readonly string[], keys: ReadonlyMap<string, string>) {
    this.addresses = addresses;
    this.keys = keys;
  }

  /** Delivers a message until it is answered with something else than 000005. */
  async deliver(product: string, message: Readonly<Record<string, string>>): Promise<Answer | undefined> {
    for (let tries = 0; tries < REPEATS; tries += 1) {
      const answer = await this.once(product, message);
      if (answer?.status === 200 && answer.json.resultCode !== '000005') return answer;
      await pause(AGAIN_AFTER_MS);
    }
    this.counts.neverAnswered += 1;
    return undefined;
  }

  private async once(product: string, message: Readonly<Record<string, string>>): Promise<Answer | undefined> {
    const began = performance.now();
    this.counts.deliveries += 1;
    const late = pause(PATIENCE_MS, 'late' as const, { ref: false });
    const answer = await Promise.race([this.routed(product, message), late]);
    if (answer === 'late') {
      this.counts.late += 1;
      return undefined;
    }
    if (answer === undefined || answer.status === 503) {
      this.counts.refused += 1;
      return undefined;
    }
    this.counts.latencies.push(performance.now() - began);
    if (!answer.bodySignHolds) this.counts.unsigned += 1;
    return answer;
  }

  /** Asks one server after the other; undefined where none can be reached, which a balancer answers with 503. */
  private async routed(product: string, message: Readonly<Record<string, string>>): Promise<Answer | undefined> {
    const key = this.keys.get(product) ?? '';
    for (let tries = 0; tries < this.addresses.length; tries += 1) {
      this.turn += 1;
      const address = this.addresses[this.turn % this.addresses.length];
      const call = signCall(`${address}/produce/${product}`, key, message);
      const answer = await sendCall(call, key).catch(() => undefined);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }
}
