import { announcement } from '../dev/local/announce.ts';
import { whenNpmEnds } from '../dev/local/parent.ts';
import { startLocalServer } from '../dev/local/server.ts';
import { readSettings } from '../dev/local/settings.ts';
import { readProject } from '../dev/local/system.ts';
import { main } from '../dev/problem.ts';
import { type ConsoleBeside, startConsoleBeside } from './beside.ts';

/** `npm start`: the whole system on this machine, until Ctrl-C. */
await main(async () => {
  const settings = readSettings(process.env);
  console.log('Starting KooGate …');
  const { config } = await readProject(settings);
  let page: ConsoleBeside | undefined;
  const server = await startLocalServer(
    process.env,
    (text) => process.stderr.write(text),
    (products) => page?.sell(products),
  );
  page = await startConsoleBeside(server.run, process.env).catch(async (error) => {
    await server.stop();
    throw error;
  });
  console.log(announcement(server.run, settings, config.products, page.url));
  let asked = false;
  const stop = () => {
    if (asked) return; // a terminal and npm both pass on a Ctrl-C
    asked = true;
    console.log('Stopping …');
    void page?.stop();
    void server.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  whenNpmEnds(stop);
  const code = await server.ended;
  if (!asked) console.error('KooGate ended by itself; what it wrote last is above.');
  process.exit(asked ? 0 : code || 1);
});
