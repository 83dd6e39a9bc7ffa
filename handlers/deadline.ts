import { TimeUp, within } from '../lib/fulfilment/within.ts';
import { Refusal } from '../lib/protocol/refusal.ts';

/**
 * Runs `work` for at most `budget` milliseconds. When the time is up, the signal is aborted and the caller told to
 * repeat: what was already written stays, and the repeat finds it.
 * @throws Refusal 000005 when the time is up
 */
export async function withinBudget<T>(budget: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  try {
    return await within(Math.max(0, budget), 'the call', work);
  } catch (error) {
    if (error instanceof TimeUp) throw new Refusal('000005', 'not done in time; the call may be repeated');
    throw error;
  }
}
