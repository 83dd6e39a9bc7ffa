import { join } from 'node:path';
import { localClient } from '../dev/engine.ts';
import type { Run } from '../dev/local/run-file.ts';
import { Problem } from '../dev/problem.ts';
import { products } from '../dev/samples/index.ts';
import { type ConsoleServer, startConsole } from './server.ts';
import { setupOf } from './setup.ts';

export const CONSOLE_PORT = 3080;

/**
 * Serves the console beside a running KooGate, on CONSOLE_PORT or the next free port.
 * @throws Problem if the port is none, or none is free
 */
export async function startConsoleBeside(
  run: Run,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ConsoleServer> {
  const text = env.CONSOLE_PORT || String(CONSOLE_PORT);
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new Problem(`CONSOLE_PORT is "${text}", but a port is a number up to 65535.`);
  }
  const client = localClient(run.endpoint);
  try {
    const server = await startConsole({
      port,
      setup: setupOf(products, run.route),
      table: { client, name: run.table },
      secrets: run.secrets,
      cases: join(run.data, 'cases.json'),
      clock: Date.now,
    });
    return {
      ...server,
      stop: async () => {
        await server.stop();
        client.destroy();
      },
    };
  } catch (error) {
    client.destroy();
    throw new Problem(`The console cannot be served: ${error instanceof Error ? error.message : error}.`);
  }
}
