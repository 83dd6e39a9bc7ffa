import fc from 'fast-check';
import { ROUTE } from '../../../../tests/fuzz/route.ts';
import { PARSERS, VERIFIERS } from '../../../../tests/fuzz/targets.ts';
import type { Line, Proof } from '../proof.ts';

/** Inputs of one batch, between two words of progress. */
const BATCH = 5_000;

/** Mutations of the corpus in tests/fuzz against whatever reads what strangers send. */
export const fuzz: Proof = async ({ inputs }, say) => [
  await fuzzed('parsers take or refuse any input, and throw nothing else', PARSERS, inputs, say),
  await fuzzed('verifiers take no forged signature, and throw nothing', VERIFIERS, inputs, say),
  await fuzzed('the route answers anything: no throw, no unsigned answer, bounded work', { route: ROUTE }, inputs, say),
];

async function fuzzed(
  statement: string,
  targets: Readonly<Record<string, fc.IRawProperty<[unknown]> | typeof ROUTE>>,
  inputs: number,
  say: (text: string) => void,
): Promise<Line> {
  const broken: string[] = [];
  for (const [name, property] of Object.entries(targets)) {
    for (let done = 0; done < inputs; done += BATCH) {
      const details = await fc.check(property as typeof ROUTE, { numRuns: Math.min(BATCH, inputs - done) });
      if (!details.failed) continue;
      const { seed, counterexamplePath: path } = details;
      broken.push(
        `${name}: ${JSON.stringify(details.counterexample)} (seed ${seed}, path ${path}): ${details.errorInstance}`,
      );
      break;
    }
    say(`${name}: ${inputs} inputs`);
  }
  for (const text of broken) say(text);
  return {
    statement,
    ran: `${inputs} inputs for each of: ${Object.keys(targets).join(', ')}`,
    verdict: broken.length === 0 ? 'holds' : 'BROKEN',
    note: broken.join('; '),
  };
}
