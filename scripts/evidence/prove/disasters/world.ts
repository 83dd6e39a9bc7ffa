import { createHmac, randomUUID } from 'node:crypto';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { SweepAlarms } from '../../../../handlers/alarms.ts';
import { createFulfil } from '../../../../handlers/create-fulfil.ts';
import { createMeter } from '../../../../handlers/create-meter.ts';
import { createProduce } from '../../../../handlers/create-produce.ts';
import { createAlarms } from '../../../../lib/alarms/alarms.ts';
import type { Message } from '../../../../lib/alarms/message.ts';
import { createObservations } from '../../../../lib/alarms/observations.ts';
import type { Receiver } from '../../../../lib/alarms/receivers.ts';
import type { RuleId } from '../../../../lib/alarms/rules.ts';
import { defineProducts } from '../../../../lib/config/products.ts';
import type { FulfilDependencies } from '../../../../lib/fulfilment/dependencies.ts';
import type { Key } from '../../../../lib/instances/keys.ts';
import type { Fields, Log } from '../../../../lib/log.ts';
import type { RouteEvent } from '../../../../lib/middleware/route.ts';
import type { RecordResult } from '../../../../lib/open-api/usage-results.ts';
import { createSealer } from '../../../../lib/sealing/sealer.ts';
import { SecretsUnavailable } from '../../../../lib/secrets/secrets.ts';
import type { HookContext, Order, Seller } from '../../../../lib/seller/contract.ts';
import { MemoryEngine, type Send } from '../../../../lib/table/memory.ts';
import type { Table } from '../../../../lib/table/table.ts';
import type { UsageDependencies } from '../../../../lib/usage/dependencies.ts';
import { usageKey } from '../../../../lib/usage/keys.ts';
import { requeueByHand } from '../../../../lib/usage/operate.ts';
import { testSecrets } from '../../../testing/keys.ts';
import { Outside } from './outside.ts';

/** The access key that both sides have, and the one that the console has after somebody has changed it. */
const KEY = 'the-access-key-of-both';
const OTHER_KEY = 'the-access-key-of-one';

/** Milliseconds that a hook may take here: the one wait that is real. */
const HOOK_MS = 20;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Faults of a world; a disaster sets them, and its repair takes them back. */
export interface Faults {
  keysGone?: boolean;
  wrongKey?: boolean;
  /** Sends a purchase's order line under another name. */
  memberRenamed?: boolean;
  /** Called before each hook, with its name; gives what the hook answers instead, if anything. */
  hook?: (instanceId: string, name: string) => Promise<unknown> | undefined;
  /** Milliseconds that every access to the table takes for calls. */
  slowMs?: number;
  /** Called before each request to the table, with its name and the key of its item. */
  table?: (name: string, pk: string) => void;
  streamDead?: boolean;
  sweepDead?: boolean;
  clockOff?: boolean;
  ordersDown?: boolean;
  usageRefused?: boolean;
  marketplaceSilent?: boolean;
}

/** A world with everything in it: the functions, their alarms, the marketplace, a clock that moves by the minute. */
export interface World {
  readonly faults: Faults;
  readonly table: Table;
  now(): number;
  /** Minutes since the beginning. */
  minute(): number;
  /** Buys an instance, as the marketplace does. @returns the answer's code and the instance */
  buy(): Promise<{ readonly code: string; readonly instanceId: string }>;
  dialTest(): Promise<void>;
  /** Releases an instance. */
  release(instanceId: string): Promise<void>;
  /** Reports usage of an hour of an instance. */
  report(instanceId: string): Promise<void>;
  /** Queues again what usage was refused. */
  requeueUsage(): Promise<void>;
  /** Lets a minute pass, or some. */
  step(minutes?: number): Promise<void>;
  /** Carries out what is due, as the stream does. */
  wake(): Promise<void>;
  /** Messages that receivers have had. */
  readonly messages: readonly Message[];
  /** Rules whose alarm is open, as the receivers know. */
  inside(): readonly RuleId[];
  /** Outside alarms that ring. */
  outside(): readonly string[];
}

/** Switches of a world. */
export interface WorldOptions {
  /** Tells receivers of what the rules find; without it only what watches from outside can be heard. */
  readonly hasReceivers: boolean;
  /** Another receiver, and with it another server that sweeps at the same moments where time goes by the minute. */
  readonly other?: Receiver;
}

