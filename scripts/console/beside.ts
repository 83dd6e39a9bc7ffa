import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_SITE } from '../../lib/config/stage.ts';
import type { Run, Sold } from '../dev/local/run-file.ts';
import { openRunTable } from '../dev/local/table.ts';
import { Problem } from '../dev/problem.ts';
import { readConsolePort } from './port.ts';
import { type ConsoleServer, startConsole } from './server.ts';
import { setupOf } from './setup.ts';

/** The console beside a running KooGate. */
export interface ConsoleBeside extends ConsoleServer {
  /** Offers other products from now on. */
  sell(products: readonly Sold[]): void;
}

/**
 * Serves the console beside a running KooGate, on the console's port or the next free one.
 * @throws Problem if the port is none, or none is free
 */
export async function startConsoleBeside(
  run: Run,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ConsoleBeside> {
  const port = readConsolePort(env);
  const { table, close } = openRunTable(run);
  let products: readonly Sold[] = run.products ?? [];
  try {
    const server = await startConsole({
      port,
      token: lastingToken(run.data),
      setup: () => setupOf(products, run.route),
      table,
      secrets: run.secrets,
      cases: join(run.data, 'cases.json'),
      clock: Date.now,
      openApis: {
        siteOf: (product) => siteIn(run, products, product),
        secrets: run.secrets,
        data: run.data,
      },
    });
    return {
      ...server,
      sell: (sold) => {
        products = sold;
      },
      stop: async () => {
        await server.stop();
        await close();
      },
    };
  } catch (error) {
    await close();
    const detail = error instanceof Error ? error.message : error;
    throw new Problem(`The console cannot be served: ${detail}.`, `无法启动控制台：${detail}。`);
  }
}

/** Address of a product's site in the local run; products of the run's own site use the installation's account. */
function siteIn({ openApi, openApis = {} }: Run, products: readonly Sold[], product: string) {
  const site = products.find(({ id }) => id === product)?.site;
  if (site === undefined || site === DEFAULT_SITE) return { address: openApi, site: undefined };
  return { address: openApis[site] ?? openApi, site };
}

/** The token of the data folder, so that a page which is open stays open over a restart. */
function lastingToken(data: string): string {
  const path = join(data, 'console-token');
  try {
    const token = readFileSync(path, 'utf8').trim();
    if (/^[\w-]{32}$/.test(token)) return token;
  } catch {
    // none yet: made below
  }
  const token = randomBytes(24).toString('base64url');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  writeFileSync(path, `${token}\n`, { mode: 0o600 });
  chmodSync(path, 0o600); // whatever the umask, or an older file
  return token;
}
