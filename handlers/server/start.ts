import { randomUUID } from 'node:crypto';
import { mailReceiver } from '../../lib/alarms/mail.ts';
import type { Config } from '../../lib/config/config.ts';
import { csmsSource } from '../../lib/secrets/csms.ts';
import type { OpenTable } from '../../lib/table/table.ts';
import { alarmsOf, type SweepAlarms } from '../alarms.ts';
import { ALONGSIDE } from '../alongside.ts';
import { createRuntime, type Environment, type Runtime } from '../runtime.ts';
import { checkKeys, checkTable } from './checks.ts';
import { watchClock } from './clock-watch.ts';
import { compose } from './compose.ts';
import { listen } from './listen.ts';
import type { ListenerLimits } from './listener.ts';
import { jittered, startLoop } from './loop.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { openServerTable } from './open-table.ts';
import { createPrivateListener } from './private.ts';
import { createPublicListener } from './public.ts';
import { checkSecretsFile, readServerSettings, type Settings } from './settings.ts';
import { StartRefused } from './start-refused.ts';
import type { ServerState } from './state.ts';

/** Milliseconds between two looks at the table's clock. */
const CLOCK_MS = 60_000;
/** Milliseconds between two sweeps in the local run, so that retries do not bore. */
const LOCAL_SWEEP_MS = 1_000;
/** Milliseconds that a server which has to end leaves to calls and hooks under way. */
const HOOKS_END_MS = 14_000;
/** Milliseconds after which it ends whatever is still open. */
const ALL_END_MS = 18_000;

/** Parts that tests put in the place of the real ones. */
export interface StartParts extends ListenerLimits {
  readonly clock?: () => number;
  readonly write?: (line: string) => void;
  readonly table?: OpenTable;
  readonly sweepMs?: number;
  readonly hooksEndMs?: number;
  readonly maxCalls?: number;
  readonly metrics?: Metrics;
}

/** A server that runs. */
export interface RunningServer {
  readonly port: number;
  /** Place of the private listener: `host:port`, or the path of its socket. */
  readonly private: string;
  readonly state: ServerState;
  /** Compares the clocks now, as is done each minute. */
  watchClock(): Promise<void>;
  /**
   * Takes no more connections, answers the calls under way, lets hooks end, and gives back the holds of those that do not.
   * At the latest after 20 s everything has ended.
   */
  stop(): Promise<void>;
}

/**
 * Starts the server host of an installation.
 * @throws StartRefused with what stands in the way
 */
export async function startServer(config: Config, env: Environment, parts: StartParts = {}): Promise<RunningServer> {
  const { clock = Date.now, metrics = createMetrics() } = parts;
  const settings = readServerSettings(config, env);
  await checkSecretsFile(env);
  for (const [name, value] of Object.entries(settings.environment)) process.env[name] ??= value;
  const { runtime, table } = open(config, settings, { ...parts, clock, metrics });
  for (const warning of settings.warnings) runtime.log.warn(warning);
  try {
    await checkTable(table, config, clock);
    await checkKeys(runtime);
    const alarms = alarmsOf(config, settings.env, runtime, ({ names }, onUnread) =>
      mailReceiver(names, runtime.secrets, onUnread),
    );
    return await run(settings, runtime, table, { ...parts, metrics, alarms });
  } catch (error) {
    await table.close();
    throw error;
  }
}

/** Makes the runtime with its table. @throws StartRefused for settings that cannot be used */
function open(
  config: Config,
  settings: Settings,
  { table: given, clock, write, metrics }: StartParts & { readonly clock: () => number; readonly metrics: Metrics },
): { readonly runtime: Runtime; readonly table: OpenTable } {
  let table: OpenTable | undefined;
  try {
    const runtime = createRuntime(config, settings.env, {
      table: (secrets, log) => {
        const opened = given === undefined ? openServerTable(settings, secrets, log) : { table: given };
        if (opened.counts !== undefined) metrics.watchPool(opened.counts);
        table = opened.table;
        return table;
      },
      alongside: ALONGSIDE.all,
      csms: csmsSource,
      clock,
      ...(write === undefined ? {} : { write }),
      logged: metrics.counting,
    });
    if (table === undefined) throw new Error('The runtime opened no table.');
    return { runtime, table };
  } catch (error) {
    throw new StartRefused(2, error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function run(
  settings: Settings,
  runtime: Runtime,
  table: OpenTable,
  parts: StartParts & { readonly metrics: Metrics; readonly alarms: SweepAlarms | undefined },
): Promise<RunningServer> {
  const { log, secrets, clock, random } = runtime;
  const { server, login, isLocal } = settings;
  const state: ServerState = { keysLoaded: true, clock: 'right', draining: false };
  const [draining, stopping] = [new AbortController(), new AbortController()];
  const sweepMs = parts.sweepMs ?? (isLocal ? LOCAL_SWEEP_MS : undefined);
  const signals = { draining: draining.signal, stopping: stopping.signal };
  const functions = compose({ runtime, table, state, ...signals, owner: randomUUID(), sweepMs, alarms: parts.alarms });
  const { trustsProxy } = server;
  const common = { state, log, clock, trustsProxy };
  const publicListener = createPublicListener({
    ...parts,
    ...common,
    produce: functions.produce,
    ...(login ? { login: functions.login } : {}),
  });
  const { metrics } = parts;
  const privateListener = createPrivateListener({
    ...{ metrics, state, log },
    meter: functions.meter,
    secret: () => secrets.seller(),
  });
  const stopAll = async () => {
    draining.abort();
    await functions.end();
  };
  let port: string;
  let privately: string;
  try {
    port = await listen(publicListener.server, `${server.address}:${settings.port}`);
    privately = await listen(privateListener.server, server.private);
  } catch (error) {
    await Promise.all([publicListener.close(), stopAll()]);
    throw error;
  }
  const look = async () => {
    await watchClock({ table, clock, log }, state);
    await parts.alarms?.own('clock', state.clock === 'right' ? undefined : state.clock);
  };
  const clockLoop = startLoop(() => jittered(CLOCK_MS, random), look);
  log.info('The server listens.', { public: port, private: privately, stage: settings.env.KOOGATE_STAGE });
  const stop = async () => {
    state.draining = true;
    log.info('The server ends: no more connections are taken.');
    const hooksEnd = setTimeout(() => stopping.abort(new Error('the server ends')), parts.hooksEndMs ?? HOOKS_END_MS);
    const allEnd = setTimeout(() => {
      publicListener.closeAll();
      privateListener.closeAll();
    }, ALL_END_MS);
    await Promise.all([publicListener.close(), privateListener.close(), clockLoop.stop(), stopAll()]);
    clearTimeout(hooksEnd);
    clearTimeout(allEnd);
    await table.close();
    log.info('The server has ended.');
  };
  let ended: Promise<void> | undefined;
  return {
    port: Number(port.slice(port.lastIndexOf(':') + 1)),
    private: privately,
    state,
    watchClock: look,
    stop: () => {
      ended ??= stop();
      return ended;
    },
  };
}
