import { type Bench, type Item, type Rule, refused, same } from './bench.ts';
import { type Probe, probe } from './probe.ts';

/** Values that the conditions below are tried on. */
const STORED = {
  text: 'banana',
  number: 10,
  empty: '',
  members: new Set(['a', 'b']),
  flag: true,
  deep: { version: 3, list: ['x'] },
} as const;

/** Conditions on that item, and whether each holds. */
const CONDITIONS: readonly (readonly [condition: string, values: Item, holds: boolean])[] = [
  ['#number = :v', { v: 10 }, true],
  ['#number = :v', { v: '10' }, false],
  ['#number <> :v', { v: 10 }, false],
  ['#number < :v', { v: 10 }, false],
  ['#number < :v', { v: 11 }, true],
  ['#number < :v', { v: 9 }, false],
  ['#number <= :v', { v: 10 }, true],
  ['#number > :v', { v: 9 }, true],
  ['#number >= :v', { v: 11 }, false],
  ['#text < :v', { v: 'cherry' }, true],
  ['#text >= :v', { v: 'b' }, true],
  ['#text = :v', { v: 'Banana' }, false],
  ['#empty = :v', { v: '' }, true],
  ['#flag = :v', { v: true }, true],
  ['#missing = :v', { v: 1 }, false],
  ['#missing < :v', { v: 1 }, false],
  ['#missing <> :v', { v: 'FAILED' }, true],
  ['#deep.#version = :v', { v: 3 }, true],
  ['#deep.#version <= :v', { v: 2 }, false],
  ['#missing.#version = :v', { v: 3 }, false],
  ['attribute_exists(#flag)', {}, true],
  ['attribute_exists(#missing)', {}, false],
  ['attribute_not_exists(#missing)', {}, true],
  ['attribute_not_exists(#text)', {}, false],
  ['attribute_exists(#deep.#version)', {}, true],
  ['attribute_exists(#deep.#missing)', {}, false],
  ['begins_with(#text, :v)', { v: 'ban' }, true],
  ['begins_with(#text, :v)', { v: 'an' }, false],
  ['contains(#members, :v)', { v: 'b' }, true],
  ['contains(#members, :v)', { v: 'ab' }, false],
  ['NOT contains(#members, :v)', { v: 'c' }, true],
  ['NOT contains(#missing, :v)', { v: 'c' }, true],
  ['#number = :v OR #text = :w AND #text = :x', { v: 10, w: 'banana', x: 'cherry' }, true],
  ['(#number = :v OR #text = :w) AND #text = :x', { v: 10, w: 'banana', x: 'cherry' }, false],
  ['attribute_exists(#text) AND (attribute_not_exists(#missing) OR #number < :v)', { v: 1 }, true],
  ['NOT (#number = :v AND #flag = :w)', { v: 10, w: true }, false],
];

async function stored(bench: Bench, item: Item = STORED) {
  const key = bench.key();
  await bench.put({ ...key, ...item });
  return { key, item: { ...key, ...item } };
}

/** Reads after a write that must not have taken place. */
async function unchanged(bench: Bench, request: string, item: Item & { pk: string; sk: string }): Promise<void> {
  same(`${request}, read afterwards`, await bench.get(item), item);
}

const IF_ABSENT: Rule = { condition: 'attribute_not_exists(#pk)' };

/** Rules about single conditional writes: they take place as a whole or not at all, and say which. */
export const WRITES: readonly Probe[] = [
  probe('put-if-absent', async (bench) => {
    const key = bench.key();
    const item = { ...key, text: 'first' };
    same('PutItem if absent', (await bench.put(item, IF_ABSENT)).done, true);
    same('PutItem if absent, again', (await bench.put({ ...key, text: 'second' }, IF_ABSENT)).done, false);
    await unchanged(bench, 'PutItem if absent, again', item);
    same('PutItem', (await bench.put({ ...key, other: 'third' })).done, true);
    same('PutItem, read afterwards', await bench.get(key), { ...key, other: 'third' });
  }),
  {
    id: 'old-image',
    try: async (bench) => {
      const { key, item } = await stored(bench);
      const put = await bench.put({ ...key, text: 'other' }, IF_ABSENT);
      const update = await bench.update(key, 'SET #text = :v', {
        condition: '#number = :n',
        values: { v: 'other', n: 1 },
      });
      same('both conditions', [put.done, update.done], [false, false]);
      if (put.item === undefined && update.item === undefined) return { remark: 'table-check.no-old-image' };
      same('old image of PutItem', put.item, item);
      same('old image of UpdateItem', update.item, item);
      return undefined;
    },
  },
  probe('new-image', async (bench) => {
    const { key, item } = await stored(bench);
    const expected = { ...item, text: 'new', added: 1 };
    const { item: image } = await bench.update(key, 'SET #text = :text, #added = :one', {
      values: { text: 'new', one: 1 },
    });
    same('image after UpdateItem', image, expected);
    same('GetItem afterwards', await bench.get(key), expected);
  }),
  probe('conditions', async (bench) => {
    const { key, item } = await stored(bench);
    for (const [condition, values, holds] of CONDITIONS) {
      const { done } = await bench.update(key, 'SET #touched = :touched', {
        condition,
        values: { ...values, touched: 1 },
      });
      same(`${condition} with ${JSON.stringify(values)}`, done, holds);
      if (done) await bench.put(item);
      else await unchanged(bench, condition, item);
    }
  }),
  probe('condition-on-nothing', async (bench) => {
    const key = bench.key();
    const rule = { condition: '#state = :v', values: { v: 'ACTIVE', one: 1 } };
    same('UpdateItem of an item that is not there', (await bench.update(key, 'SET #a = :one', rule)).done, false);
    same('GetItem afterwards', await bench.get(key), undefined);
    const create = { condition: 'attribute_not_exists(#version) OR #version < :v', values: { v: 2 } };
    const { done } = await bench.update(key, 'SET #version = :v', create);
    same('UpdateItem that makes an item', [done, await bench.get(key)], [true, { ...key, version: 2 }]);
    same('UpdateItem with the same version', (await bench.update(key, 'SET #version = :v', create)).done, false);
  }),
  probe('several-clauses', async (bench) => {
    const { key } = await stored(bench, { state: 'OLD', attempts: 4, gone: 'x', orders: new Set(['a', 'b']), seen: 1 });
    const update =
      'SET #state = :state, #attempts = #attempts + :one REMOVE #gone, #missing ADD #seen :one DELETE #orders :a';
    const values = { state: 'NEW', one: 1, a: new Set(['a']) };
    const { item } = await bench.update(key, update, {
      condition: '#attempts = :four',
      values: { ...values, four: 4 },
    });
    same(update, item, { ...key, state: 'NEW', attempts: 5, seen: 2, orders: new Set(['b']) });
  }),
  probe('invalid-update', async (bench) => {
    const { key, item } = await stored(bench);
    await refused(
      'list_append to nothing',
      bench.update(key, 'SET #text = :v, #list = list_append(#list, :l)', {
        condition: 'attribute_exists(#pk)',
        values: { v: 'half', l: ['x'] },
      }),
    );
    await unchanged(bench, 'list_append to nothing', item);
    await refused('SET under a map that is not there', bench.update(key, 'SET #missing.#a = :v', { values: { v: 1 } }));
    await unchanged(bench, 'SET under a map that is not there', item);
  }),
  probe('delete', async (bench) => {
    const { key } = await stored(bench);
    same('DeleteItem', (await bench.delete(key)).done, true);
    same('GetItem afterwards', await bench.get(key), undefined);
    same('DeleteItem of nothing', (await bench.delete(key)).done, true);
  }),
];
