import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fulfilItem } from '../../lib/fulfilment/fulfil-item.ts';
import { PATIENCE } from '../../lib/fulfilment/last-usage.ts';
import { keys } from '../../lib/instances/keys.ts';
import { acceptPurchase, acceptRelease } from '../../lib/instances/store.ts';
import { updateIf } from '../../lib/instances/write.ts';
import { newOrder, stored } from '../instances/support.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { world } from './world.ts';

describe('the release of an on-demand instance', () => {
  let running: TestTable;
  beforeAll(async () => {
    running = await startTable();
  });
  afterAll(() => running.stop());

  /** An active instance whose release has been accepted, and what pushing its usage answers. */
  async function released(flush: () => Promise<number>, chargingMode = 'ON_DEMAND') {
    const w = world(running.table);
    const flushed: string[] = [];
    const deps = {
      ...w.deps,
      flushUsage: async (_product: string, instanceId: string) => {
        flushed.push(instanceId);
        return flush();
      },
    };
    const { instanceId } = await acceptPurchase(
      running.table,
      { product: 'demo', ...newOrder(), sentAt: 1 },
      w.time.now,
    );
    await w.settle();
    const key = keys.instance('demo', instanceId);
    await updateIf(running.table, key, 'SET #chargingMode = :mode', {
      condition: 'attribute_exists(#pk)',
      values: { mode: chargingMode },
    });
    await acceptRelease(running.table, { product: 'demo', instanceId, sentAt: 2 }, w.time.now);
    return {
      w,
      flushed,
      instanceId,
      attempt: () => fulfilItem(deps, key, () => 1_000_000),
      hooks: () => w.calls.map(({ hook }) => hook).filter((hook) => hook === 'release').length,
    };
  }

  test('pushes the last usage first', async () => {
    const r = await released(async () => 0);
    await r.attempt();
    expect(r.flushed).toEqual([r.instanceId]);
    expect(r.hooks()).toBe(1);
    expect(await stored(running.table, r.instanceId)).toMatchObject({ state: 'RELEASED' });
  });

  test.each([
    ['records are left', async () => 2],
    ['the push fails', () => Promise.reject(new Error('the marketplace is away'))],
  ])('waits while %s, and then goes on with an alarm', async (_, flush) => {
    const r = await released(flush);
    await r.attempt();
    expect(r.hooks()).toBe(0);
    expect((await stored(running.table, r.instanceId)).lastError).toMatch(/pushed before its release|is away/);
    expect(r.w.metrics('UnsettledRelease')).toBe(0);
    r.w.time.now += PATIENCE;
    await r.attempt();
    expect(r.hooks()).toBe(1);
    expect(r.w.metrics('UnsettledRelease')).toBe(1);
    expect(await stored(running.table, r.instanceId)).toMatchObject({ state: 'RELEASED' });
  });

  test('asks nothing of an instance that is not charged by usage', async () => {
    const r = await released(async () => 2, 'PERIOD');
    await r.attempt();
    expect(r.flushed).toEqual([]);
    expect(r.hooks()).toBe(1);
  });
});
