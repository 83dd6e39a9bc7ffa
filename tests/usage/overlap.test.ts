import { describe, expect, test } from '@jest/globals';
import { createMeter } from '../../handlers/create-meter.ts';
import { usagePartition } from '../../lib/usage/keys.ts';
import { rejectByHand } from '../../lib/usage/operate.ts';
import { reportUsage } from '../../lib/usage/store.ts';
import { memoryTable } from '../support/memory-table.ts';
import { DAY, HOUR, instanceOf, NOW, opened, plenty, putWritten, report, usageWorld } from './world.ts';

const MINUTE = 60_000;

/** A report of an instance from one moment to another, in milliseconds before {@link NOW}. */
const between = (instanceId: string, from: number, to: number) => ({
  ...report(instanceId),
  begin: new Date(NOW - from).toISOString(),
  end: new Date(NOW - to).toISOString(),
  id: `${from}-${to}`,
});

async function world() {
  const table = memoryTable();
  const w = usageWorld(table);
  const instanceId = await opened(table);
  return {
    ...w,
    table,
    instanceId,
    at: (from: number, to: number) => reportUsage(w.deps, between(instanceId, from, to)),
  };
}

describe('of two periods of an instance that share time', () => {
  test.each([
    ['the same begin', [5 * HOUR, 4 * HOUR], [5 * HOUR, 3 * HOUR]],
    ['the same end', [5 * HOUR, 4 * HOUR], [6 * HOUR, 4 * HOUR]],
    ['half an hour', [5 * HOUR, 4 * HOUR], [4.5 * HOUR, 3.5 * HOUR]],
    ['half an hour before', [5 * HOUR, 4 * HOUR], [5.5 * HOUR, 4.5 * HOUR]],
    ['one within the other', [30 * HOUR, 6 * HOUR], [8 * HOUR, 7 * HOUR]],
    ['one around the other', [8 * HOUR, 7 * HOUR], [30 * HOUR, 6 * HOUR]],
    ['an hour near the end of a week', [8 * DAY, DAY], [25 * HOUR, 24 * HOUR]],
    ['a second', [5 * HOUR, 4 * HOUR], [4 * HOUR + 1_000, 3 * HOUR]],
  ])('(%s) the second is refused', async (_, [from = 0, to = 0], [begin = 0, end = 0]) => {
    const { at } = await world();
    expect(await at(from, to)).toMatchObject({ outcome: 'stored' });
    const refused = { outcome: 'refused', code: 'overlap', later: false };
    expect(await at(begin, end)).toMatchObject({ ...refused, reason: expect.stringContaining(`id ${from}-${to}`) });
    expect(await at(from, to)).toMatchObject({ outcome: 'known' });
  });

  test('periods that touch, other instances and what was set aside stand in nobody’s way', async () => {
    const { at, table, deps } = await world();
    for (const hour of [5, 4, 6]) expect(await at(hour * HOUR, (hour - 1) * HOUR)).toMatchObject({ outcome: 'stored' });
    const other = await opened(table);
    expect(await reportUsage(deps, between(other, 4.5 * HOUR, 3.5 * HOUR))).toMatchObject({ outcome: 'stored' });
    const first = await at(10 * HOUR, 9 * HOUR);
    if (!('record' in first)) throw new Error(first.reason);
    await rejectByHand(deps, first.record, 'wrong');
    expect(await at(10 * HOUR, 9 * HOUR + MINUTE)).toMatchObject({ outcome: 'stored' });
  });

  test('a period longer than a day is kept in mind with the instance; an hour costs no further write', async () => {
    const { at, table, instanceId } = await world();
    await at(HOUR, 0);
    expect(await instanceOf(table, instanceId)).not.toHaveProperty('usageSpan');
    await at(9 * DAY, 2 * DAY);
    await at(12 * DAY, 10 * DAY);
    expect(await instanceOf(table, instanceId)).toMatchObject({ usageSpan: 7 * DAY });
  });

  test('one is stored when both come in the same list', async () => {
    const { deps, instanceId } = await world();
    const reports = [0, 1, 2, 3].map((shift) =>
      between(instanceId, 9 * HOUR - shift * 10 * MINUTE, 8 * HOUR - shift * 10 * MINUTE),
    );
    const answer = await createMeter(deps)({ reports }, { getRemainingTimeInMillis: plenty });
    const outcomes = 'results' in answer ? answer.results.map(({ outcome }) => outcome) : [];
    expect(outcomes).toEqual(['stored', 'refused', 'refused', 'refused']);
  });

  test('one is billed when both were written to the table', async () => {
    const w = await world();
    const write = (sk: string) =>
      putWritten(w.table, { pk: usagePartition('demo', w.instanceId), sk, value: '1', id: sk, dueShard: 9, dueAt: 0 });
    await write('20250920T080000Z#20250920T090000Z');
    await write('20250920T083000Z#20250920T093000Z');
    expect(await w.sweep()).toMatchObject({ accepted: 1 });
    expect(w.metrics('RefusedUsage')).toBe(1);
  });
});
