import { parseArgs } from 'node:util';
import { chooseLives } from './demo/families.ts';
import { createReport } from './demo/report.ts';
import { type Stage, setUpStage } from './demo/stage.ts';
import { main } from './problem.ts';

/**
 * `npm run demo`: a purchase's whole life over real HTTP, on data of its own, and whether all was as it should be.
 * `-- --family <name>` plays another interface family's, `all` plays every one.
 */
await main(async () => {
  const { values } = parseArgs({ options: { family: { type: 'string' } } });
  const lives = chooseLives(values.family);
  const started = Date.now();
  const report = createReport();
  report.heading('KooGate demo: this script plays the marketplace, everything else is the real thing');
  let stage: Stage | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void Promise.resolve(stage?.stop()).finally(() => process.exit(130)));
  }
  stage = await report.waiting('building, starting database, open API and route', setUpStage());
  const { route, openApi, endpoint } = stage.server.run;
  for (const line of [`route ${route}`, `open API ${openApi}`, `database ${endpoint}`]) report.note(line);
  try {
    for (const play of lives) await play(stage, report);
  } catch (error) {
    report.check(false, `the demo comes to its end (${error instanceof Error ? error.stack : error})`);
  }
  await stage.stop();
  report.heading(
    `${report.passed} checks passed, ${report.failed} failed, ${((Date.now() - started) / 1000).toFixed(1)} s`,
  );
  if (report.failed === 0) return;
  console.log(`\nWhat the functions wrote:\n${stage.server.output()}`);
  process.exitCode = 1;
});
