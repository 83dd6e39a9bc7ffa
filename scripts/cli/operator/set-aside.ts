import { randomUUID } from 'node:crypto';
import { recordAction } from '../../../lib/operations/record-action.ts';
import { setAside } from '../../../lib/operations/set-aside.ts';
import { readArguments } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { ACTING, recorderOf } from './acting.ts';
import { SOUGHT, seekOne } from './find.ts';
import { PLACE, readPlace, withOpenTableOf } from './place.ts';

/** Sets aside the change that an instance is stuck at, so that what waits behind it goes on. */
export async function setAsideChange(args: readonly string[], terminal: Terminal): Promise<number> {
  const { say, out } = terminal;
  const { values, positionals } = readArguments(args, { ...PLACE, ...SOUGHT, ...ACTING });
  if (values.help) {
    out(say('help.set-aside'));
    return EXIT.good;
  }
  const [id, ...more] = positionals;
  if (id === undefined || more.length > 0) throw new Problem('problem.set-aside-needed');
  const at = await readPlace(values, terminal);
  return withOpenTableOf(at, async ({ table, place }) => {
    const key = await seekOne(at, table, { ...values, id }, terminal);
    const record = recordAction(table, (await recorderOf(at, values, terminal))('set-aside'));
    const now = terminal.clock();
    const reason = say('set-aside.reason');
    const done = await setAside(table, { key, reason, token: randomUUID(), now, record });
    if (values.json) out(JSON.stringify({ place, instanceId: key.instanceId, ...done }, null, 2));
    else {
      const change = done.outcome === 'done' ? { kind: say(`change.${done.change.kind}`), key: done.change.id } : {};
      out(say(`set-aside.${done.outcome}`, { id: key.instanceId, ...change }));
    }
    return done.outcome === 'done' ? EXIT.good : EXIT.found;
  });
}
