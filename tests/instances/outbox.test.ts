import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dueEntries } from '../../lib/instances/due.ts';
import { keys, SHARDS } from '../../lib/instances/keys.ts';
import { claim, complete, giveBack, type Hold, holdOf, postpone } from '../../lib/instances/outbox.ts';
import { acceptPurchase, acceptRelease, acceptStatus } from '../../lib/instances/store.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { bought, ENGINES, freshTable, newOrder, stored, watched } from './support.ts';

const NOW = 1_000_000;

describe.each(ENGINES)('the outbox on %s', (engine) => {
  let running: TestTable;
  beforeAll(async () => {
    running = await startTable(engine);
  });
  afterAll(() => running.stop());

  const waiting = async () => {
    const id = await bought(running.table, NOW);
    return { ...id, key: keys.instance(id.product, id.instanceId) };
  };
  type Waiting = Awaited<ReturnType<typeof waiting>>;
  const take = ({ key }: Waiting, owner: string, now = NOW) =>
    claim(running.table, key, { owner, until: now + 1_000, now });
  const freeze = ({ instanceId }: Waiting, sentAt = 5) =>
    acceptStatus(running.table, { product: 'demo', instanceId, status: 'FREEZE', sentAt }, NOW);
  const held = async (item: Waiting, owner: string, now = NOW): Promise<Hold> => {
    const hold = await take(item, owner, now);
    if (hold === undefined) throw new Error('Nothing to hold.');
    return hold;
  };

  test('gives an item to one of many claims, and to the next when the hold has ended', async () => {
    const item = await waiting();
    const claims = await Promise.all(Array.from({ length: 10 }, (_, n) => take(item, `w${n}`)));
    expect(claims.filter((hold) => hold !== undefined)).toHaveLength(1);
    expect(await take(item, 'soon', NOW + 999)).toBeUndefined();
    expect(await take(item, 'later', NOW + 1_001)).toMatchObject({ owner: 'later', item: { attempts: 2 } });
  });

  test('gives nothing that is not due yet, that nobody created, or that is done', async () => {
    const item = await waiting();
    const hold = await held(item, 'a');
    const { recorded } = await postpone(running.table, hold, { dueAt: NOW + 500, reason: 'not now' }, NOW);
    expect(recorded).toBe(true);
    expect(await take(item, 'b', NOW + 499)).toBeUndefined();
    await complete(running.table, await held(item, 'b', NOW + 500), {}, NOW + 500);
    expect(await take(item, 'c', NOW + 99_999)).toBeUndefined();
    expect(await take({ ...item, key: keys.instance('demo', 'nobody') }, 'd')).toBeUndefined();
  });

  test('accepting a change makes a postponed item due at once', async () => {
    const item = await waiting();
    await postpone(running.table, await held(item, 'a'), { dueAt: NOW + 500, reason: 'not now' }, NOW);
    await freeze(item);
    expect(await take(item, 'b')).toBeDefined();
  });

  test('drops the head alone when something follows, also when it was accepted since the claim', async () => {
    const item = await waiting();
    const hold = await held(item, 'a');
    await freeze(item);
    const { recorded } = await complete(running.table, hold, { set: { state: 'ACTIVE' } }, NOW);
    expect(recorded).toBe(true);
    const image = await stored(running.table, item.instanceId);
    expect(image.pending.map(({ kind }) => kind)).toEqual(['freeze']);
    expect(image).toMatchObject({ dueAt: 0, state: 'ACTIVE', attempts: 0 });
    expect(image).not.toHaveProperty('leaseOwner');
  });

  test('takes all that waits with a failed purchase, also what was accepted since the claim', async () => {
    const item = await waiting();
    await freeze(item, 5);
    const hold = await held(item, 'a');
    await freeze(item, 6);
    const failed = { reason: 'no', andAllBehind: true };
    await complete(running.table, hold, { set: { state: 'FAILED' }, failed }, NOW);
    const image = await stored(running.table, item.instanceId);
    expect(image).toMatchObject({ pending: [], state: 'FAILED' });
    expect(Object.keys(image.failed)).toHaveLength(3);
    expect(image).not.toHaveProperty('dueShard');
  });

  test('records up to the very end of the hold, also when something was accepted since the claim', async () => {
    const item = await waiting();
    const hold = await held(item, 'a');
    await freeze(item);
    expect(await complete(running.table, hold, { set: { state: 'ACTIVE' } }, NOW + 1_000)).toMatchObject({
      recorded: true,
      item: { state: 'ACTIVE', pending: [{ kind: 'freeze' }] },
    });
  });

  test('empties the list when it holds no more than the head, whatever the image at hand says', async () => {
    const item = await waiting();
    const hold = await held(item, 'a');
    const image = { ...hold.item, pending: [hold.change, hold.change] } as Hold['item'];
    expect((await complete(running.table, { ...hold, item: image }, {}, NOW)).recorded).toBe(true);
    const left = await stored(running.table, item.instanceId);
    expect(left.pending).toEqual([]);
    expect(left).not.toHaveProperty('dueShard');
  });

  test.each(['complete', 'postpone'] as const)('can not %s what is gone, and writes but once', async (end) => {
    const item = await waiting();
    const hold = await held(item, 'a');
    const { name } = running.table;
    await running.client.send(new DeleteItemCommand({ TableName: name, Key: marshall(item.key) }));
    const { table, sent } = watched(running.table);
    const outcome =
      end === 'complete'
        ? await complete(table, hold, {}, NOW)
        : await postpone(table, hold, { dueAt: NOW + 500, reason: 'not now' }, NOW);
    expect(outcome).toEqual({ recorded: false, item: undefined });
    expect(sent.filter((request) => request.name === 'UpdateItem')).toHaveLength(1);
  });

  test('gives a hold on an item that was read under its token alone, and while something waits', async () => {
    const item = await waiting();
    const { change, owner, until, item: image } = await held(item, 'a');
    expect(holdOf(image, { owner, until })).toEqual({ item: image, change, owner, until });
    expect(holdOf(image, { owner: 'b', until })).toBeUndefined();
    expect(holdOf({ ...image, pending: [] } as typeof image, { owner, until })).toBeUndefined();
    expect(holdOf(undefined, { owner, until })).toBeUndefined();
  });

  test('lets nothing be recorded under a hold that has ended, or that another has', async () => {
    const item = await waiting();
    const old = await held(item, 'old');
    expect(await complete(running.table, old, { set: { state: 'ACTIVE' } }, NOW + 1_001)).toMatchObject({
      recorded: false,
    });
    await held(item, 'new', NOW + 2_000);
    for (const now of [NOW, NOW + 2_000]) {
      expect(await complete(running.table, old, { set: { state: 'ACTIVE' } }, now)).toMatchObject({ recorded: false });
      expect(await postpone(running.table, old, { dueAt: 1, reason: 'late' }, now)).toMatchObject({ recorded: false });
      await giveBack(running.table, old);
    }
    expect(await stored(running.table, item.instanceId)).toMatchObject({ state: 'PENDING', leaseOwner: 'new' });
  });

  test('gives the item back when a release has overtaken the head', async () => {
    for (const end of ['complete', 'postpone'] as const) {
      const item = await waiting();
      const hold = await held(item, 'a');
      await acceptRelease(running.table, { product: 'demo', instanceId: item.instanceId, sentAt: 1 }, NOW);
      expect(await take(item, 'b')).toBeUndefined();
      const { recorded } =
        end === 'complete'
          ? await complete(running.table, hold, { set: { state: 'ACTIVE' } }, NOW)
          : await postpone(running.table, hold, { dueAt: NOW + 9_999, reason: 'late' }, NOW);
      expect(recorded).toBe(false);
      expect(await take(item, 'b')).toMatchObject({
        change: { kind: 'release' },
        item: { state: 'PENDING', attempts: 1 },
      });
    }
  });

  test('takes a claim whose answer was lost for its own', async () => {
    const item = await waiting();
    const { table } = watched(running.table, { kind: 'answer lost', at: 1 });
    const hold = await claim(table, item.key, { owner: 'me', until: NOW + 1_000, now: NOW });
    expect(hold).toMatchObject({ owner: 'me', item: { attempts: 1 } });
  });

  test('lists what is due, over all shards and pages, each entry once', async () => {
    const table = await freshTable(running);
    const ids = await Promise.all(
      Array.from({ length: 260 }, () => acceptPurchase(table, { product: 'demo', ...newOrder(), sentAt: 1 }, NOW)),
    );
    const [first] = ids;
    const key = keys.instance('demo', first?.instanceId ?? '');
    await claim(table, key, { owner: 'a', until: NOW + 50_000, now: NOW });
    const { table: counted, sent } = watched(table);
    const found: string[] = [];
    for await (const { pk } of dueEntries(counted, NOW, 3)) found.push(pk);
    expect(new Set(found).size).toBe(found.length);
    expect(found.sort()).toEqual(
      ids
        .slice(1)
        .map(({ instanceId }) => keys.instance('demo', instanceId).pk)
        .sort(),
    );
    expect(sent.length).toBeGreaterThan(SHARDS);
    const later: string[] = [];
    for await (const { pk } of dueEntries(table, NOW + 50_000)) later.push(pk);
    expect(later).toHaveLength(260);
  });
});

test('nothing is due where the index answers without items', async () => {
  const { table, sent } = watched({ name: 'terse', client: { send: async () => ({}) as never } });
  for await (const entry of dueEntries(table, NOW)) throw new Error(`${entry.pk} is not there.`);
  expect(sent).toHaveLength(SHARDS);
});
