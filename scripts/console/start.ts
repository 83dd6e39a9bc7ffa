import { COMMON, readArguments } from '../cli/terminal/arguments.ts';
import { EXIT, Problem } from '../cli/terminal/problem.ts';
import type { Terminal } from '../cli/terminal/terminal.ts';
import { announcement } from '../dev/local/announce.ts';
import { whenNpmEnds } from '../dev/local/parent.ts';
import { startLocalServer } from '../dev/local/server.ts';
import { readSettings } from '../dev/local/settings.ts';
import { readProject } from '../dev/local/system.ts';
import { type ConsoleBeside, startConsoleBeside } from './beside.ts';
import { readableLog } from './log-line.ts';

const { json: _, ...OPTIONS } = COMMON;

/** Runs the whole system on this machine, until Ctrl-C. */
export async function start(args: readonly string[], terminal: Terminal): Promise<number> {
  const { say, out, note, env, locale } = terminal;
  const { values, positionals } = readArguments(args, OPTIONS);
  if (values.help) {
    out(say('help.start'));
    return EXIT.good;
  }
  const [word] = positionals;
  if (word !== undefined) throw new Problem('problem.word', { given: word });
  const settings = readSettings(env);
  out(say('start.starting'));
  const { config } = await readProject(settings);
  let page: ConsoleBeside | undefined;
  const server = await startLocalServer(env, logWriter(process.stderr), (products) => page?.sell(products));
  page = await startConsoleBeside(server.run, env).catch(async (error) => {
    await server.stop();
    throw error;
  });
  out(announcement({ run: server.run, settings, products: config.products, consoleUrl: page.url, locale }));
  let asked = false;
  const stop = () => {
    if (asked) return; // a terminal and npm both pass on a Ctrl-C
    asked = true;
    out(say('start.stopping'));
    void page?.stop();
    void server.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  whenNpmEnds(stop);
  const code = await server.ended;
  if (!asked) note(say('start.ended'));
  return process.exit(asked ? EXIT.good : code || EXIT.found); // whatever the console's page holds open
}

/** Writes the functions' log: readable on a terminal, as it is elsewhere. */
function logWriter(stream: NodeJS.WriteStream): (text: string) => void {
  const write = (text: string) => void stream.write(text);
  return stream.isTTY ? readableLog(write, !process.env.NO_COLOR) : write;
}
