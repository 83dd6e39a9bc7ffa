import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { SERVER_FILE, serverBundleOptions } from '../../build/server.ts';
import { freePort } from '../engine.ts';
import { ensureLocalSecrets, readLocalSecrets } from '../local-secrets.ts';
import { Problem } from '../problem.ts';
import type { Handler } from './fulfilment.ts';
import { findRun, type Run, removeRun, type Sold, soldOf, writeRun } from './run-file.ts';
import type { LocalServer } from './server.ts';
import { readSettings, type Settings } from './settings.ts';
import { readProject, type System, startSystem } from './system.ts';
import { startUsageQueue } from './usage-queue.ts';
import { startBuild } from './watched-build.ts';

/*
 * The local run on the server host: the same parts beside the route as under serverless offline, and in the place of the
 * functions the server's one file in a process of its own, which is built and started again when files change.
 */

/** Milliseconds until a server that has to end is killed: more than it takes for itself. */
const STOP_TIMEOUT_MS = 25_000;

/** The server's file as a process. */
export interface ServerProcess {
  readonly process: ChildProcess;
  readonly ended: Promise<number>;
}

/**
 * Starts the server host with all parts, and waits until it listens.
 * @param env its whole environment; see {@link import('./settings.ts').readSettings}
 * @param write takes its output as it comes
 * @param onProducts is told the products whenever the settings were read again
 * @throws Problem
 */
export async function startLocalHost(
  env: Readonly<Record<string, string | undefined>>,
  write: (text: string) => void = () => {},
  onProducts: (products: readonly Sold[]) => void = () => {},
): Promise<LocalServer> {
  const settings = readSettings(env);
  const system = await startSystem(settings, 'server');
  const chunks: string[] = [];
  const keep = (text: string) => {
    chunks.push(text);
    write(text);
  };
  const stops: (() => Promise<unknown>)[] = [system.stop];
  const stopAll = async () => {
    for (const stop of stops.toReversed()) await stop();
  };
  try {
    return await start({ env, settings, system, keep, stops, stopAll, onProducts, output: () => chunks.join('') });
  } catch (error) {
    await stopAll();
    throw error;
  }
}

interface Starting {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly settings: Settings;
  readonly system: System;
  readonly stops: (() => Promise<unknown>)[];
  keep(text: string): void;
  output(): string;
  stopAll(): Promise<void>;
  onProducts(products: readonly Sold[]): void;
}

async function start(starting: Starting): Promise<LocalServer> {
  const { env, settings, system, stops, stopAll, keep, onProducts, output } = starting;
  const file = join(settings.data, 'server', SERVER_FILE);
  const privatePort = await freePort();
  const variables = {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('KOOGATE_'))),
    ...system.environment,
    ...(settings.sellerSecret === undefined ? {} : { KOOGATE_SELLER_SECRET: settings.sellerSecret }),
    ...(env.KOOGATE_USAGE_BATCH ? { KOOGATE_USAGE_BATCH: env.KOOGATE_USAGE_BATCH } : {}),
    PORT: String(settings.port),
    KOOGATE_PRIVATE: `127.0.0.1:${privatePort}`,
  };
  let child: ServerProcess | undefined;
  let isRestarting = false;
  let ending: ((code: number) => void) | undefined;
  const ended = new Promise<number>((resolve) => {
    ending = resolve;
  });
  const run = async () => {
    const started = await startServerProcess(file, variables, keep);
    child = started;
    void started.ended.then((code) => {
      if (!isRestarting && child === started) ending?.(code);
    });
  };
  const restart = async () => {
    isRestarting = true;
    await stopServerProcess(child);
    await run();
    isRestarting = false;
  };
  let restarts = Promise.resolve();
  const { stop: stopBuild } = await startBuild(
    serverBundleOptions({ configFile: settings.configFile, outfile: file }),
    {
      ...settings,
      onRebuilt: (changed) => {
        restarts = restarts
          .then(() => reload(settings)) // first: a new product needs its keys before the server starts
          .then(async (products) => {
            await restart();
            keep(`Rebuilt: ${changed.join(', ') || 'files'} changed. The server runs the new code.\n`);
            onProducts(products);
          })
          .catch((error) => {
            isRestarting = false;
            keep(`The server does not run: ${error instanceof Error ? error.message : error}\n`);
          });
      },
      onFailed: (reason) => keep(`Not rebuilt; the code of before runs on.\n${reason}\n`),
    },
  ).catch((error) => {
    throw new Problem(error.message);
  });
  await run();
  stops.push(async () => {
    await stopBuild();
    await restarts;
    isRestarting = true;
    await stopServerProcess(child);
    ending?.(0);
  });
  const usageUrl = `http://127.0.0.1:${privatePort}/usage`;
  const queue = await startUsageQueue({
    handler: posting(usageUrl, settings),
    maxReceiveCount: 5,
    timeout: 60_000,
    complain: (message, error) => keep(`${message}. ${error ?? ''}\n`),
  });
  stops.push(queue.stop);
  const all: Run = { ...system.run, usageQueue: queue.url };
  writeRun(all);
  const remove = () => removeRun(settings.data);
  process.once('exit', remove);
  stops.push(async () => {
    remove();
    process.off('exit', remove);
  });
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= stopAll();
    return stopping;
  };
  return { run: all, output, ended, stop };
}

/** Starts the server's file, and waits until it listens. @throws Problem with what it said if it does not */
export async function startServerProcess(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
  keep: (text: string) => void,
): Promise<ServerProcess> {
  const said: string[] = [];
  // A process group of its own: a Ctrl-C in the terminal reaches it once, through us.
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said.push(text);
      keep(text);
    });
  }
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'close').then(([code]) => {
    process.off('exit', kill);
    return typeof code === 'number' ? code : 1;
  });
  const first = await Promise.race([once(child, 'message'), ended]);
  if (typeof first !== 'number') return { process: child, ended };
  throw new Problem(said.join('').trim() || `The server ended at once with ${first}, without a word.`);
}

/** Asks a server to end, and waits until it has; one that does not is killed. */
export async function stopServerProcess(child: ServerProcess | undefined): Promise<void> {
  if (child === undefined) return;
  const kill = setTimeout(() => child.process.kill('SIGKILL'), STOP_TIMEOUT_MS);
  child.process.kill('SIGTERM');
  await child.ended;
  clearTimeout(kill);
}

/** Makes what a new product needs, and gives the products that are sold now. */
async function reload(settings: Settings): Promise<readonly Sold[]> {
  const { config } = await readProject(settings);
  await ensureLocalSecrets(settings.secretsFile, config.products.values(), true);
  const products = [...config.products.values()].map(soldOf);
  const run = findRun(settings.data);
  if (run !== undefined) writeRun({ ...run, products });
  return products;
}

/** Plays the queue in front of the server: posts each report to its private listener, signed as the seller's program would. */
function posting(url: string, { secretsFile, sellerSecret }: Settings): Handler {
  return async (event) => {
    const { Records = [] } = Object(event) as {
      Records?: readonly { readonly messageId: string; readonly body: string }[];
    };
    const refused = await Promise.all(
      Records.map(async ({ messageId, body }) => {
        const secret = sellerSecret ?? readLocalSecrets(secretsFile).seller?.secret ?? '';
        const text = `{"reports":[${body}]}`;
        const now = new Date();
        const { status } = await fetch(url, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'webhook-id': messageId,
            'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
            'webhook-signature': new Webhook(secret).sign(messageId, now, text),
          },
          body: text,
        });
        return status === 200 ? [] : [{ itemIdentifier: messageId }];
      }),
    );
    return { batchItemFailures: refused.flat() };
  };
}
