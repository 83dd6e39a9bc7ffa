import { chooseLives } from '../../dev/demo/families.ts';
import { createReport } from '../../dev/demo/report.ts';
import { type Stage, setUpStage } from '../../dev/demo/stage.ts';
import { HOSTS } from '../../dev/local/hosts.ts';
import { COMMON, readArguments, readChoice } from '../terminal/arguments.ts';
import { EXIT } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';

const OPTIONS = { ...COMMON, family: { type: 'string' }, on: { type: 'string' } } as const;

/** Plays a purchase's whole life over real HTTP, on data of its own, and says whether all was as it should be. */
export async function demo(args: readonly string[], { say, out, locale }: Terminal): Promise<number> {
  const { values } = readArguments(args, OPTIONS);
  if (values.help) {
    out(say('help.demo'));
    return EXIT.good;
  }
  const lives = chooseLives(values.family);
  const on = readChoice('--on', values.on, HOSTS) ?? 'offline';
  const started = Date.now();
  const report = createReport(process.stdout, locale);
  report.heading(say('demo.title'));
  let stage: Stage | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void Promise.resolve(stage?.stop()).finally(() => process.exit(130)));
  }
  stage = await report.waiting(say('demo.starting'), setUpStage({}, on));
  const { route, openApi, endpoint, database = endpoint } = stage.server.run;
  for (const id of ['route', 'open-api', 'database']) report.note(say(`demo.${id}`, { route, openApi, database }));
  try {
    for (const play of lives) await play(stage, report);
  } catch (error) {
    report.check(false, say('demo.broke', { detail: String(error instanceof Error ? error.stack : error) }));
  }
  await stage.stop();
  const { passed, failed } = report;
  report.heading(say('demo.sum', { passed, failed, seconds: ((Date.now() - started) / 1000).toFixed(1) }));
  if (failed === 0) return EXIT.good;
  out(`\n${say('demo.log')}\n${stage.server.output()}`);
  return EXIT.found;
}
