import { randomUUID } from 'node:crypto';
import { type DynamoDBClient, ScanCommand, type ScanCommandOutput } from '@aws-sdk/client-dynamodb';
import { defineProducts } from '../../../../lib/config/products.ts';
import { fulfilItem } from '../../../../lib/fulfilment/fulfil-item.ts';
import { sideBySide } from '../../../../lib/fulfilment/side-by-side.ts';
import { keys } from '../../../../lib/instances/keys.ts';
import type { AskedOrder } from '../../../../lib/open-api/query-order.ts';
import { deriveInstanceId } from '../../../../lib/protocol/instance-id.ts';
import { createSealer } from '../../../../lib/sealing/sealer.ts';
import type { Order, Seller } from '../../../../lib/seller/contract.ts';
import { localClient } from '../../../dev/engine.ts';
import { HMAC_KEYS } from '../../hmac-keys.ts';
import { lambdaContext, purchase, signedEvent } from '../events.ts';
import { calls, type Figure, type Row } from '../figure.ts';
import { type Meter, startMeter } from '../meter.ts';
import { inWorld, TABLES } from '../world.ts';

/** Purchases under way at a time: the units are the same, and waiting overlaps. */
const PARALLEL = 20;

/** Capacity of accepted purchases, and of their whole life, beside R. */
export const units: Figure = async (effort, say) => {
  let meter: Meter | undefined;
  const through = async (endpoint: string) => {
    meter = await startMeter(endpoint);
    return meter;
  };
  return inWorld(
    async ({ endpoint, parameters, load }) => {
      const count = calls(effort, 1_000, 50);
      const { key, sealing } = parameters;
      const spent = (...tables: readonly string[]) =>
        [...(meter?.write ?? []), ...(meter?.read ?? [])].reduce(
          (sum, [table, amount]) => (tables.includes(table) ? sum + amount : sum),
          0,
        );
      const [koogate, usual] = [load('produce'), load('reference')];
      const context = lambdaContext();
      const orders = Array.from({ length: count }, () => purchase());
      say(`accepting ${count} purchases, each by KooGate and by R`);
      await sideBySide(orders, PARALLEL, async (order) => {
        await koogate(signedEvent(key, order), context);
        await usual(signedEvent(key, order), context);
      });
      const accepted = spent(TABLES.koogate);
      const theirs = spent(TABLES.reference, TABLES.records);

      say(`fulfilling ${count} purchases`);
      const products = defineProducts({ demo: { seller } });
      const client = localClient(endpoint);
      const deps = {
        table: { client, name: TABLES.koogate },
        products,
        sealer: createSealer({ sealing: async (_, half) => [sealing[half]] }),
        sellerOf: (product: { seller: Seller }) => product.seller,
        queryOrder: async ({ orderId, orderLineId = '' }: AskedOrder) => orderOf(orderId, orderLineId),
        clock: Date.now,
        random: Math.random,
        newToken: randomUUID,
        sellerSecret: async () => '',
        hmacKeys: async () => HMAC_KEYS,
        log: { info() {}, warn() {}, error: failed, metric() {} },
      };
      await sideBySide(orders, PARALLEL, async ({ orderId = '', orderLineId = '' }) => {
        const { attempts } = await fulfilItem(
          deps,
          keys.instance('demo', deriveInstanceId('demo', orderId, orderLineId)),
          () => 290_000,
        );
        if (attempts !== 1) throw new Error('A purchase was not fulfilled at the first attempt.');
      });
      const stored = await bytesOf(client);
      client.destroy();
      const fulfilled = spent(TABLES.koogate) - accepted;
      const observed = meter?.observed() ?? 0;
      const share = ((100 * observed) / (accepted + fulfilled)).toFixed(2);
      const per = (amount: number) => `${(amount / count).toFixed(2)} units a purchase`;
      const how = 'ReturnConsumedCapacity of the engine, index updates included';
      const rows: readonly Row[] = [
        {
          figure: `units of ${count} accepted purchases ÷ R’s accept path`,
          value: accepted / theirs,
          goal: { atMost: 0.61 },
          ours: per(accepted),
          theirs: per(theirs),
          note: `${how}; R: nonce 1, idempotency record 1 + 1, the same business item. One unit of ours is the index by which people find an order`,
        },
        {
          figure: `units of their whole life ÷ R with the same fulfilment`,
          value: (accepted + fulfilled) / (theirs + fulfilled),
          goal: { atMost: 0.87 },
          ours: per(accepted + fulfilled),
          theirs: per(theirs + fulfilled),
          note: `fulfilment: ${per(fulfilled)} (claim, customer's pointer, audit entry, outcome with sealed order and access); ${observed} units in all, ${share} % of ours, are observations: at most one write a minute and process, few calls or many`,
        },
        {
          figure: 'bytes that an instance keeps in the table',
          value: stored / count,
          ours: `${Math.round(stored / count)} bytes`,
          theirs: '',
          note: 'a purchase that was carried out, with its history, in DynamoDB’s own JSON, which is a little more than is charged',
        },
      ];
      return rows;
    },
    { through },
  );
};

/** Size of all items of the table. */
async function bytesOf(client: DynamoDBClient): Promise<number> {
  let sum = 0;
  let from: ScanCommandOutput['LastEvaluatedKey'];
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new ScanCommand({ TableName: TABLES.koogate, ...(from === undefined ? {} : { ExclusiveStartKey: from }) }),
    );
    for (const item of Items) sum += Buffer.byteLength(JSON.stringify(item));
    from = LastEvaluatedKey;
  } while (from !== undefined);
  return sum;
}

const nothing = async () => {};

/** An attempt that fails costs other units than one that does not. */
function failed(_: string, error: unknown): never {
  throw error;
}

/** A seller that writes nothing of its own. */
const seller: Seller = {
  provision: async () => ({
    access: {
      frontEndUrl: 'https://app.example.com',
      adminUrl: 'https://app.example.com/admin',
      userName: 'admin@example.com',
      password: 'a-long-first-password',
    },
  }),
  renew: nothing,
  upgrade: nothing,
  freeze: nothing,
  unfreeze: nothing,
  release: nothing,
};

/** An order as the open API describes it. */
function orderOf(orderId: string, orderLineId: string): Order {
  return {
    orderId,
    orderType: 'NEW',
    createdAt: new Date(),
    line: {
      orderLineId,
      chargingMode: 'PERIOD',
      expiresAt: new Date(Date.now() + 31_536_000_000),
      periodType: 'year',
      periodNumber: 1,
      products: [{ productId: 'OFFI1', skuCode: 'sku-small', linearValue: 10, productName: 'Demo edition' }],
    },
    buyer: { customerId: randomUUID(), customerName: 'buyer', mobilePhone: '13800000000', email: 'buyer@example.com' },
    extendParams: [{ name: 'domain', value: 'buyer.example.com' }],
  };
}
