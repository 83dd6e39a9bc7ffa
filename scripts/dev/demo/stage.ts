import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Table } from '../../../lib/table/table.ts';
import { loadProject } from '../../build/project.ts';
import { EXTENSION } from '../../build/roots.ts';
import { type StandIn, startStandIn } from '../../marketplace/stand-in/server.ts';
import { freePort } from '../engine.ts';
import type { HostName } from '../local/hosts.ts';
import { type LocalServer, startLocalServer } from '../local/server.ts';
import { startLocalHost } from '../local/server-host.ts';
import { openRunTable } from '../local/table.ts';
import { ensureLocalSecrets, type LocalSecrets } from '../local-secrets.ts';

/** A whole local KooGate with data of its own, beside the marketplace's stand-in in this process. */
export interface Stage {
  readonly server: LocalServer;
  readonly secrets: LocalSecrets;
  readonly standIn: StandIn;
  /** The table behind the route, to look what has really happened. */
  readonly table: Table;
  /** Ends everything that was started and removes the data. */
  stop(): Promise<void>;
}

/** Settings of the sample shop, which the demo plays whatever products the checkout sells. */
export const SAMPLES_CONFIG = join(import.meta.dirname, `../samples/samples.config${EXTENSION}`);

/** Settings that the caller's shell may hold for `npm start` and that must not reach a stage of its own. */
const NOT_INHERITED = ['KOOGATE_SECRETS', 'KOOGATE_SELLER_URL', 'KOOGATE_SELLER_SECRET'];

/**
 * Sets everything up in a temporary folder and on free ports, so that several may run at a time.
 * @param env settings that differ, see {@link import('../local/settings.ts').readSettings}
 * @param on the host that the functions run on
 * @throws Problem
 */
export async function setUpStage(env: Readonly<Record<string, string>> = {}, on: HostName = 'offline'): Promise<Stage> {
  const data = mkdtempSync(join(tmpdir(), 'koogate-'));
  const removeData = () => rmSync(data, { recursive: true, force: true });
  process.once('exit', removeData); // also if nobody comes to say stop
  const stops = [async () => void process.off('exit', removeData), async () => removeData()];
  const stop = async () => {
    for (const end of stops.toReversed()) await end();
  };
  try {
    const configFile = env.KOOGATE_CONFIG ?? SAMPLES_CONFIG;
    const { config } = await loadProject(configFile);
    const secrets = await ensureLocalSecrets(join(data, 'secrets.json'), config.products.values(), false);
    const standIn = await startStandIn({ keys: secrets.marketplace });
    stops.push(standIn.stop);
    const inherited = Object.entries(process.env).filter(([name]) => !NOT_INHERITED.includes(name));
    const server = await (on === 'server' ? startLocalHost : startLocalServer)({
      ...Object.fromEntries(inherited),
      PORT: String(await freePort()),
      KOOGATE_DATA: data,
      KOOGATE_CONFIG: configFile,
      KOOGATE_WATCH: 'off',
      KOOGATE_OPENAPI_URL: standIn.url,
      ...env,
    });
    stops.push(server.stop);
    const { table, close } = openRunTable(server.run);
    stops.push(close);
    return { server, secrets, standIn, table, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
