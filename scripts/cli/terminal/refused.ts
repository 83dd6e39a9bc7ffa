import type { Outcome } from '../../marketplace/calls/send.ts';
import { EXIT, Problem } from './problem.ts';

/**
 * Ends a run at the first connection that is refused: nothing listens there, and every further call would say the same.
 * @throws Problem that ends the command with 1, as every other trouble with a server does
 */
export function stopWhenRefused(at: string): (outcome: Outcome) => void {
  let hasAnswered = false;
  return (outcome) => {
    if (outcome.kind === 'answer') hasAnswered = true;
    else if (outcome.detail !== 'ECONNREFUSED') return;
    else if (hasAnswered) throw new Problem('problem.server-ended', { at }, EXIT.found);
    else throw new Problem('problem.refused', { at }, EXIT.found);
  };
}
