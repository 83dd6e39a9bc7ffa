import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { createFulfil } from '../../handlers/create-fulfil.ts';
import { createProduce, type ProduceDependencies } from '../../handlers/create-produce.ts';
import { defineProducts, type Product, type ProductSettings } from '../../lib/config/products.ts';
import type { Delivery } from '../../lib/fulfilment/dependencies.ts';
import { fulfilInline, issueInline } from '../../lib/fulfilment/inline.ts';
import type { RouteEvent } from '../../lib/middleware/route.ts';
import type { AskedOrder } from '../../lib/open-api/query-order.ts';
import { createSealer } from '../../lib/sealing/sealer.ts';
import { hmacKeysOf } from '../../lib/secrets/hmac-keys.ts';
import { type ProductSecrets, type Secrets, SecretsUnavailable } from '../../lib/secrets/secrets.ts';
import type { Order } from '../../lib/seller/contract.ts';
import { clientSecretOpener } from '../../lib/tenants/client-secrets.ts';
import { recordingLog } from '../middleware/support.ts';
import { type CallOptions, lambdaContext, routeEvent } from './route.ts';
import { namedPair, privatePem, publicPem } from './rsa.ts';
import { startTable } from './table.ts';

/** Access keys that every product of a test installation has. */
export const KEYS = {
  base: ['base-key-new', 'base-key-old'],
  general: ['general-key-new'],
  kit: ['kit-key-new', 'kit-key-old'],
  license: ['license-key-new'],
};

/** A body as the marketplace receives it. */
export interface Received {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly json: Record<string, unknown> & { resultCode?: string; resultMsg?: string; instanceId?: string };
}

