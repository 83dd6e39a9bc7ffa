import { type Bench, same } from './bench.ts';
import { type Probe, probe } from './probe.ts';

const [A, B, C] = ['a', 'b', 'c'].map((id) => ({ id, kind: 'renew', acceptedAt: 1 })) as [object, object, object];

async function withList(bench: Bench, pending: readonly object[]) {
  const key = bench.key();
  await bench.put({ ...key, pending, failed: {}, attempts: 0 });
  return key;
}

/** Tells whether a condition holds on an item. */
async function holds(bench: Bench, key: { pk: string; sk: string }, condition: string, values = {}): Promise<boolean> {
  return (await bench.update(key, 'SET #touched = :one', { condition, values: { ...values, one: 1 } })).done;
}

/** Rules about members of lists, maps and sets: the outbox stands on them. */
export const DOCUMENTS: readonly Probe[] = [
  probe('list-position', async (bench) => {
    const key = await withList(bench, [A, B]);
    for (const [position, isThere] of [
      [0, true],
      [1, true],
      [2, false],
      [7, false],
    ] as const) {
      const exists = `attribute_exists(#pending[${position}])`;
      same(exists, await holds(bench, key, exists), isThere);
      const not = `attribute_not_exists(#pending[${position}])`;
      same(not, await holds(bench, key, not), !isThere);
    }
    const empty = await withList(bench, []);
    same('attribute_exists(#pending[0]), empty', await holds(bench, empty, 'attribute_exists(#pending[0])'), false);
  }),
  probe('list-member', async (bench) => {
    const key = await withList(bench, [A, B]);
    const condition = '#pending[0].#id = :id';
    same(`${condition}, "a"`, await holds(bench, key, condition, { id: 'a' }), true);
    same(`${condition}, "b"`, await holds(bench, key, condition, { id: 'b' }), false);
    same('#pending[1].#id = :id, "b"', await holds(bench, key, '#pending[1].#id = :id', { id: 'b' }), true);
    const empty = await withList(bench, []);
    same(`${condition}, empty`, await holds(bench, empty, condition, { id: 'a' }), false);
  }),
  probe('list-remove', async (bench) => {
    const key = await withList(bench, [A, B, C]);
    const first = await bench.update(key, 'REMOVE #pending[0]', { condition: 'attribute_exists(#pending[1])' });
    same('REMOVE #pending[0] of a, b, c', first.item?.pending, [B, C]);
    const second = await bench.update(key, 'SET #attempts = :none REMOVE #pending[0]', { values: { none: 0 } });
    same('REMOVE #pending[0] of b, c', second.item?.pending, [C]);
    const last = await bench.update(key, 'SET #pending = :empty', { values: { empty: [] } });
    same('SET #pending = []', last.item?.pending, []);
  }),
  probe('list-append', async (bench) => {
    const key = await withList(bench, []);
    const update = 'SET #pending = list_append(#pending, :changes)';
    const first = await bench.update(key, update, { values: { changes: [A] } });
    same(update, first.item?.pending, [A]);
    const second = await bench.update(key, update, { values: { changes: [B, C] } });
    same(`${update}, again`, second.item?.pending, [A, B, C]);
  }),
  probe('map-member', async (bench) => {
    const key = await withList(bench, [A]);
    const names = { change: 'renew#CS26-01#%23.weird name' };
    const put = await bench.update(key, 'SET #failed.#change = :change', { values: { change: B }, names });
    same('SET #failed.#change', put.item?.failed, { [names.change]: B });
    const there = { condition: 'attribute_exists(#failed.#change)', values: { one: 1 }, names };
    same('attribute_exists(#failed.#change)', (await bench.update(key, 'SET #touched = :one', there)).done, true);
    const gone = await bench.update(key, 'REMOVE #failed.#change', { names });
    same('REMOVE #failed.#change', gone.item?.failed, {});
    const again = await bench.update(key, 'REMOVE #failed.#change', { names });
    same('REMOVE of a member that is not there', again.item?.failed, {});
  }),
  probe('if-not-exists', async (bench) => {
    const key = await withList(bench, []);
    const update = 'SET #expiresAt = if_not_exists(#expiresAt, :at)';
    same(update, (await bench.update(key, update, { values: { at: 5 } })).item?.expiresAt, 5);
    same(`${update}, again`, (await bench.update(key, update, { values: { at: 6 } })).item?.expiresAt, 5);
  }),
  probe('counter', async (bench) => {
    const key = await withList(bench, []);
    const values = { values: { one: 1 } };
    same('SET #a = #a + :one', (await bench.update(key, 'SET #attempts = #attempts + :one', values)).item?.attempts, 1);
    same('ADD makes a number', (await bench.update(key, 'ADD #turn :one', values)).item?.turn, 1);
    same('ADD to a number', (await bench.update(key, 'ADD #turn :one', values)).item?.turn, 2);
  }),
  probe('sets', async (bench) => {
    const key = await withList(bench, []);
    const add = (...members: string[]) =>
      bench.update(key, 'ADD #queue :members', { values: { members: new Set(members) } });
    const drop = (...members: string[]) =>
      bench.update(key, 'DELETE #queue :members', { values: { members: new Set(members) } });
    same('ADD makes a set', (await add('x')).item?.queue, new Set(['x']));
    same('ADD to a set', (await add('y')).item?.queue, new Set(['x', 'y']));
    same('contains(#queue, :v)', await holds(bench, key, 'contains(#queue, :v)', { v: 'y' }), true);
    same('DELETE of a member', (await drop('x', 'z')).item?.queue, new Set(['y']));
    same('DELETE of the last member', (await drop('y')).item?.queue, undefined);
    same('DELETE of nothing', (await drop('y')).item?.queue, undefined);
  }),
];
