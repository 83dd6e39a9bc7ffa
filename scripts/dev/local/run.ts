import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Products } from '../../../lib/config/products.ts';
import { FUNCTIONS } from '../../build/bundle.ts';
import { ensureLocalSecrets } from '../local-secrets.ts';
import { Problem } from '../problem.ts';
import { announcement } from './announce.ts';
import type { Fulfilment } from './fulfilment.ts';
import { type LocalFunctions, startFunctions } from './functions.ts';
import { whenNpmEnds } from './parent.ts';
import { findRun, type Run, removeRun, soldOf, writeRun } from './run-file.ts';
import type { Message } from './server.ts';
import type { Settings } from './settings.ts';
import { type FulfilDefinition, readProject, type System, startSystem } from './system.ts';

/** A function of serverless.yml, as far as the local run looks at it or changes it. */
export interface FunctionDefinition extends Omit<FulfilDefinition, 'events' | 'handler'> {
  handler: string;
  environment?: Record<string, unknown>;
  events?: ({ schedule?: unknown } & NonNullable<FulfilDefinition['events']>[number])[];
}

/**
 * Starts all parts beside the route, fits the functions into them, and says so once the route answers. Everything ends
 * with this process; it ends when its parent does.
 * @param functions the service's functions; their environment and their modules are made the local ones
 */
export async function runLocally(settings: Settings, functions: Record<string, FunctionDefinition>): Promise<void> {
  endWithParent();
  const system = await startSystem(settings);
  try {
    const built = await build(settings);
    useLocalEnvironment(functions, system.environment);
    await runFunctions(settings, system, useLocalModules(functions, built, settings));
  } catch (error) {
    await system.stop(); // nothing that still runs may keep the process from ending
    throw error;
  }
}

async function runFunctions(
  settings: Settings,
  system: System,
  { fulfil, meter }: Record<string, FunctionDefinition>,
): Promise<void> {
  const openConsole = quietConsole();
  const here = (definition: FunctionDefinition) => ({
    ...definition,
    handler: join(settings.project, definition.handler),
  });
  const fulfilment = fulfil && (await system.startFulfilment(here(fulfil), complain));
  const usageQueue = meter && (await system.startUsageQueue(here(meter), complain));
  const run = usageQueue === undefined ? system.run : { ...system.run, usageQueue: usageQueue.url };
  // Serverless' own clock would run the schedule too, every minute; ours does.
  if (fulfil?.events) fulfil.events = fulfil.events.filter((event) => event.schedule === undefined);
  process.once('exit', () => {
    removeRun(settings.data);
    void system.stop();
  });
  void untilUp(system.run).then(() => {
    if (fulfilment !== undefined) letFinish(fulfilment);
    openConsole();
    announce(run, settings, system.products);
  });
}

/**
 * Builds the functions, and builds them again while their files change; then the products may have changed, too.
 * @throws Problem with what the compiler found
 */
async function build(settings: Settings): Promise<LocalFunctions> {
  const { configFile, data, watch } = settings;
  const functions = startFunctions({
    configFile,
    folder: join(data, 'functions'),
    watch,
    onRebuilt: (changed) => {
      console.error(`Rebuilt: ${changed.join(', ') || 'files'} changed. The next call runs the new code.`);
      void reload(settings).catch((error) => complain('The settings cannot be read again', error));
    },
    onFailed: (reason) => console.error(`Not rebuilt; the code of before runs on.\n${reason}`),
  });
  return functions.catch((error) => {
    throw new Problem(error.message);
  });
}

/** Makes what a new product needs, and tells who shows the products. */
async function reload(settings: Settings): Promise<void> {
  const { config } = await readProject(settings);
  await ensureLocalSecrets(settings.secretsFile, config.products.values(), true);
  const products = [...config.products.values()].map(soldOf);
  const run = findRun(settings.data);
  if (run !== undefined) writeRun({ ...run, products });
  process.send?.({ products } satisfies Message);
}

/** Puts the modules that were built here in the place of those that are packaged. */
function useLocalModules(
  functions: Record<string, FunctionDefinition>,
  built: LocalFunctions,
  { project }: Settings,
): Record<string, FunctionDefinition> {
  for (const name of FUNCTIONS) {
    const definition = functions[name];
    if (definition === undefined) continue;
    definition.handler = relative(project, built.moduleOf(name)).replace(/\.cjs$/, '.handler');
  }
  return functions;
}

function complain(message: string, error: unknown): void {
  console.error(`${message}.`, error ?? '');
}

/** Time that a Ctrl-C waits for the seller's code, milliseconds. */
const LAST_ATTEMPT = 3_000;

/**
 * Serverless ends the process as soon as no request is open. An attempt cut off by that would hold its instance until
 * the lease ends, a minute into the next start; so the attempts under way come first.
 */
function letFinish(fulfilment: Fulfilment): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const listeners = process.listeners(signal);
    process.removeAllListeners(signal);
    let asked = false;
    process.on(signal, async () => {
      if (asked) return; // a terminal and npx both pass on a Ctrl-C
      asked = true;
      await Promise.race([fulfilment.stop(), sleep(LAST_ATTEMPT)]);
      for (const listener of listeners) listener(signal);
    });
  }
}

/** Local values win: Serverless puts the functions' environment from serverless.yml over the process' own. */
function useLocalEnvironment(
  functions: Record<string, FunctionDefinition>,
  local: Readonly<Record<string, string>>,
): void {
  Object.assign(process.env, local);
  delete process.env.AWS_SESSION_TOKEN;
  delete process.env.AWS_PROFILE;
  for (const definition of Object.values(functions)) {
    const { KOOGATE_PARAMETERS, ...environment } = definition.environment ?? {};
    definition.environment = { ...environment, ...local };
  }
}

/**
 * Leaves of what is written only what a developer wants to read: no metrics, which nobody collects here, and until
 * everything is up errors alone. Gives the function that says it is.
 */
function quietConsole(): () => void {
  const { log } = console;
  let up = false;
  console.log = (...parts: unknown[]) => {
    const text = String(parts[0]);
    if (text.startsWith('{"_aws":')) return;
    if (up || text.startsWith('{"level":"error"')) log(...parts);
  };
  return () => {
    up = true;
  };
}

/** The first request also loads the function, so that the first real call does not wait for it. */
async function untilUp({ route }: Run): Promise<void> {
  while (!(await answers(route))) await sleep(50);
}

function announce(run: Run, settings: Settings, products: Products): void {
  writeRun(run);
  if (process.send) process.send({ run } satisfies Message);
  else console.log(announcement({ run, settings, products }));
}

async function answers(route: string): Promise<boolean> {
  return fetch(`${route}/-`).then(
    (response) => response.arrayBuffer().then(() => true),
    () => false,
  );
}

/** Left alone by its parent (npm or npx killed, a test aborted), a server would hold its port for ever. */
function endWithParent(): void {
  const end = () => process.kill(process.pid, 'SIGTERM');
  if (process.send) {
    process.once('disconnect', end);
  } else {
    whenNpmEnds(end);
  }
}
