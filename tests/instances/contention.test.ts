import { ConditionalCheckFailedException, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { keys } from '../../lib/instances/keys.ts';
import { claim, complete } from '../../lib/instances/outbox.ts';
import {
  acceptPurchase,
  acceptRelease,
  acceptRenewal,
  acceptStatus,
  acceptUpgrade,
  requeue,
} from '../../lib/instances/store.ts';
import { acceptApplication } from '../../lib/licenses/accept-application.ts';
import type { Table } from '../../lib/table/table.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { bought, newOrder, stored } from './support.ts';

const NOW = 1_000;

/*
 * A table under which every write fails, though what stands there would let it pass: somebody else writes between each of
 * ours and its answer. Each call ends in an error after so many tries, which the marketplace is answered as 000005.
 */
describe('a table that changes under every write', () => {
  let running: TestTable;
  beforeAll(async () => {
    running = await startTable();
  });
  afterAll(() => running.stop());

  /** Writes fail, and what stands in their way is the item of that id, or nothing. */
  function changing(instanceId?: string) {
    const writes: unknown[] = [];
    const { client, name } = running.table;
    const send: Table['client']['send'] = async (...args: unknown[]) => {
      const isWrite = args[0] instanceof UpdateItemCommand || args[0] instanceof PutItemCommand;
      if (!isWrite) return Reflect.apply(client.send, client, args) as never;
      writes.push(args[0]);
      const Item = instanceId === undefined ? {} : { Item: marshall(await stored(running.table, instanceId)) };
      throw new ConditionalCheckFailedException({ message: 'overtaken', $metadata: {}, ...Item });
    };
    return { table: { name, client: { send } } satisfies Table, writes };
  }

  const order = { ...newOrder(), sentAt: NOW };
  test.each<[string, (table: Table, id: { product: string; instanceId: string }) => Promise<unknown>]>([
    ['a renewal', (table, id) => acceptRenewal(table, { ...id, ...order, scene: 'RENEWAL', expiresAt: 2 * NOW }, NOW)],
    [
      'a renewal that lets in again',
      (table, id) =>
        acceptRenewal(table, { ...id, ...order, scene: 'RENEWAL', expiresAt: 2 * NOW, unfreezes: true }, NOW),
    ],
    ['an upgrade', (table, id) => acceptUpgrade(table, { ...id, ...order }, NOW)],
    ['a status', (table, id) => acceptStatus(table, { ...id, status: 'FREEZE', sentAt: NOW }, NOW)],
    ['an expiry', (table, id) => acceptStatus(table, { ...id, status: 'FREEZE', reason: 'expired', sentAt: NOW }, NOW)],
  ])('takes %s after none of three tries', async (_, accept) => {
    const id = await bought(running.table);
    const { table, writes } = changing(id.instanceId);
    await expect(accept(table, id)).rejects.toThrow('The instance changed under each of 3 writes.');
    expect(writes).toHaveLength(3);
    expect((await stored(running.table, id.instanceId)).pending).toHaveLength(1);
  });

  test('takes no release, and the marketplace will send it again', async () => {
    const id = await bought(running.table);
    const { table, writes } = changing(id.instanceId);
    await expect(acceptRelease(table, { ...id, sentAt: NOW }, NOW)).rejects.toThrow('while its release was written');
    expect(writes).toHaveLength(1);
  });

  test('takes neither a purchase nor an application if nothing stands in their way', async () => {
    const call = { product: 'demo', ...newOrder(), sentAt: NOW };
    await expect(acceptPurchase(changing().table, call, NOW)).rejects.toThrow('refused a new instance and holds none');
    const application = {
      product: 'demo',
      instanceId: 'i',
      eventId: 'e',
      deviceFingerprint: '',
      request: '',
      sentAt: 1,
    };
    await expect(acceptApplication(changing().table, application, NOW)).rejects.toThrow(
      'refused a new application and holds none',
    );
  });

  test('records nothing of an attempt that still holds the item, after twenty tries', async () => {
    const { instanceId } = await bought(running.table);
    const key = keys.instance('demo', instanceId);
    const hold = await claim(running.table, key, { owner: 'worker', until: 2 * NOW, now: NOW });
    if (hold === undefined) throw new Error('Nothing to hold.');
    const { table, writes } = changing(instanceId);
    await expect(complete(table, hold, {}, NOW)).rejects.toThrow('The outbox changed under every write.');
    expect(writes).toHaveLength(20);
    expect(await stored(running.table, instanceId)).toMatchObject({ leaseOwner: 'worker', state: 'PENDING' });
  });

  test('queues nothing again, after five tries', async () => {
    const { instanceId } = await bought(running.table);
    const key = keys.instance('demo', instanceId);
    const hold = await claim(running.table, key, { owner: 'worker', until: 2 * NOW, now: NOW });
    if (hold === undefined) throw new Error('Nothing to hold.');
    const failed = { reason: 'none left', andAllBehind: true };
    await complete(running.table, hold, { set: { state: 'FAILED' }, failed }, NOW);
    const { table, writes } = changing(instanceId);
    await expect(requeue(table, key, NOW)).rejects.toThrow('The item changed under each of 5 writes.');
    expect(writes).toHaveLength(5);
    expect(await stored(running.table, instanceId)).toMatchObject({ state: 'FAILED', pending: [] });
  });
});

test('an engine that shows no image of what it says it has written is not believed', async () => {
  const table: Table = { name: 'mute', client: { send: async () => ({}) as never } };
  const call = { product: 'demo', instanceId: 'i', status: 'FREEZE' as const, sentAt: NOW };
  await expect(acceptStatus(table, call, NOW)).rejects.toThrow('no image of an item it updated');
});