/** Makes a world that begins on a morning in Beijing. */
export function createWorld({ hasReceivers, other }: WorldOptions): World {
  const start = Date.UTC(2026, 2, 4, 1); // nine in the morning, far from a month's end
  let now = start;
  const clock = () => now;
  const faults: Faults = {};
  const outside = new Outside(now);
  const messages: Message[] = [];
  const open = new Set<RuleId>();
  let isCalled = false;
  const access = () => {
    if (isCalled) now += faults.slowMs ?? 0; // the first access of a call takes all of the time
    isCalled = false;
  };
  const { table, due } = memory(faults, access, (name) => outside.add(name, now, 1));
  const log = watchedLog((message, fields) => {
    if (message === 'call' && fields.status === 503) outside.add('CallsWithoutKeys', now, 1);
    if (message === 'OldestDueAge') outside.add('OldestDueAge', now, Number(fields.value));
  });
  const seller = sellerWith(faults);
  const products = new Map(
    [...defineProducts({ demo: { seller } })].map(([id, product]) => [id, { ...product, hookTimeout: HOOK_MS }]),
  );
  const keys = testSecrets({ base: KEY, general: KEY, kit: KEY, license: KEY }, {});
  const secrets = {
    ...keys,
    product: async () => {
      if (faults.keysGone) throw new SecretsUnavailable('The parameter cannot be read.', 'unreachable');
      return keys.product('demo');
    },
  };
  const deps: FulfilDependencies = {
    table,
    products,
    sealer: createSealer(secrets),
    log,
    sellerOf: (product) => product.seller,
    queryOrder: async ({ orderId, orderLineId }) => {
      if (faults.ordersDown) throw new Error('The marketplace gave no order: HTTP 502.');
      return orderOf(orderId, orderLineId, now);
    },
    sellerSecret: async () => '',
    clock,
    random: () => 0.5,
    newToken: randomUUID,
  };
  const observations = createObservations(table, clock);
  const produce = createProduce({
    ...deps,
    secrets,
    observations,
    openClientSecret: async () => '',
    fulfilInline: async () => undefined,
    issueInline: async () => undefined,
  } as never);
  const ops: Receiver = {
    name: 'ops',
    send: async (message) => {
      messages.push(message);
      for (const { turn, sighting } of message.news) {
        if (turn === 'closed') open.delete(sighting.rule);
        else open.add(sighting.rule);
      }
    },
  };
  const alarmsOf = (owner: string): SweepAlarms => ({
    ...createAlarms({
      ...{ table, clock, log, from: 'shop prod', owner, observations: createObservations(table, clock) },
      products: [{ id: 'demo', onSale: true }],
      receivers: hasReceivers ? [ops, ...(other ? [other] : [])] : [],
    }),
    beat: async () => outside.beat(now),
  });
  const alarms = alarmsOf('me');
  const fulfil = createFulfil(deps, undefined, alarms);
  const secondServer = other && createFulfil(deps, undefined, alarmsOf('another'));
  const usage: UsageDependencies = {
    ...deps,
    batchSize: 100,
    pushUsage: async (_, records) =>
      records.map(
        ({ meteringSn }): RecordResult =>
          faults.usageRefused
            ? { meteringSn, outcome: 'refused', code: '014', action: 'correct', meaning: 'closed before the end' }
            : { meteringSn, outcome: 'accepted' },
      ),
  };
  const meter = createMeter(usage);
  const reported: Key[] = [];
  const context = { getRemainingTimeInMillis: () => 290_000 } as Context;

  const wake = async () => {
    const woken = due(now);
    if (woken.length > 0) await fulfil({ keys: woken }, context);
  };
  const call = async (message: object): Promise<Record<string, unknown>> => {
    const sentAt = now;
    isCalled = true;
    const event = eventOf(message, faults.wrongKey ? OTHER_KEY : KEY, now);
    const { statusCode = 0, body = '{}' } = (await produce(event, context)) as APIGatewayProxyStructuredResultV2;
    if (statusCode >= 500) outside.add('5xx', now, 1);
    isCalled = false;
    outside.add('Latency', now, Math.max(20, now - sentAt));
    if (!faults.streamDead) await wake();
    return JSON.parse(body || '{}') as Record<string, unknown>;
  };
  let orders = 0;
  const minute = () => Math.floor((now - start) / MINUTE_MS);
  return {
    faults,
    table,
    messages,
    now: clock,
    minute,
    buy: async () => {
      orders += 1;
      const orderId = `CS${String(orders).padStart(6, '0')}`;
      const line = faults.memberRenamed ? 'orderLine' : 'orderLineId';
      const answer = await call({ activity: 'newInstance', orderId, [line]: `${orderId}-000001`, businessId: orderId });
      return { code: String(answer.resultCode), instanceId: String(answer.instanceId) };
    },
    dialTest: async () => {
      if (faults.marketplaceSilent) return;
      const test = { orderId: 'o', orderLineId: 'l', businessId: 'b', instanceId: 'i', testFlag: '1' };
      for (const activity of ['newInstance', 'queryInstance', 'releaseInstance']) await call({ activity, ...test });
    },
    release: async (instanceId) => {
      await call({ activity: 'releaseInstance', instanceId });
    },
    report: async (instanceId) => {
      const end = Math.floor(now / HOUR_MS) * HOUR_MS;
      const [begin, until] = [new Date(end - HOUR_MS).toISOString(), new Date(end).toISOString()];
      const id = `r-${instanceId}-${end}`;
      reported.push(usageKey('demo', instanceId, { begin: end - HOUR_MS, end }));
      await meter({ reports: [{ product: 'demo', instanceId, begin, end: until, value: 1, id }] }, context);
    },
    requeueUsage: async () => {
      for (const key of reported) await requeueByHand(usage, key);
    },
    wake,
    step: async (minutes = 1) => {
      now = start + (minute() + minutes) * MINUTE_MS;
      if (!faults.sweepDead) await fulfil({ source: 'timer' }, context).catch(() => undefined);
      if (minutes === 1) await secondServer?.({ source: 'timer' }, context);
      if (faults.clockOff !== undefined) {
        await alarms.own('clock', faults.clockOff ? 'off' : undefined);
      }
      if ([1, 5, 9, 13].includes(new Date(now).getUTCMinutes())) {
        await meter({ source: 'timer' }, context).catch(() => undefined);
      }
    },
    inside: () => [...open],
    outside: () => outside.ringing(now),
  };
}

