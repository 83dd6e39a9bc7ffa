import { setTimeout as sleep } from 'node:timers/promises';
import { announcement } from './announce.ts';
import type { Fulfilment } from './fulfilment.ts';
import { whenNpmEnds } from './parent.ts';
import { type Run, removeRun, writeRun } from './run-file.ts';
import type { Message } from './server.ts';
import type { Settings } from './settings.ts';
import { type FulfilDefinition, type System, startSystem } from './system.ts';

/** A function of serverless.yml, as far as the local run looks at it or changes it. */
export interface FunctionDefinition extends Omit<FulfilDefinition, 'events'> {
  environment?: Record<string, unknown>;
  events?: ({ schedule?: unknown } & NonNullable<FulfilDefinition['events']>[number])[];
}

/**
 * Starts all parts beside the route, fits the functions into them, and says so once the route answers. Everything ends
 * with this process; it ends when its parent does.
 * @param functions the service's functions; their environment is made the local one
 */
export async function runLocally(
  settings: Settings,
  build: () => Promise<void>,
  functions: Record<string, FunctionDefinition>,
): Promise<void> {
  endWithParent();
  const system = await startSystem(settings);
  try {
    await build();
    useLocalEnvironment(functions, system.environment);
    await runFunctions(settings, system, functions);
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
  const fulfilment = fulfil && (await system.startFulfilment(fulfil, complain));
  const usageQueue = meter && (await system.startUsageQueue(meter, complain));
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
    announce(run, settings);
  });
}

function complain(message: string, error: unknown): void {
  console.error(`${message}.`, error ?? '');
}

/** How long a Ctrl-C waits for the seller's code, milliseconds. */
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

function announce(run: Run, settings: Settings): void {
  writeRun(run);
  if (process.send) process.send({ run } satisfies Message);
  else console.log(announcement(run, settings));
}

async function answers(route: string): Promise<boolean> {
  return fetch(`${route}/demo`).then(
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
