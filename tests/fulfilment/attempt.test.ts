import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Product } from '../../lib/config/products.ts';
import { attempt } from '../../lib/fulfilment/attempt.ts';
import type { FulfilDependencies } from '../../lib/fulfilment/dependencies.ts';
import type { InstanceItem, OrderNoticeItem, PendingChange } from '../../lib/instances/item.ts';
import { keys } from '../../lib/instances/keys.ts';
import type { KitChange } from '../../lib/instances/kit-item.ts';
import type { ApplicationItem, LicenseItem } from '../../lib/instances/license-item.ts';
import type { AnyChange, OutboxItem } from '../../lib/instances/outbox.ts';
import type { LicenseHooks, LicenseRenewal } from '../../lib/seller/license-contract.ts';
import type { Table } from '../../lib/table/table.ts';
import { AT } from '../support/sealed-at.ts';
import { DAY, type World, world } from './world.ts';

const NOW = 1_700_000_000_000;
const outbox = { product: 'demo', pending: [], failed: {}, attempts: 1 };
const instance: InstanceItem = {
  ...outbox,
  ...keys.instance('demo', 'i-1'),
  instanceId: 'i-1',
  orderId: 'CS1',
  orderLineId: 'CS1-1',
  wanted: 'ACTIVE',
  state: 'ACTIVE',
  orders: new Set(['newInstance#CS1#CS1-1']),
  statusAt: 0,
  expireSetAt: 0,
  createdAt: NOW,
};
const code: LicenseItem = {
  ...outbox,
  ...keys.license('demo', 'LIC-1'),
  license: 'LIC-1',
  wanted: 'ACTIVE',
  state: 'ACTIVE',
  orders: new Set(['first']),
  statusAt: 0,
  expireSetAt: 0,
  createdAt: NOW,
};
const application: ApplicationItem = {
  ...outbox,
  ...keys.application('demo', 'evt-1', 'D'),
  eventId: 'evt-1',
  instanceId: 'i-1',
  request: 'personal:',
  createdAt: NOW,
};
const notice: OrderNoticeItem = {
  ...outbox,
  ...keys.orderLine('demo', 'CS1', 'CS1-1'),
  orderId: 'CS1',
  orderLineId: 'CS1-1',
  createdAt: NOW,
};
const queued = { id: 'change-1', acceptedAt: NOW, sentAt: NOW };
const ofOrder = { ...queued, orderId: 'CS2', orderLineId: 'CS2-1' };
const renewal: PendingChange = { ...ofOrder, kind: 'renew', scene: 'RENEWAL' };
const upgrade: PendingChange = { ...ofOrder, kind: 'upgrade' };
const freeze: PendingChange = { ...queued, kind: 'freeze' };
const issue: PendingChange = { ...queued, kind: 'issueLicense' };
const deliver: PendingChange = { ...queued, kind: 'deliverLicense' };

/** None of these attempts has any business with the table. */
const noTable: Table = {
  name: 'none',
  client: { send: async () => Promise.reject(new Error('The table was asked.')) },
};

let w: World;
let product: Product;
beforeEach(() => {
  w = world(noTable);
  for (const one of w.deps.products.values()) product = one;
});

function attempted(item: OutboxItem, change: AnyChange, deps: Partial<FulfilDependencies> = {}) {
  return attempt({ ...w.deps, ...deps }, product, { item, change, owner: 'worker', until: NOW + DAY });
}

const sellerWith = (licenses: LicenseHooks) => ({ sellerOf: () => ({ ...product.seller, licenses }) });

describe('a change that its item cannot have is set aside, and the seller is not asked:', () => {
  test.each<[string, OutboxItem, PendingChange, string]>([
    [
      'an upgrade of what was refused',
      { ...instance, state: 'FAILED' },
      upgrade,
      'upgrade is not possible in state FAILED',
    ],
    ['a freeze of an order notice', notice, freeze, 'freeze on an item that is no instance'],
    ['an upgrade of a licence code', code, upgrade, 'upgrade on a licence code'],
    [
      'a freeze of a licence code that has ended',
      { ...code, state: 'RELEASED' },
      freeze,
      'freeze is not possible in state RELEASED',
    ],
    ['a freeze of an application', application, freeze, 'freeze on an application'],
    ['a delivery of what was never issued', application, deliver, 'there is no licence to deliver'],
  ])('%s', async (_, item, change, reason) => {
    expect(await attempted(item, change)).toEqual({ kind: 'failed', reason });
    expect(w.calls).toEqual([]);
  });
});

