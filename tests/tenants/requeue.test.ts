import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fulfilItem } from '../../lib/fulfilment/fulfil-item.ts';
import { acceptSync } from '../../lib/tenants/accept.ts';
import { kitKeys } from '../../lib/tenants/keys.ts';
import { requeueTenant } from '../../lib/tenants/requeue.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { world } from '../fulfilment/world.ts';
import { ENGINES, freshTable, pagesOf } from '../instances/support.ts';
import { AT } from '../support/sealed-at.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { listening, NOW, newBinding, sync, tenantSync } from './support.ts';

describe.each(ENGINES)('what was set aside of a tenant, on %s', (engine) => {
  let running: TestTable;
  beforeAll(async () => {
    running = await startTable(engine);
  });
  afterAll(() => running.stop());

  test('is queued again, whichever of its records it is about and however few the engine gives at a time', async () => {
    const table = await freshTable(running);
    const behaviour: { current: () => unknown } = { current: () => ({ failed: { reason: 'no room' } }) };
    const { hooks, heard } = listening(behaviour);
    const w = world(table, { seller: { ...demoSeller, tenants: hooks } });
    const binding = newBinding();
    const user = { appId: 'app', user: await w.deps.sealer.seal('personal', { userName: 'jdoe' }, AT) };
    const call = { kind: 'user', event: 'added', sentAt: NOW, fingerprint: 'f', isTest: false, record: user } as const;
    await sync(table, binding, tenantSync('added', NOW));
    await acceptSync(table, kitKeys.user(binding, 'app', 'jdoe'), binding, call, NOW);
    await sync(table, { ...binding, instanceId: 'i-2' }, tenantSync('added', NOW));
    await w.settle();
    expect(heard).toHaveLength(3);

    behaviour.current = () => undefined;
    const retried = await requeueTenant(pagesOf(1, table), binding, w.time.now);
    expect(retried?.queued.map(({ kind }) => kind).sort()).toEqual(['tenant', 'tenant', 'user']);
    await w.settle();
    expect(
      heard
        .slice(3)
        .map(({ key }) => key)
        .sort(),
    ).toEqual(
      heard
        .slice(0, 3)
        .map(({ key }) => key)
        .sort(),
    );
    expect(await requeueTenant(table, binding, w.time.now)).toEqual({ queued: [], woken: [] });
  });

  test('is due at once where it waits for its next attempt', async () => {
    const table = await freshTable(running);
    const { hooks, heard } = listening({ current: () => Promise.reject(new Error('down')) });
    const w = world(table, { seller: { ...demoSeller, tenants: hooks } });
    const binding = newBinding();
    const key = kitKeys.tenant(binding);
    await sync(table, binding, tenantSync('added', NOW));
    await fulfilItem(w.deps, key, () => 1_000_000);
    await fulfilItem(w.deps, key, () => 1_000_000);
    expect(heard).toHaveLength(1);
    expect(await requeueTenant(table, binding, w.time.now)).toMatchObject({ queued: [], woken: [{ kind: 'tenant' }] });
    await fulfilItem(w.deps, key, () => 1_000_000);
    expect(heard).toHaveLength(2);
  });

  test('of one that nobody has told of is not even nothing', async () => {
    expect(await requeueTenant(running.table, newBinding(), NOW)).toBeUndefined();
  });
});
