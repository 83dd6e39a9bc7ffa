import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { fulfilItem } from '../../lib/fulfilment/fulfil-item.ts';
import { acceptPurchase } from '../../lib/instances/accept-purchase.ts';
import { acceptRelease } from '../../lib/instances/accept-release.ts';
import { acceptStatus } from '../../lib/instances/accept-status.ts';
import { pseudonymOf } from '../../lib/instances/customer.ts';
import type { InstanceItem } from '../../lib/instances/item.ts';
import { type Key, keys } from '../../lib/instances/keys.ts';
import { requeue } from '../../lib/instances/requeue.ts';
import { wakeAt } from '../../lib/instances/wake.ts';
import { readItem, updateIf } from '../../lib/instances/write.ts';
import { recordAction, recordAlone } from '../../lib/operations/record-action.ts';
import { type HistoryEntry, readHistory, verifyTable } from '../../lib/operations/verify-audit.ts';
import type { Table } from '../../lib/table/table.ts';
import { type World, world } from '../fulfilment/world.ts';
import { pagesOf } from '../instances/support.ts';
import { memoryTable } from '../support/memory-table.ts';

const KEYS = { audit: 'a'.repeat(32), customer: 'c'.repeat(32) };
const plenty = () => 1_000_000;

let table: Table;
let w: World;
let instanceId: string;
let key: Key;

/** Dependencies with the keys; `through` stands before the table. */
const deps = (through: Table = table) => ({ ...w.deps, table: through, hmacKeys: async () => KEYS });
const fulfil = (through?: Table) => fulfilItem(deps(through), key, plenty);
const verify = (until = Number.MAX_SAFE_INTEGER) => verifyTable(table, KEYS.audit, { until });
const history = () => readHistory(table, key);
const put = (item: object) =>
  table.client.send(
    new PutItemCommand({ TableName: table.name, Item: marshall(item, { removeUndefinedValues: true }) }),
  );
const remove = ({ pk, sk }: Key) =>
  table.client.send(new DeleteItemCommand({ TableName: table.name, Key: marshall({ pk, sk }) }));
const nth = async (n: number): Promise<HistoryEntry> => {
  const entry = (await history()).find((one) => one.n === n);
  if (entry === undefined) throw new Error(`There is no entry ${n}.`);
  return entry;
};
const status = (to: 'FREEZE' | 'UNFREEZE', sentAt: number) =>
  acceptStatus(table, { product: 'demo', instanceId, status: to, sentAt }, w.time.now);

beforeEach(async () => {
  table = memoryTable();
  w = world(table);
  const call = { product: 'demo', orderId: 'CS1', orderLineId: 'CS1-000001', sentAt: 1 };
  instanceId = (await acceptPurchase(table, call, w.time.now)).instanceId;
  key = keys.instance('demo', instanceId);
  await fulfil();
});

/** Three ends of changes. */
async function live(): Promise<void> {
  for (const [to, sentAt] of [
    ['FREEZE', 2],
    ['UNFREEZE', 3],
  ] as const) {
    w.time.now += 60_000;
    await status(to, sentAt);
    await fulfil();
  }
}

test('each end of a change is chained to the one before, and the head moves with it', async () => {
  await live();
  const { auditHead } = (await readItem<InstanceItem>(table, key)) ?? {};
  expect(auditHead).toEqual({ n: 3, mac: (await nth(3)).mac });
  expect((await nth(2)).prev).toBe((await nth(1)).mac);
  expect(await verify()).toMatchObject({ items: 1, counted: 3, uncounted: 0, outside: 0, findings: [] });
});

test('the buyer is remembered under a pseudonym once the order is known', async () => {
  const pointer = await readItem(table, keys.customer(pseudonymOf(KEYS.customer, 'c'), key.pk));
  expect(pointer).toMatchObject({ product: 'demo', instance: key.pk });
  expect(JSON.stringify(pointer)).not.toContain('customerId');
});

