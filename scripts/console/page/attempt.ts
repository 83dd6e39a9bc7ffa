import { refresh } from './element.ts';
import { Refusal } from './server.ts';
import { state } from './state.ts';

/** Does something for the person at the page; what stands against it is said at the top. True if nothing did. */
export async function attempt(work: () => Promise<void>): Promise<boolean> {
  state.problem = undefined;
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    state.problem = error.said;
  }
  refresh('problem');
  return state.problem === undefined;
}
