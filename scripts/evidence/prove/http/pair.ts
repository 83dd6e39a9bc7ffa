import { join } from 'node:path';
import { SERVER_FILE } from '../../../build/server.ts';
import { setUpStage } from '../../../dev/demo/stage.ts';
import { freePort } from '../../../dev/engine.ts';
import { startServerProcess, stopServerProcess } from '../../../dev/local/server-host.ts';
import type { Reached } from './local.ts';
import { startSeller } from './seller-server.ts';

/** Two servers on one table in PostgreSQL; calls go to one and the other in turn. */
export interface Pair extends Reached {
  /** Kills the second server without a warning, and starts it again. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

const SECRET = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`;

/** Starts both servers, with a seller's server behind them. */
export async function startPair(): Promise<Pair> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of stops.toReversed()) await end();
  };
  try {
    const seller = await startSeller();
    stops.push(seller.stop);
    const variables = { KOOGATE_SELLER_URL: seller.url, KOOGATE_SELLER_SECRET: SECRET };
    const stage = await setUpStage(variables, 'server');
    stops.push(stage.stop);
    const { run } = stage.server;
    const port = await freePort();
    const env = {
      ...variables,
      PATH: process.env.PATH,
      PORT: String(port),
      KOOGATE_STAGE: 'local',
      KOOGATE_TABLE: run.table,
      KOOGATE_DATABASE: run.database,
      KOOGATE_SECRETS: run.secrets,
      KOOGATE_OPENAPI_URL: run.openApi,
      KOOGATE_PRIVATE: `127.0.0.1:${await freePort()}`,
    };
    const start = () => startServerProcess(join(run.data, 'server', SERVER_FILE), env, () => {});
    let second = await start();
    stops.push(() => stopServerProcess(second));
    const urls = [`${run.route}/plain`, `http://127.0.0.1:${port}/produce/plain`] as const;
    let turn = 0;
    return {
      get url() {
        turn += 1;
        return urls[turn % 2 === 0 ? 0 : 1];
      },
      key: stage.secrets.products.plain?.accessKeys.base?.[0] ?? '',
      seller,
      table: stage.table,
      kill: async () => {
        second.process.kill('SIGKILL');
        await second.ended;
        second = await start();
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
