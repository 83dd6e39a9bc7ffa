import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A seller's backend that runs beside KooGate. */
export interface Backend {
  /** Resolves to what ended it, an exit code or a signal, unless it was stopped. */
  readonly ended: Promise<number | NodeJS.Signals>;
  stop(): Promise<void>;
}

/** Time that a backend has to end by itself before it is killed, milliseconds. */
const STOP_TIMEOUT_MS = 5_000;

/**
 * Starts a backend in a process group of its own, with the secret that KooGate signs its changes with. PORT, which is the
 * route's, is kept from it; without one it takes its own.
 * @param command line for the shell
 */
export function startBackend(
  command: string,
  env: Readonly<Record<string, string | undefined>>,
  secret: string,
): Backend {
  const { PORT: _, ...rest } = env;
  const child = spawn(command, {
    shell: true,
    detached: true,
    env: { ...rest, KOOGATE_SELLER_SECRET: secret },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = once(child, 'exit').then(([code, signal]) => code ?? signal);
  const kill = (signal: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal); // the shell and what it started
    } catch {
      // it has ended already
    }
  };
  process.once('exit', () => kill('SIGKILL'));
  return {
    ended,
    stop: async () => {
      const timer = setTimeout(() => kill('SIGKILL'), STOP_TIMEOUT_MS);
      kill('SIGTERM');
      await ended;
      clearTimeout(timer);
    },
  };
}
