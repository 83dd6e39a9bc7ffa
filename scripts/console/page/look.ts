import type { Said } from '../shapes.ts';
import { refresh } from './element.ts';
import { Refusal } from './server.ts';
import { state } from './state.ts';

/** Problem of the last look. */
let said: Said | undefined;

/**
 * Looks again by itself. What stands against that is said unless something else is, and taken back once a look succeeds;
 * what stood against something that the person did stays.
 */
export async function look(work: () => Promise<void>): Promise<void> {
  try {
    await work();
    if (said !== undefined && state.problem === said) state.problem = undefined;
    said = undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (state.problem === undefined || state.problem === said) state.problem = error.said;
    said = error.said;
  }
  refresh('problem');
}
