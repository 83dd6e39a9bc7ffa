import { randomUUID } from 'node:crypto';
import { defineProducts } from '../../../../lib/config/products.ts';
import type { FulfilDependencies } from '../../../../lib/fulfilment/dependencies.ts';
import { sweep } from '../../../../lib/fulfilment/fulfil-all.ts';
import { importInstance } from '../../../../lib/instances/import.ts';
import { keys } from '../../../../lib/instances/keys.ts';
import { createNotes } from '../../../../lib/instances/notes.ts';
import { claim, giveBack } from '../../../../lib/instances/outbox.ts';
import * as store from '../../../../lib/instances/store.ts';
import { acceptApplication } from '../../../../lib/licenses/accept-application.ts';
import { acceptCodeRelease, acceptCodeRenewal, acceptCodeStatus } from '../../../../lib/licenses/accept-code.ts';
import { createLog } from '../../../../lib/log.ts';
import { keepRound, readRound } from '../../../../lib/reconcile/cursor.ts';
import type { Order, Seller } from '../../../../lib/seller/contract.ts';
import type { Table } from '../../../../lib/table/table.ts';
import { acceptSync } from '../../../../lib/tenants/accept.ts';
import { acceptDepartments } from '../../../../lib/tenants/accept-departments.ts';
import { findApplication } from '../../../../lib/tenants/find-application.ts';
import { kitKeys } from '../../../../lib/tenants/keys.ts';
import { readDepartments } from '../../../../lib/tenants/read-departments.ts';
import { requeueTenant } from '../../../../lib/tenants/requeue.ts';
import { ON_DEMAND_ORDER, usage } from './life-usage.ts';

/*
 * Life of one installation, from the first purchase to the last release: every kind of request that KooGate sends, made
 * by KooGate's own code. Whoever gives the table sees them, and compares the answers.
 */

const START = 1_700_000_000_000;
const DAY_MS = 86_400_000;
/** Longer than any pause between two attempts, and than any hold. */
const STEP_MS = 5_400_000;

/** Answers of the hooks, in turn; undefined: done. */
type Behaviour = (hook: string, attempt: number) => unknown;

/** A life under way. */
export interface Life {
  readonly table: Table;
  readonly run: string;
  readonly product: string;
  readonly deps: FulfilDependencies;
  now(): number;
  behave(behaviour: Behaviour): void;
  /** Sweeps until nothing is due, a step after another. */
  settle(): Promise<void>;
}

/** Plays everything on a table that nothing else works on. `run` is part of every key. */
export async function playLife(table: Table, run: string): Promise<void> {
  const life = begin(table, run);
  await instances(life);
  await v1(life);
  await licenses(life);
  await tenants(life);
  await usage(life);
  await others(life);
}

function begin(table: Table, run: string): Life {
  const product = `check-${run}`;
  let now = START;
  let behaviour: Behaviour = () => undefined;
  const hook = (name: string, done?: unknown) =>
    (async (_: unknown, { attempt }: { attempt: number }) => (await behaviour(name, attempt)) ?? done) as never;
  const names = ['renew', 'freeze', 'unfreeze', 'upgrade', 'release', 'orderNotified'];
  const tenantNames = [
    'tenantChanged',
    'applicationChanged',
    'userChanged',
    'departmentChanged',
    'departmentsReplaced',
  ];
  const seller = {
    provision: hook('provision', { access: { frontEndUrl: 'https://tenant.example.com' } }),
    issueLicense: hook('issueLicense', { license: 'l' }),
    ...Object.fromEntries(names.map((name) => [name, hook(name)])),
    tenants: Object.fromEntries(tenantNames.map((name) => [name, hook(name)])),
  } as unknown as Seller;
  const deps: FulfilDependencies = {
    table,
    products: defineProducts({ [product]: { seller } }),
    sealer: {
      seal: async (kind, value) => `${kind}:${JSON.stringify(value)}`,
      open: async (kind, sealed) => JSON.parse(sealed.slice(kind.length + 1)),
    },
    log: createLog(
      () => {},
      new Set(),
      () => now,
      {},
    ),
    sellerOf: (known) => known.seller,
    queryOrder: async ({ orderId, orderLineId }) => order(orderId, orderLineId ?? `${orderId}-1`),
    deliverLicense: async () => {},
    sellerSecret: async () => '',
    clock: () => now,
    random: () => 0,
    newToken: randomUUID,
  };
  const settle = async () => {
    for (let [rounds, idle] = [0, 0]; idle < 2 && rounds < 40; rounds += 1, now += STEP_MS) {
      idle = (await sweep(deps, () => 1_000_000)).attempts === 0 ? idle + 1 : 0;
    }
  };
  return { table, run, product, deps, now: () => now, behave: (next) => (behaviour = next), settle };
}

