import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { text } from 'node:stream/consumers';
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
import { inWorld, TABLES } from '../world.ts';

/** Purchases under way at a time: the units are the same, and waiting overlaps. */
const PARALLEL = 20;

/** Capacity that the engine charged, index updates included; by table. */
interface Meter {
  readonly endpoint: string;
  readonly read: Map<string, number>;
  readonly write: Map<string, number>;
  stop(): Promise<void>;
}

const WRITES = /\.(PutItem|UpdateItem|DeleteItem|BatchWriteItem)$/;

/** Stands before the engine and asks for the capacity that each request consumes, whoever sends it. */
async function startMeter(endpoint: string): Promise<Meter> {
  const [read, write] = [new Map<string, number>(), new Map<string, number>()];
  const agent = new Agent({ keepAlive: true });
  const server = createServer(async (incoming, outgoing) => {
    const { host: _, 'content-length': __, ...headers } = incoming.headers;
    const body = { ...JSON.parse(await text(incoming)), ReturnConsumedCapacity: 'INDEXES' };
    const forward = request(endpoint, { method: 'POST', agent, headers }, async (response) => {
      const answer = await text(response);
      const { ConsumedCapacity } = JSON.parse(answer);
      const isWrite = WRITES.test(String(incoming.headers['x-amz-target']));
      const units = isWrite ? write : read;
      for (const { TableName, CapacityUnits } of [ConsumedCapacity ?? []].flat()) {
        units.set(TableName, (units.get(TableName) ?? 0) + CapacityUnits);
      }
      // A failed condition is charged as a write of the item that was there, and the engine reports nothing.
      outgoing.writeHead(response.statusCode ?? 500, { 'content-type': 'application/x-amz-json-1.0' }).end(answer);
    });
    forward.on('error', () => outgoing.destroy()).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The meter got no port.');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    read,
    write,
    stop: async () => {
      agent.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}

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
      client.destroy();
      const fulfilled = spent(TABLES.koogate) - accepted;
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
          note: `fulfilment: ${per(fulfilled)} (claim, customer's pointer, audit entry, outcome with sealed order and access)`,
        },
      ];
      return rows;
    },
    { through },
  );
};

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