/** A table in memory that fails as told, and a list of what is due in it: what its stream would bring. */
function memory(faults: Faults, access: () => void, throttled: (metric: 'WriteThrottleEvents') => void) {
  const engine = new MemoryEngine();
  const send = async (...args: unknown[]): Promise<unknown> => {
    const command = args[0] as { readonly input: { readonly Key?: Key; readonly Item?: unknown } };
    access();
    const { pk } = Object(command.input.Key ?? command.input.Item) as { readonly pk?: { readonly S?: string } };
    try {
      faults.table?.(command.constructor.name, pk?.S ?? '');
    } catch (error) {
      if ((error as Error).name === 'ThrottlingException') throttled('WriteThrottleEvents');
      throw error;
    }
    return Reflect.apply(engine.send, engine, args);
  };
  const due = (now: number): readonly Key[] =>
    [...engine.items.values()]
      .filter(({ dueShard, dueAt, leaseOwner }) => {
        return Number(dueShard?.N) < 8 && Number(dueAt?.N) <= now && leaseOwner === undefined;
      })
      .map(({ pk, sk }) => ({ pk: pk?.S ?? '', sk: sk?.S ?? '' }));
  return { table: { name: 'koogate', client: { send: send as Send } } satisfies Table, due };
}

function watchedLog(see: (message: string, fields: Fields) => void): Log {
  return {
    info: (message, fields = {}) => see(message, fields),
    warn: () => {},
    error: () => {},
    metric: (name, value) => see(name, { value }),
  };
}

function sellerWith(faults: Faults): Seller {
  const hook =
    (name: string, answer?: unknown) =>
    async ({ instance }: { readonly instance: { readonly instanceId: string } }, { signal }: HookContext) => {
      const said = await faults.hook?.(instance.instanceId, name);
      signal.throwIfAborted();
      return (said ?? answer) as undefined;
    };
  const none = hook('other');
  const access = { frontEndUrl: 'https://tenant.example.com', userName: 'owner', password: 'first-pass' };
  const provision = hook('provision', { access }) as unknown as Seller['provision'];
  return { provision, renew: none, freeze: none, unfreeze: none, upgrade: none, release: none };
}

function orderOf(orderId: string, orderLineId: string | undefined, now: number): Order {
  return {
    orderId,
    orderType: 'NEW',
    createdAt: new Date(now),
    line: {
      orderLineId: orderLineId ?? `${orderId}-000001`,
      chargingMode: 'ON_DEMAND',
      products: [{ productId: 'p', skuCode: 's' }],
    },
    buyer: { customerId: 'c', customerName: 'n' },
    extendParams: [],
  } as Order;
}

function eventOf(message: object, key: string, now: number): RouteEvent {
  const body = JSON.stringify(message);
  const [timestamp, nonce] = [String(now), randomUUID()];
  const hashed = createHmac('sha256', key).update(body).digest('hex');
  const signature = createHmac('sha256', key).update(`${key}${nonce}${timestamp}${hashed}`).digest('hex').toUpperCase();
  return {
    rawPath: '/produce/demo',
    rawQueryString: `signature=${signature}&timestamp=${timestamp}&nonce=${nonce}`,
    headers: {},
    pathParameters: { product: 'demo' },
    requestContext: { timeEpoch: now, http: { method: 'POST' } },
    isBase64Encoded: false,
    body,
  } as unknown as RouteEvent;
}
