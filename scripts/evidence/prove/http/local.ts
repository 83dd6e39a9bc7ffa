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
  /** Secrets that no item and no log line may show: keys of products, sealing and hooks. */
  readonly secrets: readonly string[];
  /** Gives what the functions have logged so far. */
  log(): string;
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
    const { hmac, sealing, products } = stage.secrets;
    const secrets = [
      ...[SECRET, hmac.audit, hmac.customer],
      ...Object.values(products).flatMap(({ accessKeys }) => Object.values(accessKeys).flat()),
      ...[...sealing.credentials, ...sealing.personal].map(({ privateKey }) => privateKey),
    ];
    return {
      ...{ url: `${stage.server.run.route}/plain`, key, valve, seller, table: stage.table, secrets },
      ...{ log: () => stage.server.output(), stop },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
