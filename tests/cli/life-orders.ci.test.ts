import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createOpenApis } from '../../lib/open-api/open-api.ts';
import { queryOrder } from '../../lib/open-api/query-order.ts';
import { type StandIn, startStandIn } from '../../scripts/marketplace/stand-in/server.ts';
import { keyArguments, koogate } from './desk.ts';
import { act } from './reference/act.ts';
import { KEYS, referenceSettings, startServer } from './reference/server.ts';
import type { Settings } from './reference/settings.ts';

const keys = { accessKeyId: 'AK', secretAccessKey: 'SK' };
const folder = mkdtempSync(join(tmpdir(), 'koogate-life-orders-'));

let standIn: StandIn;
beforeAll(async () => {
  standIn = await startStandIn({ keys });
});
afterAll(() => standIn.stop());

interface Report {
  readonly good: boolean;
  readonly ignored: number;
  readonly happenings: { what: string; why?: string; values?: Record<string, string> }[];
}

/** Asks the marketplace what was bought, as a right server does. */
const asking =
  (activities: readonly string[]): Settings['act'] =>
  async (activity, members, settings, ...rest) => {
    const reply = await act(activity, members, settings, ...rest);
    const instance = settings.instances.get(String(reply.instanceId ?? members.instanceId));
    if (instance === undefined || instance.state === 'RELEASED' || !activities.includes(activity)) return reply;
    const openApis = createOpenApis({ baseUrl: standIn.url, keys: async () => keys, clock: Date.now });
    const { line } = await queryOrder(openApis, String(members.orderId));
    const [product] = line.products;
    return Object.assign(instance, { skuCode: product?.skuCode, seats: product?.linearValue }) && reply;
  };

async function life(settings: Partial<Settings>, ...args: string[]) {
  const server = await startServer(referenceSettings(settings));
  try {
    const common = ['--at', server.at, '--json', '--loss', '0', '--no-dial-tests', ...keyArguments(KEYS)];
    const watched = ['--open-api', standIn.url, '--state', server.state, '--patience', '200'];
    const ran = await koogate(['simulate', 'life', ...common, ...watched, '--speed', '4320000', ...args]);
    return { ...ran, report: JSON.parse(ran.out) as Report, instances: [...server.settings.instances.values()] };
  } finally {
    await server.close();
  }
}

const complaints = ({ happenings }: Report) =>
  happenings.filter(({ what }) => what === 'ignored').map(({ why, values }) => values?.member ?? why);

describe('koogate simulate life, with orders of its own', () => {
  test('finds nothing on a server that asks what was bought and does it', async () => {
    const { code, report } = await life({ act: asking(['newInstance', 'upgradeInstance']) });
    expect(complaints(report)).toEqual([]);
    expect([report.good, code]).toEqual([true, 0]);
  });

  test('the orders say what a file says: specification, seats, buyer and form', async () => {
    const file = join(folder, 'life.json');
    const purchase = { skuCode: 'crm-basic', linearValue: 7, extendParams: { domain: 'acme' } };
    writeFileSync(file, JSON.stringify({ purchase, upgrade: { skuCode: 'crm-pro' } }));
    const { report, instances } = await life({ act: asking(['newInstance', 'upgradeInstance']) }, '--order', file);
    expect(report.good).toBe(true);
    expect(instances.map(({ skuCode, seats }) => [skuCode, seats])).toEqual([
      ['crm-pro', 7],
      ['crm-basic', 7],
    ]);
  });

  test.each<[string, Partial<Settings>, string[], unknown[]]>([
    ['never asks for an order', {}, [], ['life.why.not-asked', 'life.why.not-asked', 'life.why.not-asked']],
    [
      'ignores upgrades',
      {
        act: (activity, ...rest) =>
          activity === 'upgradeInstance' ? { resultCode: '000000' } : asking(['newInstance'])(activity, ...rest),
      },
      [],
      ['life.why.not-asked', 'skuCode'],
    ],
    [
      'ignores renewals',
      {
        act: (activity, ...rest) =>
          activity === 'refreshInstance'
            ? { resultCode: '000000' }
            : asking(['newInstance', 'upgradeInstance'])(activity, ...rest),
      },
      ['--charging', 'trial'],
      ['expiresAt'],
    ],
    [
      'never freezes',
      {
        act: (activity, ...rest) =>
          activity === 'updateInstanceStatus'
            ? { resultCode: '000000' }
            : asking(['newInstance', 'upgradeInstance'])(activity, ...rest),
      },
      ['--charging', 'trial'],
      ['state'],
    ],
    [
      'makes a second instance of a delivery that comes twice at once, and of one after the release',
      { newId: () => randomUUID(), act: asking(['newInstance']) },
      ['--charging', 'once'],
      ['life.why.second-id', 'life.why.second-id', 'life.why.second-id'],
    ],
    [
      'gives a buyer who buys again the instance of before',
      { newId: () => 'the-only-one', act: asking(['newInstance']) },
      ['--charging', 'once'],
      ['life.why.same-id', 'life.why.not-asked', 'state'],
    ],
  ])('fails a server that %s', async (_, settings, args, expected) => {
    const { code, report } = await life(settings, ...args);
    expect(complaints(report)).toEqual(expected);
    expect([report.good, report.ignored, code]).toEqual([false, expected.length, 1]);
  });

  test('says where nobody gives out orders', async () => {
    const args = ['--at', 'http://127.0.0.1:9', '--open-api', 'http://127.0.0.1:9', ...keyArguments(KEYS)];
    const { code, notes } = await koogate(['simulate', 'life', ...args]);
    expect(notes).toContain('No stand-in of the marketplace answers at http://127.0.0.1:9');
    expect(code).toBe(2);
  });
});

