import { CASES, type Case, type Findings } from '../faults/cases.ts';
import { koogateFindings } from '../faults/koogate.ts';
import { usualStackFindings } from '../faults/usual-stack.ts';
import type { Proof } from '../proof.ts';

/** The four classic faults as named cases, against KooGate and against the usual stack for the same job (R). */
export const classicFaults: Proof = async (_, say) => {
  const ours = await koogateFindings();
  say('KooGate done; the usual stack is next');
  let theirs: Findings | undefined;
  let why = '';
  try {
    theirs = await usualStackFindings(say);
  } catch (error) {
    why = `R did not run: ${error instanceof Error ? error.message : error}`;
    say(why);
  }
  return (Object.keys(CASES) as Case[]).map((name) => ({
    statement: CASES[name],
    ran: 'one case, on a real engine',
    verdict: ours[name] === undefined ? 'holds' : 'BROKEN',
    beside: theirs === undefined ? 'not run' : theirs[name] === undefined ? 'holds' : 'BROKEN',
    note: ours[name] ?? (theirs === undefined ? why : theirs[name] === undefined ? '' : `R: ${theirs[name]}`),
  }));
};
