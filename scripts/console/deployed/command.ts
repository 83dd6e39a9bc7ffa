import { readClosing } from '../../../lib/instances/closing.ts';
import { ACTING, keysAt, recorderOf } from '../../cli/operator/acting.ts';
import { PLACE, readPlace, secretsOf, withTableOf } from '../../cli/operator/place.ts';
import { runDoctor } from '../../cli/operator/stage-doctor/run.ts';
import { readArguments } from '../../cli/terminal/arguments.ts';
import { EXIT, Problem } from '../../cli/terminal/problem.ts';
import type { Terminal } from '../../cli/terminal/terminal.ts';
import { whenNpmEnds } from '../../dev/local/parent.ts';
import { readConsolePort } from '../port.ts';
import { serveApi } from '../server.ts';
import { createDeployedApi, DEPLOYED_STREAMED } from './api.ts';
import { lasting } from './lasting.ts';

const { json: _, ...SHARED } = PLACE;
const { why: __, ...AS } = ACTING;

const OPTIONS = { ...SHARED, ...AS, write: { type: 'boolean' } } as const;

/** Milliseconds after which keys that were not there are looked for again. */
const LOOK_AGAIN_MS = 60_000;

/** Serves the page of a deployed installation on this machine, until Ctrl-C. */
export async function consoleOf(args: readonly string[], terminal: Terminal): Promise<number> {
  const { say, out, clock, env } = terminal;
  const { values, positionals } = readArguments(args, OPTIONS);
  if (values.help) {
    out(say('help.console'));
    return EXIT.good;
  }
  const [word] = positionals;
  if (word !== undefined) throw new Problem('problem.word', { given: word });
  const port = readConsolePort(env);
  const at = await readPlace(values, terminal);
  const writes = values.write === true;
  return withTableOf(at, async ({ table, place }) => {
    await readClosing(table); // whoever may not read, or names no table, hears of it here
    const api = createDeployedApi({
      table,
      place,
      products: at.config.products,
      writes,
      clock,
      keys: lasting(() => keysAt(at), clock, LOOK_AGAIN_MS),
      recorder: (why) => recorderOf(at, { as: values.as, why }, terminal),
      secrets: lasting(() => secretsOf(at), clock, LOOK_AGAIN_MS),
      ...(at.stage !== undefined && { examine: (hear) => runDoctor(at, hear) }),
    });
    const page = await serveApi({ port, api, streamed: DEPLOYED_STREAMED });
    out(say('deployed.open', { place, url: page.url }));
    out(say(writes ? 'deployed.writes' : 'deployed.reads'));
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
      whenNpmEnds(resolve);
    });
    await page.stop();
    return EXIT.good;
  });
}