function order(orderId: string, orderLineId: string): Order {
  return {
    orderId,
    orderType: 'NEW',
    createdAt: new Date(START - DAY_MS),
    line: {
      orderLineId,
      chargingMode: orderId === ON_DEMAND_ORDER ? 'ON_DEMAND' : 'PERIOD',
      expiresAt: new Date(START + 365 * DAY_MS),
      products: [{ productId: 'p', skuCode: 's' }],
    },
    buyer: { customerId: 'c', customerName: 'n' },
    extendParams: [],
  };
}

const line = (orderId: string) => ({ orderId, orderLineId: `${orderId}-1` });
const failsForGood =
  (on: string): Behaviour =>
  (hook) =>
    hook === on ? { failed: { reason: 'for good' } } : undefined;

async function instances({ table, product, now, behave, settle }: Life): Promise<void> {
  const purchase = { product, ...line('O1'), sentAt: 1 };
  const { instanceId } = await store.acceptPurchase(table, purchase, now());
  const id = { product, instanceId };
  await store.acceptPurchase(table, purchase, now());
  const renewal = { ...id, ...line('O2'), scene: 'RENEWAL' as const, expiresAt: START + DAY_MS, sentAt: 5 };
  for (const call of [renewal, renewal, { ...renewal, ...line('O3'), sentAt: 4, productId: 'p' }]) {
    await store.acceptRenewal(table, call, now());
  }
  for (const sentAt of [6, 6, 3]) await store.acceptStatus(table, { ...id, status: 'FREEZE', sentAt }, now());
  await store.acceptUpgrade(table, { ...id, ...line('O4'), sentAt: 7 }, now());
  behave((hook, attempt) => (hook === 'provision' && attempt < 3 ? Promise.reject(new Error('not yet')) : undefined));
  await settle();
  await store.acceptRenewal(table, { ...renewal, ...line('O5'), sentAt: now() }, now());
  behave(failsForGood('renew'));
  await settle();
  await store.requeue(table, keys.instance(product, instanceId), now());
  behave(() => undefined);
  await settle();
  const refused = await store.acceptPurchase(table, { product, ...line('O6'), sentAt: 1 }, now());
  behave(failsForGood('provision'));
  await settle();
  await store.acceptPurchase(table, { product, ...line('O6'), sentAt: 2 }, now());
  behave(() => undefined);
  await settle();
  await store.acceptOrderNotice(table, { product, ...line('O7'), sentAt: 1 }, now());
  await settle();
  for (const sentAt of [now(), now() + 1]) await store.acceptRelease(table, { ...id, sentAt }, now());
  const key = keys.instance(product, instanceId);
  const hold = await claim(table, key, { owner: 'check', until: now() + 1, now: now() });
  if (hold !== undefined) await giveBack(table, hold);
  await settle();
  await store.readInstances(table, product, [instanceId, refused.instanceId, 'nobody']);
}