describe('is found:', () => {
  beforeEach(live);
  const found = async () => (await verify()).findings.map(({ kind, n }) => [kind, n]);

  test('an entry that was altered', async () => {
    await put({ ...(await nth(2)), outcome: 'refused' });
    expect(await found()).toEqual([['altered', 2]]);
  });

  test('an entry with a member more', async () => {
    await put({ ...(await nth(2)), scene: 'RENEWAL' });
    expect(await found()).toEqual([['altered', 2]]);
  });

  test('a reason that was put into an entry', async () => {
    await put({ ...(await nth(1)), reason: 'the seller refused' });
    expect(await found()).toEqual([['altered', 1]]);
  });

  test('an entry that was dropped', async () => {
    await remove(await nth(2));
    expect(await found()).toEqual([['missing', 2]]);
  });

  test('entries in another order', async () => {
    const [first, second] = [await nth(1), await nth(2)];
    await put({ ...first, n: 2, prev: second.prev });
    await put({ ...second, n: 1, prev: first.prev });
    expect(await found()).toEqual([['altered', 2]]);
  });

  test('a newest entry that was cut off', async () => {
    await remove(await nth(3));
    expect(await found()).toEqual([['missing', 3]]);
  });

  test('a head that was set back before its entry', async () => {
    const { mac } = await nth(2);
    await updateIf(table, key, 'SET #auditHead = :head', {
      condition: 'attribute_exists(#pk)',
      values: { head: { n: 2, mac } },
    });
    expect(await found()).toEqual([['cut-off', 3]]);
  });

  test('a head that was set back with its entry cut off, by the root of before', async () => {
    const noted = (await verify(w.time.now)).root;
    const last = await nth(3);
    await remove(last);
    await updateIf(table, key, 'SET #auditHead = :head', {
      condition: 'attribute_exists(#pk)',
      values: { head: { n: 2, mac: (await nth(2)).mac } },
    });
    expect(await verify(w.time.now)).toMatchObject({ findings: [], root: expect.not.stringMatching(noted) });
  });
});

test('the root of a moment stays what it was, whatever comes later', async () => {
  const until = w.time.now;
  const { root } = await verify(until);
  await live();
  expect((await verify(until)).root).toBe(root);
  expect((await verify()).root).not.toBe(root);
});

test('an entry whose write did not follow does not count, and the next one takes its number', async () => {
  await status('FREEZE', 2);
  const send = (async (command: { constructor: { name: string }; input: { UpdateExpression?: string } }) => {
    if (command.input.UpdateExpression?.includes('#auditHead')) throw new Error('The process died.');
    return Reflect.apply(table.client.send, table.client, [command]);
  }) as Table['client']['send'];
  await expect(fulfil({ name: table.name, client: { send } })).rejects.toThrow('died');
  expect(await verify()).toMatchObject({ counted: 1, uncounted: 1, findings: [] });
  w.time.now += 3_600_000;
  await fulfil();
  expect(await verify()).toMatchObject({ counted: 2, uncounted: 1, findings: [] });
  expect((await readItem<InstanceItem>(table, key))?.state).toBe('FROZEN');
});

test('an entry that a release overtook is nobody’s loss', async () => {
  await status('FREEZE', 2);
  w.behaviour.current = async ({ hook }) => {
    if (hook === 'freeze') await acceptRelease(table, { product: 'demo', instanceId, sentAt: 3 }, w.time.now);
  };
  await fulfil();
  expect(await verify()).toMatchObject({ counted: 2, uncounted: 1, findings: [] });
});

test('an operator who acts while a change is carried out comes before its end', async () => {
  await status('FREEZE', 2);
  const action = { action: 'usage reject', by: 'li', at: w.time.now, subject: 'r1', key: KEYS.audit };
  let acted = false;
  const send = (async (command: { input: { UpdateExpression?: string } }) => {
    if (command.input.UpdateExpression?.includes('#auditHead') && !acted) {
      acted = true;
      expect(await recordAlone(table, key, action)).toBe(true);
    }
    return Reflect.apply(table.client.send, table.client, [command]);
  }) as Table['client']['send'];
  await fulfil({ name: table.name, client: { send } });
  expect(await nth(3)).toMatchObject({ kind: 'freeze', outcome: 'done' });
  expect(await verify()).toMatchObject({ counted: 3, uncounted: 1, findings: [] });
  expect((await history()).filter(({ n }) => n === 2)).toContainEqual(expect.objectContaining({ by: 'li' }));
});

