import type { Table } from '../../../../lib/table/table.ts';
import { setUpStage } from '../../../dev/demo/stage.ts';
import { startDynoxide } from '../../../dev/engine.ts';
import { startValve, type Valve } from '../faults/valve.ts';
import { type SellerServer, startSeller } from './seller-server.ts';

/** A product as proofs reach it: its address from outside, and what lies behind it. */
export interface Reached {
  /** Address that the next call goes to. */
  readonly url: string;
  /** Key that calls are signed with. */
  readonly key: string;
  readonly seller: SellerServer;
  readonly table: Table;
}

/** The whole local system on real HTTP, with a valve before its engine and a seller's server behind it. */
export interface Local extends Reached {
  /** The table is reached past it. */
  readonly valve: Valve;
  stop(): Promise<void>;
}

const SECRET = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`;

export async function startLocal(): Promise<Local> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of stops.toReversed()) await end();
  };
  try {
    const engine = await startDynoxide();
    stops.push(engine.stop);
    const valve = await startValve(engine.endpoint);
    stops.push(valve.stop);
    const seller = await startSeller();
    stops.push(seller.stop);
    const stage = await setUpStage({
      AWS_ENDPOINT_URL_DYNAMODB: valve.endpoint,
      KOOGATE_SELLER_URL: seller.url,
      KOOGATE_SELLER_SECRET: SECRET,
    });
    stops.push(stage.stop);
    const key = stage.secrets.products.plain?.accessKeys.base?.[0] ?? '';
    return { url: `${stage.server.run.route}/plain`, key, valve, seller, table: stage.table, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
