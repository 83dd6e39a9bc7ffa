import { describe, expect, test } from '@jest/globals';
import { type ImportedInstance, importInstance } from '../../lib/instances/import.ts';
import { usagePartition } from '../../lib/usage/keys.ts';
import { reportUsage } from '../../lib/usage/store.ts';
import { memoryTable } from '../support/memory-table.ts';
import { DAY, HOUR, NOW, putWritten, report, usageWorld } from './world.ts';

const given: ImportedInstance = {
  product: 'demo',
  instanceId: 'tenant-1',
  orderId: 'CS1',
  orderLineId: '',
  derivedIds: ['derived'],
};

async function world(instance: ImportedInstance) {
  const table = memoryTable();
  await importInstance(table, instance, NOW);
  return { ...usageWorld(table), table };
}

describe('an imported instance', () => {
  test('of which the file says that it is charged on demand can be billed, also for the time before', async () => {
    const w = await world({ ...given, chargingMode: 'ON_DEMAND' });
    for (const ago of [0, 48]) {
      expect(await reportUsage(w.deps, report('tenant-1', ago))).toMatchObject({ outcome: 'stored' });
    }
    expect(await w.sweep()).toMatchObject({ accepted: 2 });
  });

  test('of which nobody said how it is charged is refused for now, with what to do', async () => {
    const w = await world(given);
    expect(await reportUsage(w.deps, report('tenant-1'))).toMatchObject({
      outcome: 'refused',
      code: 'not-open',
      later: true,
      reason: expect.stringMatching(/not known how .* chargingMode.* reconcile --repair/),
    });
  });

  test('can be told so by importing the file again with the column', async () => {
    const w = await world(given);
    expect(await importInstance(w.table, { ...given, chargingMode: 'ON_DEMAND' }, NOW + 1)).toBe(true);
    expect(await reportUsage(w.deps, report('tenant-1'))).toMatchObject({ outcome: 'stored' });
    expect(await importInstance(w.table, { ...given, chargingMode: 'PERIOD' }, NOW + 2)).toBe(false);
  });

  test('whose reports in the table cannot be taken yet rings in time: they are late, old and near their limit', async () => {
    const w = await world(given);
    const pk = usagePartition('demo', 'tenant-1');
    await putWritten(w.table, {
      ...{ pk, sk: '20250920T100000Z#20250920T110000Z', value: '1', id: 'h' },
      ...{ dueShard: 9, dueAt: 0 },
    });
    w.time.now = NOW + 13 * 60_000;
    expect(await w.sweep()).toMatchObject({ unadopted: 1, late: 1, nearLimit: 0, oldest: HOUR + 13 * 60_000, left: 0 });
    w.time.now = NOW + 18 * DAY + 13 * 60_000;
    expect(await w.sweep()).toMatchObject({ unadopted: 1, late: 1, nearLimit: 1 });
    for (const metric of ['UnadoptedUsage', 'LateUsage']) expect(w.metrics(metric)).toBe(2);
    expect(w.metrics('UsageNearLimit')).toBe(1);
  });
});
