import { collectDefaultMetrics } from 'prom-client';
import type { Config } from '../../lib/config/config.ts';
import type { Environment } from '../runtime.ts';
import { createMetrics } from './metrics.ts';
import { type RunningServer, startServer } from './start.ts';
import { StartRefused } from './start-refused.ts';

/**
 * Runs the server host of an installation as the program that this process is, until SIGTERM or SIGINT.
 *
 * Exit code 0 after such a signal, 1 where it must not start for what is found, 2 for what is set wrongly; the sentence
 * that says so is on standard error.
 */
export async function serverMain(config: Config, env: Environment): Promise<void> {
  const metrics = createMetrics();
  collectDefaultMetrics({ register: metrics.registry });
  const end = { asked: false };
  let server: RunningServer | undefined;
  const stop = async () => {
    if (end.asked) return;
    end.asked = true;
    await server?.stop();
    process.exit(0); // whatever the seller's code has left open
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
  if (process.send) process.once('disconnect', () => void stop()); // whoever started this one has gone
  process.on('unhandledRejection', (error) => {
    console.error(
      JSON.stringify({ level: 'error', message: 'A rejection was handled by nobody.', error: nameOf(error) }),
    );
  });
  try {
    server = await startServer(config, env, { metrics, ...(isQuiet(env) ? { write: withoutRoutine } : {}) });
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error;
    console.error(error.message);
    process.exit(error.exitCode);
  }
  if (end.asked) {
    await server.stop();
    process.exit(0);
  }
  process.send?.({ listening: { port: server.port, private: server.private } });
}

/** The texts of rejections may hold anything; the log of the process names them only. */
function nameOf(error: unknown): string {
  return error instanceof Error
    ? `${error.name}\n${(error.stack ?? '').split('\n').slice(1).join('\n')}`
    : typeof error;
}

function isQuiet({ KOOGATE_STAGE }: Environment): boolean {
  return KOOGATE_STAGE === 'local';
}

/** Leaves out what nobody reads in the local run: metrics, and sweeps that found nothing. */
function withoutRoutine(line: string): void {
  if (line.startsWith('{"_aws":')) return;
  if (line.includes('"message":"Swept."') && line.includes('"entries":0')) return;
  console.log(line);
}
