import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Seller } from '../../lib/seller/contract.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { type Installation, KEYS, startInstallation } from '../support/installation.ts';
import { bodySignHolds } from '../support/route.ts';

let installation: Installation;
let serial = 0;
const asked: string[] = [];
const never = () => new Promise<never>(() => {});
const hanging: Seller = { ...demoSeller, canChange: never };
const broken: Seller = {
  ...demoSeller,
  canChange: async () => {
    throw new Error('backend says: password of jane@example.com');
  },
};

beforeAll(async () => {
  installation = await startInstallation({
    demo: { seller: demoSeller },
    hanging: { seller: hanging },
    broken: { seller: broken },
    refusing: {
      fulfilment: 'inline',
      seller: { ...demoSeller, provision: async () => ({ refused: { resultCode: '000106', resultMsg: 'sold out' } }) },
    },
    inline: { fulfilment: 'inline', seller: demoSeller },
    slow: {
      fulfilment: 'inline',
      seller: {
        ...demoSeller,
        provision: async (change, context) => {
          asked.push(context.idempotencyKey);
          return context.attempt === 1 ? never() : demoSeller.provision(change, context);
        },
      },
    },
  });
});
afterAll(() => installation.stop());
beforeEach(() => {
  serial += 1;
  installation.time.now += 1_000;
  delete installation.faults.next;
});

const purchase = () => ({ activity: 'newInstance', orderId: `F${serial}`, orderLineId: `F${serial}-1` });
const holds = (answer: { headers: object; text: string }, key = KEYS.base[0] ?? '') =>
  bodySignHolds(key, { headers: answer.headers, body: answer.text });

function named(name: string, message = 'x'): Error {
  return Object.assign(new Error(message), { name });
}

test.each([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'ResourceNotFoundException',
  'TimeoutError',
])('while the table answers %s, the call is refused with 000005, signed, and a repeat is accepted', async (name) => {
  installation.faults.next = async () => {
    throw named(name);
  };
  const refused = await installation.call(purchase());
  expect(refused.status).toBe(200);
  expect(refused.json.resultCode).toBe('000005');
  expect(holds(refused)).toBe(true);
  delete installation.faults.next;
  expect((await installation.call(purchase())).json.resultCode).toBe('000004');
});

test('a table that never answers: a signed 000005 before the marketplace gives up, counted from the gateway', async () => {
  installation.faults.next = never;
  const answer = await installation.call(purchase(), { takenAt: installation.time.now - 3_950 });
  expect(answer.json).toEqual({ resultCode: '000005', resultMsg: expect.stringMatching(/repeated/) });
  expect(holds(answer)).toBe(true);
});

test('a call whose time is up before it began is answered all the same', async () => {
  const answer = await installation.call(purchase(), { takenAt: installation.time.now - 20_000 });
  expect(['000004', '000005']).toContain(answer.json.resultCode);
  expect(holds(answer)).toBe(true);
});

test('no credentials while the claim of the nonce is uncertain', async () => {
  const { json } = await installation.call(purchase());
  await installation.sweep();
  installation.faults.next = async (name) => {
    if (name === 'PutItemCommand') throw named('ThrottlingException');
  };
  const answer = await installation.call({ activity: 'queryInstance', instanceId: json.instanceId });
  expect(answer.json).toEqual({ resultCode: '000005', resultMsg: expect.any(String) });
});

test('a hook that hangs in changeInstanceCheck ends in a signed 000005', async () => {
  const { json } = await installation.call(purchase(), { product: 'hanging' });
  await installation.sweep();
  const question = { activity: 'changeInstanceCheck', instanceId: json.instanceId, productInfo: {} };
  const takenAt = installation.time.now - 3_950;
  const answer = await installation.call(question, { product: 'hanging', takenAt });
  expect(answer.json.resultCode).toBe('000005');
  expect(holds(answer)).toBe(true);
});

test('what a hook throws stays in the log', async () => {
  const { json } = await installation.call(purchase(), { product: 'broken' });
  await installation.sweep();
  const answer = await installation.call(
    { activity: 'changeInstanceCheck', instanceId: json.instanceId, productInfo: {} },
    { product: 'broken' },
  );
  expect(answer.json).toEqual({ resultCode: '000005', resultMsg: expect.not.stringContaining('jane') });
});

test('inline: newInstance answers 000000 when the seller’s code is quick', async () => {
  const { json } = await installation.call(purchase(), { product: 'inline' });
  expect(json).toMatchObject({ resultCode: '000000', instanceId: expect.any(String) });
  const { json: info } = await installation.call(
    { activity: 'queryInstance', instanceId: json.instanceId },
    { product: 'inline' },
  );
  expect(info.resultCode).toBe('000000');
});

test('inline: a refusal reaches the marketplace at once, and again', async () => {
  const first = await installation.call(purchase(), { product: 'refusing' });
  const again = await installation.call(purchase(), { product: 'refusing' });
  expect(first.json).toMatchObject({ resultCode: '000106', resultMsg: 'sold out', instanceId: expect.any(String) });
  expect(again.json).toMatchObject({ resultCode: '000106', instanceId: first.json.instanceId });
  const query = { activity: 'queryInstance', instanceId: first.json.instanceId };
  expect((await installation.call(query, { product: 'refusing' })).json.resultCode).toBe('000106');
});

test('inline: 000004 when the budget runs out; fulfilment carries it out with the same key', async () => {
  const takenAt = installation.time.now - 2_400;
  const { json } = await installation.call(purchase(), { product: 'slow', takenAt });
  expect(json.resultCode).toBe('000004');
  await installation.sweep();
  expect(asked.length).toBeGreaterThan(0);
  expect(new Set(asked).size).toBe(1);
  expect((await installation.call(purchase(), { product: 'slow' })).json.resultCode).toBe('000000');
});

test('rotation: calls with the older key go on while the newer one is put first, each answered with its own', async () => {
  const calls = Array.from({ length: 40 }, async (_, index) => {
    if (index === 20) {
      const before = await installation.own.current();
      installation.own.current = async () => ({ ...before, accessKeys: { base: ['base-key-next', ...KEYS.base] } });
    }
    const key = index % 2 === 0 ? KEYS.base[0] : KEYS.base[1];
    const order = { activity: 'newInstance', orderId: `R${index}`, orderLineId: 'l' };
    return { key: key ?? '', answer: await installation.call(order, { key: key ?? '' }) };
  });
  for (const { key, answer } of await Promise.all(calls)) {
    expect(answer.json.resultCode).toBe('000004');
    expect(holds(answer, key)).toBe(true);
  }
});

test('nothing the log holds is a key, a credential, a phone number or an e-mail address', async () => {
  const { json } = await installation.call(purchase());
  await installation.sweep();
  await installation.call({ activity: 'queryInstance', instanceId: json.instanceId });
  const written = JSON.stringify(installation.log.entries);
  expect(written).toContain('newInstance');
  for (const text of [...KEYS.base, ...KEYS.general, '13800000000', 'buyer@example.com']) {
    expect(written).not.toContain(text);
  }
});
