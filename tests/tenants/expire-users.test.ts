import { expect, test } from '@jest/globals';
import type { KitItem } from '../../lib/instances/kit-item.ts';
import { readItem } from '../../lib/instances/write.ts';
import { acceptSync, type Sync } from '../../lib/tenants/accept.ts';
import { kitKeys } from '../../lib/tenants/keys.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { world } from '../fulfilment/world.ts';
import { memoryTable } from '../support/memory-table.ts';
import { AT } from '../support/sealed-at.ts';
import { listening, newBinding, sync, tenantSync } from './support.ts';

const DAY_S = 86_400;

/** A tenant with users, bound to one instance, and another instance of the same tenant. */
async function given() {
  const table = memoryTable();
  const { hooks, heard } = listening();
  const w = world(table, { seller: { ...demoSeller, tenants: hooks } });
  const NOW = w.time.now;
  const binding = newBinding('i-1');
  const other = { ...binding, instanceId: 'i-10' };
  const user = async (of: typeof binding, name: string, sentAt: number) => {
    const sealed = await w.deps.sealer.seal('personal', { userName: name }, AT);
    const call: Sync<'user'> = {
      ...{ kind: 'user', event: 'added', sentAt, record: { appId: 'app', user: sealed } },
      ...{ fingerprint: name, isTest: false },
    };
    return acceptSync(table, kitKeys.user(of, 'app', name), of, call, w.time.now);
  };
  const stored = (of: typeof binding, name: string) =>
    readItem<KitItem>(table, kitKeys.user(of, 'app', name)).then((item) => item ?? ({} as Partial<KitItem>));
  await sync(table, binding, tenantSync('added', NOW), NOW);
  for (const name of ['ann', 'bob']) await user(binding, name, NOW + 1);
  await user(other, 'ann', NOW + 1);
  await w.settle();
  return { table, w, heard, binding, other, user, stored, NOW };
}

test('users of a tenant that was removed expire in thirty days; those of its other instances stay', async () => {
  const { table, w, binding, other, stored, NOW } = await given();
  await sync(table, binding, tenantSync('removed', NOW + 5), w.time.now);
  await w.settle();
  for (const name of ['ann', 'bob']) {
    const { ttl = 0 } = await stored(binding, name);
    expect(ttl).toBeGreaterThan(NOW / 1_000 + 30 * DAY_S - 1);
    expect(ttl).toBeLessThan(NOW / 1_000 + 31 * DAY_S);
  }
  expect(await stored(other, 'ann')).not.toHaveProperty('ttl');
});

test('a user that comes back stays, and the seller is told anew', async () => {
  const { table, w, heard, binding, user, stored, NOW } = await given();
  await sync(table, binding, tenantSync('removed', NOW + 5), w.time.now);
  await w.settle();
  heard.length = 0;
  await user(binding, 'ann', NOW + 6);
  await w.settle();
  expect(await stored(binding, 'ann')).not.toHaveProperty('ttl');
  expect(heard.map(({ hook }) => hook)).toEqual(['userChanged']);
  expect(await stored(binding, 'bob')).toHaveProperty('ttl');
});

test('a user whose call is newer than the removal is left alone', async () => {
  const { table, w, binding, user, stored, NOW } = await given();
  await sync(table, binding, tenantSync('removed', NOW + 5), w.time.now);
  await user(binding, 'ann', NOW + 6);
  await w.settle();
  expect(await stored(binding, 'ann')).not.toHaveProperty('ttl');
});
