import { Refusal } from '../../lib/protocol/refusal.ts';

/** The refusal that `act` ends in. @throws Error if it ends otherwise. */
export function refused(act: () => unknown): Refusal {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}
