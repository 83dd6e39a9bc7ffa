import { COMMON, readArguments, readChoice } from '../cli/terminal/arguments.ts';
import { EXIT, Problem } from '../cli/terminal/problem.ts';
import type { Terminal } from '../cli/terminal/terminal.ts';
import { announcement } from '../dev/local/announce.ts';
import { HOSTS } from '../dev/local/hosts.ts';
import { whenNpmEnds } from '../dev/local/parent.ts';
import { startLocalServer } from '../dev/local/server.ts';
import { startLocalHost } from '../dev/local/server-host.ts';
import { readSettings, type Settings } from '../dev/local/settings.ts';
import { readProject } from '../dev/local/system.ts';
import { readLocalSecrets } from '../dev/local-secrets.ts';
import { startBackend } from './backend.ts';
import { type ConsoleBeside, startConsoleBeside } from './beside.ts';
import { readableLog } from './log-line.ts';

const { json: _, ...SHARED } = COMMON;

const OPTIONS = { ...SHARED, with: { type: 'string' }, on: { type: 'string' } } as const;

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
  const startHost = readChoice('--on', values.on, HOSTS) === 'server' ? startLocalHost : startLocalServer;
  const settings = readSettings(env);
  out(say('start.starting'));
  const { config } = await readProject(settings);
  let page: ConsoleBeside | undefined;
  let asked = false;
  const server = await startHost(env, logWriter(process.stderr), (products) => page?.sell(products));
  page = await startConsoleBeside(server.run, env).catch(async (error) => {
    await server.stop();
    throw error;
  });
  const command = values.with;
  const backend = command === undefined ? undefined : startBackend(command, env, secretIn(settings, env));
  void backend?.ended.then((how) => asked || note(say('start.backend-ended', { how, command: command ?? '' })));
  out(announcement({ run: server.run, settings, products: config.products, consoleUrl: page.url, locale }));
  const stop = () => {
    if (asked) return; // a terminal and npm both pass on a Ctrl-C
    asked = true;
    out(say('start.stopping'));
    void page?.stop();
    void Promise.all([backend?.stop(), server.stop()]);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  whenNpmEnds(stop);
  const code = await server.ended;
  if (!asked) note(say('start.ended'));
  return process.exit(asked ? EXIT.good : code || EXIT.found); // whatever the console's page holds open
}

/** Secret that changes for the backend are signed with. */
function secretIn({ secretsFile }: Settings, { KOOGATE_SELLER_SECRET }: Terminal['env']): string {
  return KOOGATE_SELLER_SECRET || (readLocalSecrets(secretsFile).seller?.secret ?? '');
}

/** Writes the functions' log: readable on a terminal, as it is elsewhere. */
function logWriter(stream: NodeJS.WriteStream): (text: string) => void {
  const write = (text: string) => void stream.write(text);
  return stream.isTTY ? readableLog(write, !process.env.NO_COLOR) : write;
}
