import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createNotes } from '../../lib/instances/notes.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { ENGINES, vanishing, watched } from './support.ts';

describe.each(ENGINES)('notes on %s', (engine) => {
  let running: TestTable;
  beforeAll(async () => {
    running = await startTable(engine);
  });
  afterAll(() => running.stop());

  test('are put, replaced, read and deleted', async () => {
    const notes = createNotes(running.table, 'demo');
    expect(await notes.get('tenant')).toBeUndefined();
    const value = { name: 'Ünï', list: [1, 2.5, null, ''], nested: { deep: [[]] } };
    await notes.put('tenant', value);
    expect(await notes.get('tenant')).toEqual(value);
    await notes.put('tenant', 'other');
    expect(await notes.get('tenant')).toBe('other');
    await notes.delete('tenant');
    await notes.delete('tenant');
    expect(await notes.get('tenant')).toBeUndefined();
  });

  test('are created once', async () => {
    const notes = createNotes(running.table, 'demo');
    const created = await Promise.all(Array.from({ length: 10 }, (_, n) => notes.create('single', n)));
    expect(created.filter(Boolean)).toHaveLength(1);
    expect(await notes.get('single')).toBe(created.indexOf(true));
  });

  test('created with a lost answer are created', async () => {
    const { table } = watched(running.table, { kind: 'answer lost', at: 1 });
    expect(await createNotes(table, 'demo').create('lost', 1)).toBe(true);
  });

  test('in whose way another stood are not created, even if that one is gone by then', async () => {
    await createNotes(running.table, 'demo').put('gone', 1);
    expect(await createNotes(vanishing(running.table), 'demo').create('gone', 2)).toBe(false);
    expect(await createNotes(running.table, 'demo').get('gone')).toBeUndefined();
  });

  test('belong to a product, whatever their keys look like', async () => {
    await createNotes(running.table, 'a').put('b#c', 1);
    expect(await createNotes(running.table, 'a').get('b%23c')).toBeUndefined();
    expect(await createNotes(running.table, 'b').get('b#c')).toBeUndefined();
    expect(await createNotes(running.table, 'a').get('b#c')).toBe(1);
  });

  test('hold 100 KB', async () => {
    const notes = createNotes(running.table, 'demo');
    const value = 'x'.repeat(100_000 - '""'.length);
    await notes.put('longest', value);
    expect(await notes.get('longest')).toBe(value);
  });

  test.each([
    ['undefined', undefined],
    ['a function', () => 1],
    ['more than 100 KB', 'x'.repeat(100_001)],
  ])('do not hold %s', async (_, value) => {
    await expect(createNotes(running.table, 'demo').put('k', value)).rejects.toThrow('A note holds');
  });
});
