import { describe, expect, test } from '@jest/globals';
import { putIf } from '../../lib/instances/write.ts';
import type { Table } from '../../lib/table/table.ts';
import type { UsageRecord } from '../../lib/usage/item.ts';
import { reportUsage } from '../../lib/usage/store.ts';
import { memoryTable } from '../support/memory-table.ts';
import { DAY, HOUR, NOW, opened, recordOf, report, storedRecord, usageWorld } from './world.ts';

async function putEach(table: Table, records: readonly UsageRecord[]): Promise<void> {
  for (const record of records)
    await putIf(table, { ...record, type: 'usage-record' }, { condition: 'attribute_not_exists(#pk)', values: {} });
}

/** One bad instance and so many good ones, each with the same hour to be pushed; the bad record is the oldest. */
async function withOneBad(good: number, code: string) {
  const table = memoryTable();
  const w = usageWorld(table);
  const bad = await opened(table, { instanceId: 'bad' });
  w.billing.poison = ({ instanceId }) => (instanceId === bad ? code : undefined);
  await reportUsage(w.deps, report(bad, 1));
  w.time.now += 1_000;
  for (let index = 0; index < good; index += 1) {
    await reportUsage(w.deps, report(await opened(table, { instanceId: `good-${index}` }), 1));
  }
  return { ...w, table, bad };
}

const named = ({ log }: Pick<ReturnType<typeof usageWorld>, 'log'>) =>
  log.entries
    .filter(({ message }) => message.startsWith('A usage record makes each push fail'))
    .map(({ fields }) => (fields as { instanceId: string }).instanceId);

describe('a record that makes each push fail', () => {
  test.each(['MKT.0150', 'MKT.0101', 'MKT.0102', 'MKT.0199', '94060999', '94060001', '94060010', 'oversized'])(
    'with %s holds back no other, waits by itself and is named',
    async (code) => {
      const w = await withOneBad(20, code);
      expect(await w.sweep()).toMatchObject({ accepted: 20, rejected: 0, postponed: 1, held: 1, left: 0 });
      expect(w.billing.billed.size).toBe(20);
      expect(named(w)).toEqual(['bad']);
      expect(w.metrics('HeldUsage')).toBe(1);
      expect(await recordOf(w.table, 'bad', 1)).toMatchObject({ state: 'due', code, held: 1, revision: 0 });
    },
  );

  test('is pushed again ever more seldom, every six hours at last, under the number it has', async () => {
    const w = await withOneBad(1, 'MKT.0150');
    await w.sweep();
    const { meteringSn } = (await recordOf(w.table, 'bad', 1)) ?? {};
    const waits: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      const { dueAt = 0 } = (await recordOf(w.table, 'bad', 1)) ?? {};
      waits.push((dueAt - w.time.now) / 60_000);
      w.time.now = dueAt;
      // Another that is taken in the same run shows that the account is in order.
      await reportUsage(w.deps, report('good-0', 2 + round));
      await w.sweep();
    }
    expect(waits).toEqual([10, 20, 40, 80, 160, 320, 360, 360]);
    w.billing.poison = () => undefined;
    w.time.now += 6 * HOUR;
    expect(await w.sweep()).toMatchObject({ accepted: 1 });
    const taken = await recordOf(w.table, 'bad', 1);
    expect(taken).toMatchObject({ state: 'accepted', meteringSn });
    expect(taken).not.toHaveProperty('held');
  });

  test('is rejected in the end, when it has become too old', async () => {
    const w = await withOneBad(0, 'MKT.0150');
    while (w.time.now < NOW + 22 * DAY) {
      await w.sweep();
      w.time.now += DAY / 2;
    }
    expect(await recordOf(w.table, 'bad', 1)).toMatchObject({ state: 'rejected', code: 'too-old' });
    expect(w.metrics('RejectedUsage')).toBe(1);
  });

  test('may be one of many: a bad instance with hundreds of records takes no good one with it', async () => {
    const table = memoryTable();
    const w = usageWorld(table);
    await opened(table, { instanceId: 'bad' });
    await opened(table, { instanceId: 'good' });
    w.billing.poison = ({ instanceId }) => (instanceId === 'bad' ? 'MKT.0150' : undefined);
    await putEach(
      table,
      Array.from({ length: 120 }, (_, ago) => storedRecord(ago % 20 === 7 ? 'good' : 'bad', ago, '1')),
    );
    for (let run = 0; run < 6; run += 1) {
      await w.sweep();
      expect(w.billing.pushes.length).toBeLessThan(300 * (run + 1));
    }
    expect(w.billing.billed.size).toBe(6);
  });

  test('the same as an answer that says nothing of any record: the others are pushed without it', async () => {
    const w = await withOneBad(10, 'none');
    w.billing.poison = () => undefined;
    const { push } = w.billing;
    const silent: typeof push = async (product, records, signal) =>
      records.some(({ instanceId }) => instanceId === 'bad') ? [] : push(product, records, signal);
    Object.assign(w.deps, { pushUsage: silent });
    expect(await w.sweep()).toMatchObject({ accepted: 10, held: 1 });
    expect(named(w)).toEqual(['bad']);
  });
});

describe('the account’s trouble', () => {
  /** Many instances with one hour each, of which pushes always fail in the same way. */
  async function allFail(code: string, count: number) {
    const table = memoryTable();
    const w = usageWorld(table);
    for (let index = 0; index < count; index += 1) await opened(table, { instanceId: `i-${index}` });
    await putEach(
      table,
      Array.from({ length: count }, (_, index) => storedRecord(`i-${index}`, 1, '1')),
    );
    w.billing.poison = () => code;
    return w;
  }

  test.each(['MKT.0150', 'MKT.0199', '94060001', 'MKT.9001'])(
    'shows when a number of records fail alike with %s: nothing is blamed, and everything stays due',
    async (code) => {
      const w = await allFail(code, 100);
      expect(await w.sweep()).toMatchObject({ accepted: 0, rejected: 0, postponed: 0, held: 0, left: 100 });
      expect(w.billing.pushes.length).toBeLessThan(30);
      expect(w.metrics('FailedUsagePush')).toBe(1);
      expect(named(w)).toEqual([]);
      w.billing.poison = () => undefined;
      expect(await w.sweep()).toMatchObject({ accepted: 100 });
    },
  );

  test.each(['MKT.0102', 'MKT.0151', 'MKT.0154', '94060010'])(
    'is what %s says, as long as no record is taken: even a single one stays due',
    async (code) => {
      const w = await allFail(code, 3);
      expect(await w.sweep()).toMatchObject({ postponed: 0, held: 0, left: 3 });
      expect(w.metrics('FailedUsagePush')).toBe(1);
    },
  );

  test.each(['APIG.0301', 'MKT.0250', 'MKT.0999', 'HTTP 502', 'timeout', 'connection'])(
    'or the network’s (%s) divides no push',
    async (code) => {
      const w = await allFail(code, 10);
      expect(await w.sweep()).toMatchObject({ left: 10, held: 0 });
      expect(w.billing.pushes).toEqual([10]);
    },
  );
});
