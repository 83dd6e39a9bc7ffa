import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { HookContext, Seller } from '../../lib/seller/contract.ts';
import type { ApikeyApplication } from '../../lib/seller/maas-contract.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { type Installation, KEYS, startInstallation } from '../support/installation.ts';

let installation: Installation;
let serial = 0;
/** What the seller's code does in a test; a key made of a counter otherwise. */
let applying: ((application: ApikeyApplication, context: HookContext) => Promise<unknown>) | undefined;
const heard: { readonly application: ApikeyApplication; readonly context: HookContext }[] = [];

const seller: Seller = {
  ...demoSeller,
  applyApikey: async (application, context) => {
    heard.push({ application, context });
    return ((await applying?.(application, context)) ?? { apikey: `key-${heard.length}-of-${serial}` }) as never;
  },
};

beforeAll(async () => {
  const { applyApikey: _, ...without } = seller;
  installation = await startInstallation({
    model: { seller, families: ['maas'] },
    keyless: { seller: without, families: ['maas'] },
  });
});
afterAll(() => installation.stop());
beforeEach(() => {
  serial += 1;
  installation.calls.length = 0;
  heard.length = 0;
  applying = undefined;
  delete installation.faults.next;
});

async function apply(
  members: Readonly<Record<string, unknown>> = {},
  options: { product?: string; key?: string } = {},
) {
  installation.time.now += 1_000;
  const message = { activity: 'applyApikey', chargingMode: 'ON_DEMAND', customerId: `c-${serial}`, ...members };
  const { json } = await installation.call({ customerName: 'Wang', ...message }, { product: 'model', ...options });
  return json;
}

async function items(): Promise<string> {
  const { client, table } = installation.engine;
  const { Items = [] } = await client.send(new ScanCommand({ TableName: table.name }));
  return JSON.stringify(Items);
}

test('a customer is given one key, however often it is asked for', async () => {
  const first = await apply();
  expect(first).toEqual({ resultCode: '000000', resultMsg: 'success.', Apikey: `key-1-of-${serial}` });
  expect(await apply({ customerName: 'Li' }, { key: KEYS.general[0] ?? '' })).toEqual(first);
  expect(heard.map(({ application }) => application)).toEqual([
    { product: 'model', customerId: `c-${serial}`, customerName: 'Wang' },
  ]);
  expect(await apply({ customerId: `d-${serial}`, customerName: '' })).toMatchObject({ Apikey: `key-2-of-${serial}` });
  expect(heard[1]?.application).toEqual({ product: 'model', customerId: `d-${serial}` });
});

test('the table holds neither key nor customer in the clear', async () => {
  const { Apikey } = await apply({ customerId: 'customer-in-the-clear', customerName: 'Zhang' });
  const stored = await items();
  expect(stored).toContain('APIKEY#model#');
  for (const text of [String(Apikey), 'customer-in-the-clear', 'Zhang']) expect(stored).not.toContain(text);
});

test('calls at the same time are answered with one key, and the seller’s code is given one idempotency key', async () => {
  let asked = 0;
  applying = async () => {
    asked += 1;
    const apikey = `parallel-${asked}`;
    while (asked < 2) await new Promise((resolve) => setImmediate(resolve)); // both are on their way
    return { apikey };
  };
  const keys = (await Promise.all([apply(), apply()])).map(({ Apikey }) => Apikey);
  expect(new Set(keys).size).toBe(1);
  expect(await apply()).toMatchObject({ Apikey: keys[0] });
  expect(heard).toHaveLength(2);
  expect(new Set(heard.map(({ context }) => context.idempotencyKey)).size).toBe(1);
});

test('a call that is sent once more as it was is refused', async () => {
  const message = { activity: 'applyApikey', chargingMode: 'ON_DEMAND', customerId: `c-${serial}` };
  const call = { product: 'model', nonce: `nonce-${serial}` };
  expect((await installation.call(message, call)).json).toMatchObject({ resultCode: '000000' });
  const replayed = (await installation.call(message, call)).json;
  expect(replayed).toMatchObject({ resultCode: '000001' });
  expect(replayed).not.toHaveProperty('Apikey');
});

test('a debugging call is answered with a key that is none, and touches nothing', async () => {
  expect(await apply({ testFlag: '1' })).toEqual({
    resultCode: '000000',
    resultMsg: 'success.',
    Apikey: expect.any(String),
  });
  expect([installation.calls, heard]).toEqual([[], []]);
});

describe('without success nothing is kept, and the next call asks again, under the same key', () => {
  test.each<[string, () => Promise<unknown>, object]>([
    [
      'a refusal',
      async () => ({ refused: { resultCode: '000106', resultMsg: 'no more' } }),
      { resultCode: '000106', resultMsg: 'no more' },
    ],
    ['an error', () => Promise.reject(new Error('broken')), { resultCode: '000005' }],
    ['a key with a blank', async () => ({ apikey: 'a b' }), { resultCode: '000005' }],
    ['a key that is empty', async () => ({ apikey: '' }), { resultCode: '000005' }],
    [
      'a failure for good, which this hook does not have',
      async () => ({ failed: { reason: 'r' } }),
      { resultCode: '000005' },
    ],
  ])('%s', async (_, answer, expected) => {
    applying = answer;
    const said = await apply();
    expect(said).toMatchObject(expected);
    expect(said).not.toHaveProperty('Apikey');
    applying = undefined;
    expect(await apply()).toMatchObject({ resultCode: '000000', Apikey: `key-2-of-${serial}` });
    expect(new Set(heard.map(({ context }) => context.idempotencyKey)).size).toBe(1);
  });

  test('a table that does not take the key', async () => {
    installation.faults.next = (name) =>
      name === 'PutItemCommand' ? Promise.reject(new Error('the line broke')) : undefined;
    expect(await apply()).toMatchObject({ resultCode: '000005' });
    delete installation.faults.next;
    expect(await apply()).toMatchObject({ resultCode: '000000' });
  });

  test('code that takes too long is aborted', async () => {
    let aborted = false;
    applying = (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          reject(signal.reason);
        });
      });
    // Nearly all of the time has gone before the call arrives.
    const options = { product: 'model', takenAt: installation.time.now - 3_480 };
    const message = { activity: 'applyApikey', chargingMode: 'ON_DEMAND', customerId: `c-${serial}` };
    const { json } = await installation.call(message, options);
    expect([json.resultCode, aborted]).toEqual(['000005', true]);
  });
});

test.each([
  ['another charging mode', { chargingMode: 'PERIOD' }],
  ['no customer', { customerId: '' }],
])('%s is refused before anybody is asked', async (_, members) => {
  expect(await apply(members)).toMatchObject({ resultCode: '000002' });
  expect([installation.calls, heard]).toEqual([[], []]);
});

test('keys of other classes do not open, and a seller without the hook is named in the log alone', async () => {
  expect(await apply({}, { key: KEYS.license[0] ?? '' })).toMatchObject({ resultCode: '000001' });
  expect(await apply({}, { product: 'keyless' })).toMatchObject({ resultCode: '000005' });
});
