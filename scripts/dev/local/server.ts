import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Problem } from '../problem.ts';
import type { Run, Sold } from './run-file.ts';
import { readSettings } from './settings.ts';

/** `serverless offline` with all parts, in a process of its own. */
export interface LocalServer {
  readonly run: Run;
  /** Gives its output so far: the functions' log, and errors. */
  output(): string;
  /** Resolves to the exit code once it has ended, for whatever reason. */
  readonly ended: Promise<number>;
  /** Ends it and everything it started. */
  stop(): Promise<void>;
}

/** Report of the child process: where everything is, or what stopped it. */
export type Message =
  | { readonly run: Run }
  | { readonly problem: string; readonly chinese?: string }
  /** The products that are sold since files changed. */
  | { readonly products: readonly Sold[] };

/** Serverless closes connections for up to five seconds; one that takes longer hangs. */
const STOP_TIMEOUT_MS = 10_000;

/**
 * Starts the server and waits until the route answers.
 * @param env its whole environment; see {@link import('./settings.ts').readSettings}
 * @param write takes its output as it comes
 * @param onProducts is told the products whenever the settings were read again
 * @throws Problem
 */
export async function startLocalServer(
  env: Readonly<Record<string, string | undefined>>,
  write: (text: string) => void = () => {},
  onProducts: (products: readonly Sold[]) => void = () => {},
): Promise<LocalServer> {
  const { project } = readSettings(env);
  // A process group of its own: a Ctrl-C in the terminal reaches it once, through us.
  const child = spawn(process.execPath, [serverlessProgram(project), 'offline'], {
    cwd: project,
    env: { SLS_LOG_LEVEL: 'warning', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      chunks.push(text);
      write(text);
    });
  }
  const ended = once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : 1));
  const stop = async () => {
    const kill = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(kill);
  };
  const endChild = () => child.kill('SIGKILL');
  process.once('exit', endChild);
  void ended.then(() => process.off('exit', endChild));

  const first = await Promise.race([once(child, 'message').then(([message]: Message[]) => message), ended]);
  if (typeof first === 'object' && 'run' in first) {
    child.on('message', (message: Message) => {
      if ('products' in message) onProducts(message.products);
    });
    return { run: first.run, output: () => chunks.join(''), ended, stop };
  }
  await ended;
  if (typeof first === 'object' && 'problem' in first) throw new Problem(first.problem, first.chinese);
  const said = chunks.join('').trim();
  throw said === ''
    ? new Problem('serverless offline ended at once, without a word.', 'serverless offline 立即退出，没有任何输出。')
    : new Problem(said);
}

/** The Serverless Framework of the installation, or the one that comes with these tools. */
function serverlessProgram(project: string): string {
  const own = join(project, 'node_modules/serverless/bin/serverless.js');
  return existsSync(own) ? own : createRequire(import.meta.url).resolve('serverless/bin/serverless.js');
}
