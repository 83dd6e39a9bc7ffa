import { afterEach, expect, test } from '@jest/globals';
import { sweep } from '../../../lib/fulfilment/fulfil-all.ts';
import { acceptPurchase, acceptRelease, acceptRenewal, readInstances } from '../../../lib/instances/store.ts';
import { localClient } from '../../../scripts/dev/engine.ts';
import { world } from '../../fulfilment/world.ts';
import { newOrder } from '../../instances/support.ts';
import { startProxy } from '../../support/dynamodb-proxy.ts';
import { asStrictAsGeminiDB } from '../../support/geminidb.ts';
import { startTable } from '../../support/table.ts';
import { koogate } from '../desk.ts';

const open: { stop(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.stop();
});

/** An engine as strict as GeminiDB's documents, in front of dynalite. */
async function strict() {
  const engine = await startTable('dynalite');
  const refusals: string[] = [];
  const proxy = await startProxy(engine.engine, asStrictAsGeminiDB(refusals));
  open.push(proxy, engine);
  return { url: proxy.url, refusals };
}

test('KooGate asks an engine for nothing that GeminiDB’s documents do not list', async () => {
  const { url, refusals } = await strict();
  const { code, out } = await koogate(['table', 'check', '--endpoint', url, '--json']);
  const { findings } = JSON.parse(out);
  expect(findings.filter(({ passed }: { passed: boolean }) => !passed)).toEqual([]);
  expect([code, refusals]).toEqual([0, []]);
}, 120_000);

test('a table made by the command serves a whole life', async () => {
  const { url, refusals } = await strict();
  const create = () => koogate(['table', 'create', '--endpoint', url, '--table', 'my-shop-prod']);
  expect(await create()).toMatchObject({ code: 0, out: expect.stringContaining('my-shop-prod') });
  expect(await create()).toMatchObject({ code: 0, out: expect.stringContaining('already') });
  const client = localClient(url);
  const table = { client, name: 'my-shop-prod' };
  const w = world(table);
  const { instanceId } = await acceptPurchase(table, { product: 'demo', ...newOrder(), sentAt: 1 }, w.time.now);
  const id = { product: 'demo', instanceId };
  const renewal = { ...id, ...newOrder(), scene: 'RENEWAL' as const, expiresAt: 5, sentAt: 5 };
  for (const _ of ['first', 'repeat'])
    expect(await acceptRenewal(table, renewal, w.time.now)).toMatchObject({ resultCode: '000000' });
  await w.settle();
  await acceptRelease(table, { ...id, sentAt: 9 }, w.time.now);
  await w.settle();
  expect((await readInstances(table, 'demo', [instanceId])).get(instanceId)).toMatchObject({
    state: 'RELEASED',
    pending: [],
  });
  expect((await sweep(w.deps, () => 1_000_000)).entries).toBe(0);
  expect(refusals).toEqual([]);
  client.destroy();
}, 60_000);

test.each([
  ['TransactWriteItems', {}],
  ['CreateTable', { TableName: 'my-shop', BillingMode: 'PAY_PER_REQUEST' }],
  ['CreateTable', { TableName: 'my.shop' }],
  ['CreateTable', { TableName: 'x'.repeat(49) }],
  ['PutItem', { TableName: 'my-shop', ConditionExpression: 'size(#a) > :b' }],
  ['UpdateItem', { TableName: 'my-shop', UpdateExpression: 'SET #a = #b' }],
  ['Query', { TableName: 'my-shop', FilterExpression: '#a = :b' }],
])('the strict engine refuses %s %j', async (operation, body) => {
  const refusals: string[] = [];
  const reply = await asStrictAsGeminiDB(refusals)(operation, body, async () => ({ status: 200, body: {} }));
  expect([reply.status, refusals.length]).toEqual([400, 1]);
});
