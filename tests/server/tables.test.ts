import { beforeEach, expect, test } from '@jest/globals';
import { guardedTable, wakingTable } from '../../handlers/server/tables.ts';
import { createWaker } from '../../handlers/server/waker.ts';
import { keys } from '../../lib/instances/keys.ts';
import { acceptPurchase, acceptStatus } from '../../lib/instances/store.ts';
import { readItem } from '../../lib/instances/write.ts';
import { MemoryEngine } from '../../lib/table/memory.ts';
import type { Table } from '../../lib/table/table.ts';

const NOW = 1_700_000_000_000;
const PURCHASE = { product: 'crm', orderId: 'O-1', orderLineId: 'L-1', sentAt: NOW, instanceId: 'i-1' };
const KEY = keys.instance('crm', 'i-1');

let table: Table;
beforeEach(() => {
  table = { client: new MemoryEngine(), name: 'memory' };
});

test('each write that leaves a change due wakes; a repeat and a lease do not', async () => {
  const woken: unknown[] = [];
  const waking = wakingTable(table, (key) => woken.push(key));

  await acceptPurchase(waking, PURCHASE, NOW);
  expect(woken).toEqual([KEY]);
  await acceptPurchase(waking, PURCHASE, NOW);
  expect(woken).toHaveLength(1);
  const status = { product: 'crm', instanceId: 'i-1', status: 'FREEZE', reason: 'status', sentAt: NOW } as const;
  await acceptStatus(waking, status, NOW);
  expect(woken).toEqual([KEY, KEY]);
  const lease = { owner: 'me', until: NOW + 5_000 };
  await acceptPurchase(waking, { ...PURCHASE, orderLineId: 'L-2', instanceId: 'i-2', lease }, NOW);
  expect(woken).toHaveLength(2);
});

test('a guarded table refuses writes while it is shut, and reads go on', async () => {
  let open = true;
  const guarded = guardedTable(table, () => open);
  await acceptPurchase(guarded, PURCHASE, NOW);
  open = false;
  const other = { ...PURCHASE, orderLineId: 'L-2', instanceId: 'i-2' };
  await expect(acceptPurchase(guarded, other, NOW)).rejects.toMatchObject({ resultCode: '000005' });
  expect(await readItem(guarded, KEY)).toMatchObject({ instanceId: 'i-1' });
  expect(await readItem(table, keys.instance('crm', 'i-2'))).toBeUndefined();
});

test('a waker works on some items at a time, on each that waits once, and stops behind those under way', async () => {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const waker = createWaker((key) => {
    begun.push(key.pk);
    return new Promise((resolve) => ends.push(resolve));
  }, 2);
  for (const pk of ['a', 'b', 'c', 'c', 'd']) waker.wake({ pk, sk: 'INSTANCE' });
  await new Promise(setImmediate);
  expect(begun).toEqual(['a', 'b']);
  ends[0]?.();
  await new Promise(setImmediate);
  expect(begun).toEqual(['a', 'b', 'c']);

  const stopped = waker.stop();
  waker.wake({ pk: 'e', sk: 'INSTANCE' });
  for (const end of ends) end();
  await stopped;
  expect(begun).toEqual(['a', 'b', 'c']);
});
