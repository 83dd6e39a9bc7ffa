import { reseal } from '../../../lib/operations/reseal.ts';
import { createSealer } from '../../../lib/sealing/sealer.ts';
import { readArguments } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { PLACE, readPlace, secretsOf, withTableOf } from './place.ts';

/** Items after which a note says how far the round has come. */
const NOTED_ITEMS = 1_000;

/**
 * Seals everything anew under the newest keys, each value for its item. Running it again goes on where it was broken off.
 * @returns 1 if something is left
 */
export async function resealAll(args: readonly string[], terminal: Terminal): Promise<number> {
  const { say, out, note } = terminal;
  const { values, positionals } = readArguments(args, PLACE);
  if (values.help) {
    out(say('help.reseal'));
    return EXIT.good;
  }
  const [word] = positionals;
  if (word !== undefined) throw new Problem('problem.word', { given: word });
  const at = await readPlace(values, terminal);
  const secrets = await secretsOf(at);
  return withTableOf(at, async ({ table, place }) => {
    const deps = { table, secrets, sealer: createSealer(secrets), clock: () => terminal.clock() };
    let noted = 0;
    const done = await reseal({
      ...deps,
      progress: ({ items, resealed, finishedAt }) => {
        if (finishedAt === undefined && items < noted + NOTED_ITEMS) return;
        noted = finishedAt === undefined ? items : 0;
        note(say('reseal.progress', { items, resealed }));
      },
    });
    const { isMarked, round, check = round } = done;
    if (values.json) {
      out(JSON.stringify({ place, ...done }, null, 2));
    } else {
      out(say('reseal.done', { place, items: round.items, values: round.values, resealed: round.resealed }));
      for (const { pk, sk } of check.unopened) out(say('reseal.unopened', { pk, sk }));
      const left = check.waiting + check.changed + check.resealed;
      const kids = Object.entries(round.kids).map(([kind, kid]) => `${kind} ${kid}`);
      out(isMarked ? say('reseal.marked', { kids: kids.join(', ') }) : say('reseal.left', { left }));
    }
    return isMarked ? EXIT.good : EXIT.found;
  });
}
