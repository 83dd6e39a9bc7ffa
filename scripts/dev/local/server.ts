import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Problem } from '../problem.ts';
import type { Run } from './run-file.ts';
import { ROOT } from './settings.ts';

/** `serverless offline` with all parts, in a process of its own. */
export interface LocalServer {
  readonly run: Run;
  /** What it has written so far: the functions' log, and errors. */
  output(): string;
  /** Resolves to the exit code once it has ended, for whatever reason. */
  readonly ended: Promise<number>;
  /** Ends it and everything it started. */
  stop(): Promise<void>;
}

/** What the child tells us: where everything is, or what stopped it. */
export type Message = { readonly run: Run } | { readonly problem: string };

/** Serverless closes connections for up to five seconds; one that takes longer hangs. */
const STOP_TIMEOUT = 10_000;

/**
 * Starts the server and waits until the route answers.
 * @param env its whole environment; see {@link import('./settings.ts').readSettings}
 * @param write takes its output as it comes
 * @throws Problem
 */
export async function startLocalServer(
  env: Readonly<Record<string, string | undefined>>,
  write: (text: string) => void = () => {},
): Promise<LocalServer> {
  // A process group of its own: a Ctrl-C in the terminal reaches it once, through us.
  const child = spawn(process.execPath, [join(ROOT, 'node_modules/serverless/bin/serverless.js'), 'offline'], {
    cwd: ROOT,
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
    const kill = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(kill);
  };
  const endChild = () => child.kill('SIGKILL');
  process.once('exit', endChild);
  void ended.then(() => process.off('exit', endChild));

  const first = await Promise.race([once(child, 'message').then(([message]: Message[]) => message), ended]);
  if (typeof first === 'object' && 'run' in first)
    return { run: first.run, output: () => chunks.join(''), ended, stop };
  await ended;
  const reason = typeof first === 'object' ? first.problem : chunks.join('').trim();
  throw new Problem(reason || 'serverless offline ended at once, without a word.');
}