async function v1({ table, product, deps, now, settle }: Life): Promise<void> {
  const told = await deps.sealer.seal('personal', order('V1', ''), keys.instance(product, 'v1'));
  const id = { product, instanceId: 'v1' };
  await store.acceptPurchase(table, { ...id, orderId: 'V1', orderLineId: '', told, sentAt: 1 }, now());
  await store.acceptStatus(table, { ...id, status: 'FREEZE', reason: 'expired', sentAt: 2 }, now());
  const renewal = {
    ...id,
    orderLineId: '',
    scene: 'RENEWAL' as const,
    expiresAt: now() + 400 * DAY_MS,
    unfreezes: true,
  };
  await store.acceptRenewal(table, { ...renewal, orderId: 'V2', told, sentAt: 3 }, now());
  await store.acceptStatus(table, { ...id, status: 'FREEZE', sentAt: 4 }, now());
  await store.acceptRenewal(table, { ...renewal, orderId: 'V3', told, sentAt: 5 }, now());
  await settle();
  await importInstance(table, { product, instanceId: 'given-out', ...line('O8'), derivedIds: ['d1', 'd2'] }, now());
}

async function licenses({ table, product, deps, now, behave, settle }: Life): Promise<void> {
  const code = { product, instanceId: 'LIC-1' };
  const renewal = { ...code, scene: 'RENEWAL' as const, expiresAt: now() + DAY_MS };
  for (const sentAt of [3, 2]) await acceptCodeRenewal(table, { ...renewal, ...line(`L${sentAt}`), sentAt }, now());
  await acceptCodeStatus(table, { ...code, status: 'FREEZE', sentAt: 4 }, now());
  await acceptCodeStatus(table, { ...code, status: 'UNFREEZE', sentAt: 5 }, now());
  await acceptCodeRelease(table, { ...code, sentAt: 9 }, now());
  const { instanceId } = await store.acceptPurchase(table, { product, ...line('O9'), sentAt: 1 }, now());
  const application = async (eventId: string) => {
    const key = keys.application(product, eventId, 'd');
    const request = await deps.sealer.seal('personal', { effectiveAt: new Date(0) }, key);
    return { product, instanceId, eventId, deviceFingerprint: 'd', request, sentAt: 1 };
  };
  for (const eventId of ['e', 'e', 'f']) await acceptApplication(table, await application(eventId), now());
  behave(failsForGood('issueLicense'));
  await settle();
  await acceptApplication(table, await application('f'), now());
  behave(() => undefined);
  await settle();
}

async function tenants({ table, product, now, behave, settle }: Life): Promise<void> {
  const binding = { product, tenantId: 't', instanceId: 'i' };
  const sync = (event: 'added' | 'changed' | 'removed', sentAt: number) => {
    const record =
      event === 'removed' ? {} : { name: 'Acme', tenantCode: 'acme', domainName: 'https://acme.example.com' };
    const call = { kind: 'tenant', event, sentAt, record, fingerprint: event, isTest: event === 'changed' } as const;
    return acceptSync(table, kitKeys.tenant(binding), binding, call, now());
  };
  for (const event of ['added', 'changed', 'changed', 'removed', 'added'] as const)
    await sync(event, 1_000 + event.length);
  const tree = { fingerprint: 't', isTest: true, departments: [{ orgCode: 'a', orgName: 'A', parentCode: '' }] };
  for (const sentAt of [1, 2]) await acceptDepartments(table, binding, { ...tree, sentAt }, now());
  await settle();
  await readDepartments(table, binding);
  await findApplication(table, binding, 'app');
  behave(failsForGood('tenantChanged'));
  await sync('added', now());
  await settle();
  await requeueTenant(table, binding, now());
  behave(() => undefined);
  await settle();
}

async function others({ table, product, run, now }: Life): Promise<void> {
  for (const at of [1_000, 1_001, 9_000_000]) await store.claimNonce(table, product, 'nonce', at);
  const notes = createNotes(table, product);
  for (const value of [1, 2]) await notes.create(`note ${run}`, value);
  await notes.put(`note ${run}`, { deep: ['x'] });
  await notes.get(`note ${run}`);
  await notes.delete(`note ${run}`);
  const round = { startedAt: now(), checked: 0, found: 0, repaired: 0 };
  for (const startedAt of [now(), now() + 1, now() - 1]) await keepRound(table, { ...round, startedAt });
  await readRound(table);
}