test('what operators do is recorded with it; their words may be erased, and so may reasons', async () => {
  await status('FREEZE', 2);
  w.behaviour.current = () => {
    throw new Error('down');
  };
  await fulfil();
  const seal = async () => 'sealed';
  const action = (name: string) =>
    recordAction(table, { action: name, by: 'li', at: w.time.now, note: { text: 'called', seal }, key: KEYS.audit });
  expect(await wakeAt(table, key, w.time.now, { record: action('retry') })).toMatchObject({ kind: 'freeze' });
  w.behaviour.current = () => ({ failed: { reason: 'no such tenant' } });
  await fulfil();
  expect(await requeue(table, key, w.time.now, { record: action('requeue') })).toHaveLength(1);
  expect((await history()).map((entry) => ('action' in entry ? entry.action : entry.outcome))).toEqual(
    expect.arrayContaining(['done', 'retry', 'failed', 'requeue']),
  );
  expect(await nth(2)).toMatchObject({ by: 'li', note: 'sealed', noteHash: expect.any(String) });
  expect(await verify()).toMatchObject({ counted: 4, findings: [] });
  for (const entry of await history()) {
    const { reason: _, note: __, ...rest } = { reason: '', note: '', ...entry };
    await put(rest);
  }
  expect(await verify()).toMatchObject({ counted: 4, findings: [] });
});

test('an action whose answer was lost is recorded once', async () => {
  const send = (async (command: { input: { UpdateExpression?: string } }) => {
    const through = () => Reflect.apply(table.client.send, table.client, [command]);
    if (command.input.UpdateExpression?.includes('#auditHead')) await through();
    return through();
  }) as Table['client']['send'];
  const action = { action: 'usage reject', by: 'li', at: 1, key: KEYS.audit };
  expect(await recordAlone({ name: table.name, client: { send } }, key, action)).toBe(true);
  expect(await verify()).toMatchObject({ counted: 2, uncounted: 0, findings: [] });
});

test('the end of a change stands under its id where there is no key, and a later attempt’s stays', async () => {
  await status('FREEZE', 2);
  await fulfilItem(w.deps, key, plenty);
  const [entry] = (await history()).filter(({ of }) => of === undefined);
  expect(entry).toMatchObject({ kind: 'freeze', outcome: 'done' });
  expect(await verify()).toMatchObject({ counted: 1, outside: 1, findings: [] });
});

test('a history is read in pages, and given up when it moves under every write', async () => {
  await live();
  const { length } = await history();
  expect(await readHistory(pagesOf(1, table), key)).toHaveLength(length);
  const action = { action: 'usage reject', by: 'li', at: 1, key: KEYS.audit };
  let moves = 2;
  const send = (async (command: { input: { UpdateExpression?: string } }) => {
    if (command.input.UpdateExpression?.includes('#auditHead')) {
      await recordAlone(table, key, { ...action, at: moves });
      moves += 1;
    }
    return Reflect.apply(table.client.send, table.client, [command]);
  }) as Table['client']['send'];
  await expect(recordAlone({ name: table.name, client: { send } }, key, action)).rejects.toThrow('each of 5 writes');
  expect((await verify()).findings).toEqual([]);
});

test('tombstones that go are no part of the root, and lines of an order have chains of their own', async () => {
  const { root } = await verify();
  await put({ pk: 'KIT#demo#t', sk: 'TENANT', product: 'demo', turn: 1, failed: {}, attempts: 0 });
  const action = { action: 'retry', by: 'li', at: 1, key: KEYS.audit };
  expect(await recordAlone(table, { pk: 'KIT#demo#t', sk: 'TENANT' }, action)).toBe(true);
  expect((await verify()).root).toBe(root);
  for (const sk of ['LINE#1', 'LINE#2']) {
    await put({ pk: 'ORDER#demo#o', sk, product: 'demo', pending: [], failed: {}, attempts: 0 });
    await recordAlone(table, { pk: 'ORDER#demo#o', sk }, action);
  }
  expect(await verify()).toMatchObject({ items: 4, counted: 4, findings: [] });
  expect(await readHistory(table, { pk: 'ORDER#demo#o', sk: 'LINE#1' })).toHaveLength(1);
});

test('without the key entries stand outside any chain', async () => {
  expect(await recordAlone(table, keys.instance('demo', 'nobody'), { action: 'retry', by: 'li', at: 1 })).toBe(false);
  const { auditHead } = (await readItem<InstanceItem>(table, key)) ?? {};
  const note = { text: 'called', seal: async () => 'sealed' };
  expect(await recordAlone(table, key, { action: 'retry', by: 'li', at: 1, note })).toBe(true);
  expect(await recordAlone(table, key, { action: 'retry', by: 'li', at: 2 })).toBe(true);
  expect((await readItem<InstanceItem>(table, key))?.auditHead).toEqual(auditHead);
  expect(await verify()).toMatchObject({ counted: 1, outside: 2, findings: [] });
});
