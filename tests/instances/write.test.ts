import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { changeIf, putIf, readItem, sendOptions } from '../../lib/instances/write.ts';
import { ITEM_TYPE } from '../../lib/table/item-type.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { ENGINES, watched } from './support.ts';

describe.each(ENGINES)('conditional writes on %s', (engine) => {
  let running: TestTable;
  beforeAll(async () => {
    running = await startTable(engine);
  });
  afterAll(() => running.stop());

  const key = { pk: 'WRITE#1', sk: 'ITEM' };
  const free = { condition: 'attribute_not_exists(#pk)', values: {} };

  test('say by the hundred no more than whether they took place', async () => {
    const change = () => changeIf(running.table, key, 'SET #turn = :turn', { ...free, values: { turn: 1 } });
    expect([await change(), await change()]).toEqual([true, false]);
    expect(await readItem(running.table, key)).toEqual({ ...key, turn: 1 });
  });

  test('throw what the table throws', async () => {
    const { table } = watched(running.table, { kind: 'dies before', at: 1 });
    const change = changeIf(table, key, 'SET #turn = :turn', { ...free, values: { turn: 2 } });
    await expect(change).rejects.toThrow('died');
  });

  test('leave out what is undefined', async () => {
    const item = { pk: 'WRITE#2', sk: 'ITEM', type: ITEM_TYPE.note, there: [1], absent: undefined };
    await putIf(running.table, item, free);
    const kept = await readItem<object>(running.table, item);
    expect(kept).toStrictEqual({ pk: 'WRITE#2', sk: 'ITEM', type: 'note', there: [1] });
  });

  test('are not waited for once the signal has come', async () => {
    const options = { signal: AbortSignal.abort() };
    await expect(readItem(running.table, key, options)).rejects.toMatchObject({ name: 'AbortError' });
  });
});

test('a signal is handed on as the SDK takes it, and none if there is none', () => {
  const { signal } = new AbortController();
  expect(sendOptions({ signal })).toStrictEqual({ abortSignal: signal });
  expect(sendOptions({})).toStrictEqual({});
});
