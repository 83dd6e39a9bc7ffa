import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { DynamoDBRecord } from 'aws-lambda';
import { createFulfil } from '../../handlers/create-fulfil.ts';
import { PARALLEL } from '../../lib/fulfilment/fulfil-all.ts';
import { keys, SHARDS, shardOf } from '../../lib/instances/keys.ts';
import { acceptPurchase, acceptStatus } from '../../lib/instances/store.ts';
import type { Table } from '../../lib/table/table.ts';
import { type World, world } from '../fulfilment/world.ts';
import { freshTable, newOrder, stored, watched } from '../instances/support.ts';
import { startTable, type TestTable } from '../support/table.ts';

const TICK = { source: 'aws.events' };
const context = { getRemainingTimeInMillis: () => 300_000 };

describe('the fulfil function', () => {
  let running: TestTable;
  let table: Table;
  let w: World;
  beforeAll(async () => {
    running = await startTable();
  });
  afterAll(() => running.stop());
  beforeEach(async () => {
    table = await freshTable(running);
    w = world(table);
  });

  const buy = async (product = 'demo'): Promise<string> =>
    (await acceptPurchase(table, { product, ...newOrder(), sentAt: 1 }, w.time.now)).instanceId;
  const record = (instanceId: string, image: object = { dueShard: { N: '1' } }): DynamoDBRecord => {
    const { pk, sk } = keys.instance('demo', instanceId);
    const NewImage = image as Record<string, { N: string }>;
    return { dynamodb: { Keys: { pk: { S: pk }, sk: { S: sk } }, NewImage, SequenceNumber: `n-${instanceId}` } };
  };
  const states = async (ids: readonly string[]) => Promise.all(ids.map(async (id) => (await stored(table, id)).state));

  test('carries out what the stream says was accepted', async () => {
    const ids = await Promise.all(Array.from({ length: 25 }, () => buy()));
    const answer = await createFulfil(w.deps)({ Records: ids.map((id) => record(id)) }, context);
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(new Set(await states(ids))).toEqual(new Set(['ACTIVE']));
  });

  test('asks the table nothing about what is due later: the sweep ends the pause after a failed attempt', async () => {
    const id = await buy();
    const { table: counted, sent } = watched(table);
    const paused = record(id, { dueShard: { N: '1' }, dueAt: { N: String(w.time.now + 1) } });
    await createFulfil({ ...w.deps, table: counted })({ Records: [paused] }, context);
    expect(sent).toEqual([]);
    const due = record(id, { dueShard: { N: '1' }, dueAt: { N: String(w.time.now) } });
    await createFulfil({ ...w.deps, table: counted })({ Records: [due] }, context);
    expect(await states([id])).toEqual(['ACTIVE']);
  });

  test('never fails a batch for a hook', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => buy()));
    w.behaviour.current = ({ change }) => {
      const { instanceId } = (change as { instance: { instanceId: string } }).instance;
      if (ids.indexOf(instanceId) % 2 === 0) throw new Error('down');
    };
    const answer = await createFulfil(w.deps)({ Records: ids.map((id) => record(id)) }, context);
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(await states(ids)).toEqual(['PENDING', 'ACTIVE', 'PENDING', 'ACTIVE', 'PENDING', 'ACTIVE']);
  });

  test('hands back the records at whose items the table failed, and only those', async () => {
    const ids = [await buy(), await buy()];
    const [broken = ''] = ids;
    const failing: Table = {
      name: table.name,
      client: {
        send: async (...args: unknown[]) => {
          if (JSON.stringify(args[0]).includes(broken)) throw new Error('ProvisionedThroughputExceeded');
          return Reflect.apply(table.client.send, table.client, args);
        },
      },
    };
    const answer = await createFulfil({ ...w.deps, table: failing })({ Records: ids.map((id) => record(id)) }, context);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: `n-${broken}` }] });
    expect(await states(ids)).toEqual(['PENDING', 'ACTIVE']);
  });

  test('works on a batch with bounded parallelism', async () => {
    const ids = await Promise.all(Array.from({ length: 3 * PARALLEL }, () => buy()));
    let running = 0;
    let most = 0;
    w.behaviour.current = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 20));
      running -= 1;
    };
    await createFulfil(w.deps)({ Records: ids.map((id) => record(id)) }, context);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(PARALLEL);
    expect(w.calls).toHaveLength(3 * PARALLEL);
  });

  test('looks at an item once, however many of its records a batch has, and leaves alone what is held or done', async () => {
    const ids = [await buy(), await buy(), await buy(), await buy()] as const;
    const { table: counted, sent } = watched(table);
    await createFulfil({ ...w.deps, table: counted })(
      {
        Records: [
          record(ids[0]),
          record(ids[0]),
          record(ids[1], { dueShard: { N: '1' }, leaseOwner: { S: 'x' } }),
          record(ids[2], {}),
          { dynamodb: { Keys: {} } },
          {},
        ],
      },
      context,
    );
    expect(sent).toHaveLength(3);
    expect(await states(ids)).toEqual(['ACTIVE', 'PENDING', 'PENDING', 'PENDING']);
  });

  test('sweeps all shards, page by page, without any stream', async () => {
    const ids = await Promise.all(Array.from({ length: 300 }, () => buy()));
    expect(new Set(ids.map((id) => shardOf(keys.instance('demo', id)))).size).toBe(SHARDS);
    expect(await createFulfil(w.deps)(TICK, context)).toBeUndefined();
    expect(new Set(await states(ids))).toEqual(new Set(['ACTIVE']));
    expect(w.calls).toHaveLength(300);
  });

  test('measures how long the oldest change has waited', async () => {
    await buy();
    w.time.now += 90_000;
    await buy();
    await createFulfil(w.deps)(TICK, context);
    const metric = w.log.entries.find(({ message }) => message === 'OldestDueAge');
    expect(metric?.fields).toMatchObject({ value: 90 });
  });

  test('starts nothing when the time runs out, and the next run goes on', async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, () => buy()));
    let left = 300_000;
    w.behaviour.current = () => {
      left -= 100_000;
    };
    await createFulfil(w.deps)(TICK, { getRemainingTimeInMillis: () => left });
    const done = w.calls.length;
    expect(done).toBeLessThan(30);
    await createFulfil(w.deps)(TICK, { getRemainingTimeInMillis: () => 300_000 });
    await createFulfil(w.deps)(TICK, context);
    left = 300_000;
    await w.settle();
    expect(new Set(await states(ids))).toEqual(new Set(['ACTIVE']));
    expect(w.calls).toHaveLength(30);
  });

  test('a failing instance delays no other', async () => {
    const ids = [await buy(), await buy()] as const;
    w.behaviour.current = ({ change }) => {
      if ((change as { instance: { instanceId: string } }).instance.instanceId === ids[0]) throw new Error('always');
    };
    for (let minute = 0; minute < 10; minute += 1) {
      await acceptStatus(
        table,
        { product: 'demo', instanceId: ids[1], status: minute % 2 ? 'UNFREEZE' : 'FREEZE', sentAt: 10 + minute },
        w.time.now,
      );
      await createFulfil(w.deps)(TICK, context);
      w.time.now += 60_000;
    }
    expect(await states(ids)).toEqual(['PENDING', 'ACTIVE']);
    expect((await stored(table, ids[1])).pending).toEqual([]);
  });
});
