import { describe, expect, test } from '@jest/globals';
import type { Table } from '../../lib/table/table.ts';
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

describe('a record that changes while a hand is on it', () => {
  /** Runs something between the first request, which reads the record, and those that follow. */
  function between(table: Table, step: () => Promise<unknown>): Table {
    let requests = 0;
    const send: (...args: unknown[]) => Promise<unknown> = async (...args) => {
      const answer = await Reflect.apply(table.client.send, table.client, args);
      requests += 1;
      if (requests === 1) await step();
      return answer;
    };
    return { name: table.name, client: { send: send as Table['client']['send'] } };
  }

  test('is not rejected once it is billed', async () => {
    const w = await world();
    const table = between(w.table, () => w.sweep());
    expect(await rejectByHand({ ...w.deps, table }, w.key, 'no')).toEqual({ outcome: 'changed' });
    expect(await recordOf(w.table, w.instanceId, 1)).toMatchObject({ state: 'accepted' });
  });

  test('is made due again once', async () => {
    const w = await world();
    await rejectByHand(w.deps, w.key, 'no');
    const table = between(w.table, () => requeueByHand(w.deps, w.key));
    expect(await requeueByHand({ ...w.deps, table }, w.key)).toEqual({ outcome: 'changed' });
    expect(await recordOf(w.table, w.instanceId, 1)).toMatchObject({ state: 'due', revision: 1 });
  });
});

test('what has no place to be kept at is not kept', async () => {
  const { deps } = await world();
  const refused = { outcome: 'refused', code: 'bad-value', reason: 'no', later: false } as const;
  const period = { begin: '2025-09-20T10:00:00Z', end: 'soon' };
  for (const input of ['a text', {}, { product: 'demo', instanceId: 'i', ...period }]) {
    expect(await keepRefused(deps, input, refused)).toBe(false);
  }
  const whole = { product: 'demo', instanceId: 'i', ...period, end: '2025-09-20T11:00:00Z' };
  expect([await keepRefused(deps, whole, refused), await keepRefused(deps, whole, refused)]).toEqual([true, false]);
});