/** Both functions in process, on a real engine, with a clock that only the test moves. */
export async function startInstallation(
  settings: Record<string, ProductSettings>,
  options: {
    queryOrder?: (orderId: string, orderLineId?: string) => Promise<Order>;
    /** Throws where a delivery is to fail. */
    deliver?: (eventId: string, license: string) => Promise<void>;
  } = {},
) {
  const engine = await startTable();
  const wire = namedPair('wire');
  const products = defineProducts(settings);
  const time = { now: 1_700_000_000_000 };
  const log = recordingLog();
  const calls: string[] = [];
  /** Licences that arrived at the marketplace. */
  const delivered: { eventId: string; license: string; file?: string }[] = [];
  const { privateKey: licenseKey } = generateKeyPairSync('ed25519');
  const ownSecret = (name: string): string => {
    if (name !== 'license-key') throw new SecretsUnavailable(name);
    return licenseKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  };
  /** Replace to make the table slow or broken; `undefined` lets the call through. */
  const faults: { next?: (name: string) => Promise<void> | undefined } = {};
  const own: { current: () => Promise<ProductSecrets> } = {
    current: async () => ({
      accessKeys: KEYS,
      credentialsKey: publicPem(wire.publicKey),
    }),
  };
  const sealing = {
    credentials: sealingPair('credentials'),
    personal: sealingPair('personal'),
    kit: sealingPair('kit'),
  };
  const secrets: Secrets = {
    product: () => own.current(),
    sealing: async (kind, half) => [{ kid: `${kind}-1`, key: sealing[kind][half] }],
    account: async () => ({ accessKeyId: 'ak', secretAccessKey: 'sk' }),
    kit: async () => [sealing.kit.private],
    database: async () => '',
    hmac: async () => ({ audit: 'a'.repeat(32), customer: 'c'.repeat(32) }),
    mail: async () => ({ host: 'localhost', port: 25, from: 'koogate@example.com' }),
    receiver: async () => 'ops@example.com',
    login: async () => 'a secret of the login with 32 characters',
    sellerOwn: async (name) => ownSecret(name),
    seller: async () => {
      throw new SecretsUnavailable('seller');
    },
  };
  // Counts what the product sends; the type of `send` is the client's own.
  const send: typeof engine.client.send = async (...args: unknown[]) => {
    const name = (args[0] as object).constructor.name;
    calls.push(name);
    await faults.next?.(name);
    return Reflect.apply(engine.client.send, engine.client, args);
  };
  const common = {
    table: { client: { send }, name: engine.table.name },
    products,
    secrets,
    sealer: createSealer(secrets),
    sellerOf: ({ seller }: Product) => seller,
    queryOrder: async ({ orderId, orderLineId }: AskedOrder) =>
      (options.queryOrder ?? (async () => order(orderId, orderLineId)))(orderId, orderLineId),
    sellerSecret: async (name: string) => ownSecret(name),
    hmacKeys: () => hmacKeysOf(secrets),
    deliverLicense: async ({ eventId, license }: Delivery) => {
      const shown = typeof license === 'string' ? license : Buffer.from(license.content).toString('utf8');
      await options.deliver?.(eventId, shown);
      delivered.push({ eventId, license: shown, ...(typeof license === 'string' ? {} : { file: license.name }) });
    },
    clock: () => time.now,
    random: () => 0.5,
    newToken: randomUUID,
    log,
  };
  const tools = {
    ...common,
    openClientSecret: clientSecretOpener(secrets),
    fulfilInline: (...purchase) => fulfilInline(common, ...purchase),
    issueInline: (...application) => issueInline(common, ...application),
  } satisfies ProduceDependencies;
  const produce = createProduce(tools);
  const fulfil = createFulfil(common);

  const deliver = async (event: RouteEvent): Promise<Received> => {
    const answer = (await produce(event, lambdaContext)) as APIGatewayProxyStructuredResultV2;
    const text = answer.body ?? '';
    return {
      status: answer.statusCode,
      headers: answer.headers ?? {},
      text,
      json: text === '' ? {} : JSON.parse(text),
    };
  };

  return {
    /** What client secrets are encrypted with for the products, PEM. */
    kitPublicKey: sealing.kit.public,
    products,
    /** What activities are given, for those that are called by themselves. */
    tools,
    sealer: common.sealer,
    time,
    log,
    calls,
    delivered,
    licenseKey,
    faults,
    own,
    wire,
    engine,
    /** One call to the route; the message is signed with the key unless it is text or bytes with its own signature. */
    async call(message: unknown, options: Partial<CallOptions> & { key?: string } = {}): Promise<Received> {
      const { key = KEYS.base[0] ?? '', ...rest } = options;
      return deliver(routeEvent(key, message, { now: time.now, ...rest }));
    },
    deliver,
    /** The sweep, as the schedule starts it. */
    async sweep(): Promise<void> {
      await fulfil(scheduleEvent(), { ...lambdaContext, getRemainingTimeInMillis: () => 290_000 });
    },
    stop: () => engine.stop(),
  };
}

export type Installation = Awaited<ReturnType<typeof startInstallation>>;

/** A purchase as the order query would describe it. */
export function order(orderId: string, orderLineId = `${orderId}-000001`): Order {
  return {
    orderId,
    orderType: 'NEW',
    createdAt: new Date(1_699_999_990_000),
    line: {
      orderLineId,
      chargingMode: 'PERIOD',
      expiresAt: new Date(1_731_500_000_000),
      periodType: 'year',
      periodNumber: 1,
      products: [{ productId: 'p-year', skuCode: 'sku-small', linearValue: 10, productName: 'Demo' }],
    },
    buyer: { customerId: 'c-1', customerName: 'buyer', mobilePhone: '13800000000', email: 'buyer@example.com' },
    extendParams: [],
  };
}

function sealingPair(name: string): { public: string; private: string } {
  const { publicKey, privateKey } = namedPair(name);
  return { public: publicPem(publicKey), private: privatePem(privateKey) };
}

function scheduleEvent() {
  return {
    version: '0',
    id: 'sweep',
    'detail-type': 'Scheduled Event' as const,
    source: 'aws.events' as const,
    account: 'local',
    time: '',
    region: 'local',
    resources: [],
    detail: {},
  };
}