describe('koogate simulate order', () => {
  const order = (...args: string[]) => koogate(['simulate', 'order', '--open-api', standIn.url, ...args]);
  const ask = (orderId: string) =>
    queryOrder(createOpenApis({ baseUrl: standIn.url, keys: async () => keys, clock: Date.now }), orderId);

  test('makes an order of what is said', async () => {
    const what = ['--type', 'CHANGE', '--sku', 'large', '--seats', '50', '--amount', '90', '--period', 'month:3'];
    const who = ['--buyer', 'customerName=Acme', '--form', 'domain=acme', '--expires', '20300101000000'];
    const { code, out } = await order(
      'CS-MADE',
      ...what,
      ...who,
      '--product-id',
      'p-1',
      '--amount-after-discount',
      '8',
    );
    expect([code, out]).toEqual([0, expect.stringContaining('CS-MADE (CHANGE)')]);
    expect(await ask('CS-MADE')).toMatchObject({
      orderType: 'CHANGE',
      buyer: { customerName: 'Acme' },
      extendParams: [{ name: 'domain', value: 'acme' }],
      line: { amount: '90', amountAfterDiscount: '8', periodType: 'month', periodNumber: 3 },
    });
    expect((await ask('CS-MADE')).line.products).toEqual([
      { productId: 'p-1', skuCode: 'large', linearValue: 50, productName: 'Demo' },
    ]);
  });

  test('makes the orders of a file, and prints them for machines', async () => {
    const file = join(folder, 'orders.json');
    writeFileSync(file, JSON.stringify({ 'CS-A': { linearValue: 3 }, 'CS-B': { orderType: 'UNSUBSCRIBE' } }));
    const { out } = await order('--file', file, '--json');
    expect(Object.keys(JSON.parse(out))).toEqual(['CS-A', 'CS-B']);
    expect((await ask('CS-B')).line.amountAfterDiscount).toBe('-900');
  });

  test.each([
    [['--expires', 'tomorrow'], 'expireTime: expected'],
    [['--buyer', 'Acme'], '--buyer takes name=value, not "Acme"'],
    [['--buyer', 'age=7'], 'buyer.age: expected never'],
    [['--type', 'BUY'], 'NEW, TRIAL'],
    [['--file', '/nowhere.json'], 'There is no file /nowhere.json'],
  ])('%j says what to do', async (args, said) => {
    const { code, notes } = await order(...args);
    expect([code, notes]).toEqual([2, expect.stringContaining(said)]);
  });

  test('says that a stand-in is needed, and refuses a life with strange orders', async () => {
    expect((await koogate(['simulate', 'order'])).notes).toContain('No KooGate runs here');
    const file = join(folder, 'strange.json');
    writeFileSync(file, JSON.stringify({ sale: {} }));
    const args = ['--at', 'http://127.0.0.1:9', '--open-api', standIn.url, '--order', file, ...keyArguments(KEYS)];
    expect((await koogate(['simulate', 'life', ...args])).notes).toContain(
      'sale: expected purchase, upgrade or renewal',
    );
    expect((await koogate(['simulate', 'order', '--help', '--lang', 'zh'])).out).toContain('示例：');
  });
});