describe('what lies wrong in the table is tried again rather than told half:', () => {
  const { orderId: _, orderLineId: __, ...orderless } = ofOrder;
  const tenant: KitChange = {
    ...queued,
    kind: 'tenant',
    event: 'added',
    version: '1',
    fingerprint: 'f',
    record: {},
  };
  test.each<[string, OutboxItem, AnyChange, string]>([
    ['a renewal to no date', instance, renewal, 'A renewal without a date.'],
    ['a renewal of a licence code to no date', code, renewal, 'A renewal without a date.'],
    [
      'a notice of no order',
      notice,
      { ...orderless, kind: 'orderNotified' } as PendingChange,
      'A change that should have an order has none.',
    ],
    [
      'what the Kit told, on an instance',
      instance,
      tenant,
      'A change of the Kit on an item that is none of its records.',
    ],
  ])('%s', async (_, item, change, message) => {
    const deps = sellerWith({ renewed: async (told) => void w.calls.push(told as never) });
    expect(await attempted(item, change, deps)).toEqual({ kind: 'fault', error: new Error(message) });
    expect(w.calls).toEqual([]);
  });
});

test('a renewal that lost its date to a newer one is told with the date that holds', async () => {
  const expiresAt = NOW + 365 * DAY;
  expect(await attempted({ ...instance, expiresAt }, renewal)).toEqual({ kind: 'done' });
  expect(w.calls).toMatchObject([{ hook: 'renew', change: { expiresAt: new Date(expiresAt) } }]);
});

test('an order notice that the seller does not listen to costs no query of the order', async () => {
  const { orderNotified: _, ...deaf } = product.seller;
  w.orders.query = () => Promise.reject(new Error('The order was queried.'));
  const notified: PendingChange = { ...ofOrder, kind: 'orderNotified' };
  expect(await attempted(notice, notified, { sellerOf: () => deaf })).toEqual({ kind: 'moot' });
});

test('a licence code is renewed for the product that the order names, with the date that holds', async () => {
  const renewals: LicenseRenewal[] = [];
  const deps = sellerWith({ renewed: async (told) => void renewals.push(told) });
  const expiresAt = NOW + DAY;
  const change: PendingChange = { ...ofOrder, kind: 'renew', scene: 'RENEWAL', productId: 'p-year' };
  expect(await attempted({ ...code, expiresAt }, change, deps)).toEqual({ kind: 'done' });
  expect(renewals).toEqual([
    {
      license: { product: 'demo', license: 'LIC-1', state: 'ACTIVE', expiresAt: new Date(expiresAt) },
      scene: 'RENEWAL',
      orderId: 'CS2',
      orderLineId: 'CS2-1',
      expiresAt: new Date(expiresAt),
      productId: 'p-year',
    },
  ]);
});

describe('the licence of an application', () => {
  const issued = async (): Promise<ApplicationItem> => ({
    ...application,
    licence: await w.deps.sealer.seal('personal', 'a.b.c', AT),
  });

  test('is not issued a second time', async () => {
    expect(await attempted(await issued(), issue)).toEqual({ kind: 'moot' });
  });

  test('is delivered under its event', async () => {
    const delivered: unknown[] = [];
    const deliverLicense = async (delivery: unknown) => void delivered.push(delivery);
    expect(await attempted(await issued(), deliver, { deliverLicense })).toEqual({ kind: 'done' });
    expect(delivered).toEqual([{ product: 'demo', eventId: 'evt-1', license: 'a.b.c' }]);
  });

  test('that the marketplace will never take is set aside with its reason', async () => {
    const never = Object.assign(new Error('the event has ended'), { permanent: true });
    const verdict = await attempted(await issued(), deliver, { deliverLicense: () => Promise.reject(never) });
    expect(verdict).toEqual({ kind: 'failed', reason: 'the event has ended' });
  });

  test.each<[string, unknown]>([
    ['is not known', new Error('502')],
    ['may pass', Object.assign(new Error('busy'), { permanent: false })],
    ['is no Error', 'gone'],
  ])('is tried again when what hinders its delivery %s', async (_, error) => {
    const verdict = await attempted(await issued(), deliver, { deliverLicense: () => Promise.reject(error) });
    expect(verdict).toEqual({ kind: 'fault', error });
  });

  test('waits for a worker that can deliver', async () => {
    const { deliverLicense: _, ...route } = w.deps;
    const hold = { item: await issued(), change: deliver, owner: 'worker', until: NOW + DAY };
    expect(await attempt(route, product, hold)).toEqual({
      kind: 'fault',
      error: new Error('Nothing is delivered from here.'),
    });
  });
});
