import { describe, expect, test } from '@jest/globals';
import { usageKey, usagePartition } from '../../lib/usage/keys.ts';
import { parseRecordName, recordName, rejectByHand, requeueByHand } from '../../lib/usage/operate.ts';
import { keepRefused, reportUsage } from '../../lib/usage/store.ts';
import { memoryTable } from '../support/memory-table.ts';
import { DAY, HOUR, NOW, opened, putWritten, recordOf, report, usageWorld } from './world.ts';

async function world() {
  const table = memoryTable();
  const w = usageWorld(table);
  const instanceId = await opened(table);
  await reportUsage(w.deps, report(instanceId, 1));
  const key = usageKey('demo', instanceId, { begin: NOW - 2 * HOUR, end: NOW - HOUR });
  return { ...w, table, instanceId, key };
}

test('a record is named by its instance and period, in any form that reports may have', () => {
  const key = usageKey('demo', 'a#b%', { begin: NOW - HOUR, end: NOW });
  expect(parseRecordName('demo', recordName('a#b%', key))).toEqual(key);
  expect(parseRecordName('demo', 'a#b%#2025-09-20T11:00:00Z#2025-09-20T12:00Z')).toEqual(key);
  for (const name of ['', 'a', 'a#b', 'a#2025-09-20T11:00:00Z', '#2025-09-20T11:00Z#2025-09-20T12:00Z', 'a#1#2']) {
    expect(parseRecordName('demo', name)).toBeUndefined();
  }
});

describe('rejecting by hand', () => {
  test('sets a due record aside: no sweep pushes it, and it can be made due again under another number', async () => {
    const w = await world();
    const before = await recordOf(w.table, w.instanceId, 1);
    const rejected = { state: 'rejected', code: 'by-hand', reason: 'a test run' };
    expect(await rejectByHand(w.deps, w.key, 'a test run')).toMatchObject({ outcome: 'done', record: rejected });
    expect(await w.sweep()).toMatchObject({ accepted: 0, left: 0 });
    const requeued = await requeueByHand(w.deps, w.key);
    expect(requeued).toMatchObject({ outcome: 'done', record: { state: 'due', revision: 1 } });
    expect(requeued).not.toMatchObject({ record: { meteringSn: before?.meteringSn } });
    expect(await w.sweep()).toMatchObject({ accepted: 1 });
    expect(await rejectByHand(w.deps, w.key, 'too late')).toEqual({ outcome: 'is', state: 'accepted' });
    expect(await requeueByHand(w.deps, w.key)).toEqual({ outcome: 'is', state: 'accepted' });
  });

  test('sets a report aside that nobody could check yet', async () => {
    const w = await world();
    const sk = '20250920T080000Z#20250920T090000Z';
    const pk = usagePartition('demo', 'nobody');
    await putWritten(w.table, { pk, sk, value: 'much', id: 'h', dueShard: 9, dueAt: 0 });
    expect(await requeueByHand(w.deps, { pk, sk })).toEqual({ outcome: 'is', state: 'unchecked' });
    expect(await rejectByHand(w.deps, { pk, sk }, 'no')).toMatchObject({
      record: { state: 'rejected', value: 'much' },
    });
    expect(await requeueByHand(w.deps, { pk, sk })).toMatchObject({ outcome: 'refused', code: 'bad-value' });
  });

  test('finds nothing where nothing was reported', async () => {
    const w = await world();
    const key = { ...w.key, sk: '20250920T080000Z#20250920T090000Z' };
    expect(await rejectByHand(w.deps, key, 'no')).toEqual({ outcome: 'unknown' });
    expect(await requeueByHand(w.deps, key)).toEqual({ outcome: 'unknown' });
  });
});

describe('requeueing by hand', () => {
  test('ends the waiting of a record that made its push fail, under the number it has', async () => {
    const w = await world();
    w.billing.poison = () => 'MKT.0150';
    await w.sweep();
    const held = await recordOf(w.table, w.instanceId, 1);
    expect(held).toMatchObject({ held: 1, dueAt: NOW + 10 * 60_000 });
    w.billing.poison = () => undefined;
    const { meteringSn } = held ?? {};
    expect(await requeueByHand(w.deps, w.key)).toMatchObject({ record: { dueAt: NOW, meteringSn, revision: 0 } });
    expect(await recordOf(w.table, w.instanceId, 1)).not.toHaveProperty('held');
    expect(await w.sweep()).toMatchObject({ accepted: 1 });
  });

  test('checks what was refused as any report: what is still wrong stays rejected', async () => {
    const w = await world();
    const input = report('nobody', 2);
    expect(
      await keepRefused(w.deps, input, { outcome: 'refused', code: 'unknown-instance', reason: 'no', later: false }),
    ).toBe(true);
    const key = usageKey('demo', 'nobody', { begin: NOW - 3 * HOUR, end: NOW - 2 * HOUR });
    expect(await requeueByHand(w.deps, key)).toMatchObject({ outcome: 'refused', code: 'unknown-instance' });
    await opened(w.table, { instanceId: 'nobody' });
    expect(await requeueByHand(w.deps, key)).toMatchObject({ outcome: 'done', record: { state: 'due', revision: 1 } });
    expect(await w.sweep()).toMatchObject({ accepted: 2 });
  });

  test('refuses what the marketplace would not take for its age', async () => {
    const w = await world();
    await rejectByHand(w.deps, w.key, 'wait');
    w.time.now += 22 * DAY;
    expect(await requeueByHand(w.deps, w.key)).toMatchObject({ outcome: 'refused', code: 'too-old' });
  });
});
