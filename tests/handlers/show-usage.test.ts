import { expect, test } from '@jest/globals';
import type { ActivityContext, ActivityTools } from '../../handlers/activities/activity.ts';
import { sampleInfo } from '../../handlers/activities/sample-access.ts';
import { usageOf } from '../../handlers/activities/show-usage.ts';
import { defineProducts, type Product } from '../../lib/config/products.ts';
import type { InstanceItem } from '../../lib/instances/item.ts';
import type { Seller } from '../../lib/seller/contract.ts';
import type { UsageAnswer, UsageQuestion } from '../../lib/seller/usage-contract.ts';
import { recordingLog } from '../middleware/support.ts';

const NOW = Date.UTC(2025, 8, 1, 2);
const STAMP = '20250901020000000';
const common = { product: 'crm', orderId: 'CS1', orderLineId: 'CS1-1', state: 'ACTIVE' };
const stored = { version: 1, total: '12.5', at: NOW, counted: [] };
const OD = { ...common, instanceId: 'od', chargingMode: 'ON_DEMAND', usage: stored } as unknown as InstanceItem;
const PKG = { ...common, instanceId: 'pkg', chargingMode: 'ON_DEMAND_PKG' } as unknown as InstanceItem;
const YEAR = { ...common, instanceId: 'year', chargingMode: 'PERIOD' } as unknown as InstanceItem;
const FALLBACK = [{ usageValue: 12.5, statisticalTime: STAMP }];

/** Asks what is shown of instances. @param left milliseconds that the seller's code has at most */
async function shown(
  items: readonly InstanceItem[],
  usage: Seller['usage'] | undefined,
  settings: Partial<Product> = {},
  left = 3_000,
) {
  const seller = (usage === undefined ? {} : { usage }) as Seller;
  const product = defineProducts({ crm: { ...settings, seller } }).get('crm') as Product;
  const log = recordingLog();
  const tools = { clock: () => NOW, sellerOf: () => seller, newToken: () => 'key', log, table: {} };
  const context = { product, receivedAt: NOW - 3_000 + left, signal: new AbortController().signal };
  const found = await usageOf(items, tools as unknown as ActivityTools, context as ActivityContext);
  return { found: Object.fromEntries(found), warned: log.entries.map(({ fields }) => Object(fields).reason) };
}

const telling = (usage: unknown) => async () => ({ usage }) as UsageAnswer;

test('the hook is asked once for all instances that are charged by usage, and its answer is shown', async () => {
  const asked: UsageQuestion[] = [];
  const { found } = await shown([OD, PKG, YEAR], async (question) => {
    asked.push(question);
    return {
      usage: [
        { instanceId: 'od', value: '99.1234', at: new Date(NOW - 1_000) },
        { instanceId: 'pkg', relatedInstanceId: 'od', value: 7, dashboardUrl: 'https://acme.example.com/u/pkg' },
        { instanceId: 'pkg', relatedInstanceId: 'od-2', value: 0 },
        { instanceId: 'stranger', value: 1 },
      ],
    };
  });
  expect(asked).toMatchObject([
    {
      product: 'crm',
      instances: [
        { instance: { instanceId: 'od' }, chargingMode: 'ON_DEMAND' },
        { instance: { instanceId: 'pkg' }, chargingMode: 'ON_DEMAND_PKG' },
      ],
    },
  ]);
  expect(found).toEqual({
    od: [{ usageValue: 99.1234, statisticalTime: '20250901015959000' }],
    pkg: [
      {
        relatedInstanceId: 'od',
        usageValue: 7,
        statisticalTime: STAMP,
        dashboardUrl: 'https://acme.example.com/u/pkg',
      },
      { relatedInstanceId: 'od-2', usageValue: 0, statisticalTime: STAMP },
    ],
  });
});

test('without the hook, and for instances that it does not name, what was pushed is shown; a package always has an entry', async () => {
  const pushed = { od: FALLBACK, pkg: [{ usageValue: 0, statisticalTime: STAMP }] };
  expect((await shown([OD, PKG], undefined)).found).toEqual(pushed);
  expect((await shown([OD, PKG], telling([]))).found).toEqual(pushed);
});

test('nobody is asked about instances that are not charged by usage', async () => {
  const { found, warned } = await shown([YEAR], async () => Promise.reject(new Error('was asked')));
  expect([found, warned]).toEqual([{}, []]);
});

test.each<[string, Seller['usage']]>([
  ['throws', async () => Promise.reject(new Error('down'))],
  ['answers a negative value', telling([{ instanceId: 'od', value: -1 }])],
  ['answers five decimals', telling([{ instanceId: 'od', value: '0.12345' }])],
  ['answers more than the field has room for', telling([{ instanceId: 'od', value: 100_000_000 }])],
  [
    'answers too long an address',
    telling([{ instanceId: 'od', value: 1, dashboardUrl: `https://${'a'.repeat(512)}` }]),
  ],
  ['answers no list', telling('much')],
])('a hook that %s is reported, and what was pushed is shown', async (_, usage) => {
  const { found, warned } = await shown([OD], usage);
  expect(found).toEqual({ od: FALLBACK });
  expect(warned).toEqual([expect.any(String)]);
});

test('a hook that hangs is given up on within the time of the call, its signal aborted', async () => {
  let signal: AbortSignal | undefined;
  const hanging: Seller['usage'] = (_, context) => {
    signal = context.signal;
    return new Promise(() => {});
  };
  const { found, warned } = await shown([OD], hanging, {}, 20);
  expect(found).toEqual({ od: FALLBACK });
  expect(warned).toEqual([expect.stringContaining('usage took longer')]);
  expect(signal?.aborted).toBe(true);
});

test('the product’s dashboard is shown with each entry, unless the hook names another', async () => {
  const dashboardUrl = 'https://acme.example.com/usage/{instanceId}';
  expect((await shown([OD], undefined, { dashboardUrl })).found).toEqual({
    od: [{ ...FALLBACK[0], dashboardUrl: 'https://acme.example.com/usage/od' }],
  });
  const other = telling([{ instanceId: 'od', value: 1, dashboardUrl: 'https://other.example.com' }]);
  expect((await shown([OD], other, { dashboardUrl })).found.od).toMatchObject([
    { dashboardUrl: 'https://other.example.com' },
  ]);
});

test('a debugging answer carries usage, with both members that the console looks for', () => {
  expect(sampleInfo('any', NOW)).toEqual({
    instanceId: 'any',
    appInfo: expect.objectContaining({ frontEndUrl: expect.any(String) }),
    usageInfo: [{ usageValue: 0, statisticalTime: STAMP }],
  });
});
