import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Binding, KitItem } from '../../lib/instances/kit-item.ts';
import { readItem } from '../../lib/instances/write.ts';
import { acceptSync, type Sync } from '../../lib/tenants/accept.ts';
import { kitKeys } from '../../lib/tenants/keys.ts';
import { ENGINES, watched } from '../instances/support.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { NOW, newBinding, stored, sync, tenantSync } from './support.ts';

const anyCall = fc.record({
  event: fc.constantFrom('added' as const, 'changed' as const, 'removed' as const),
  sentAt: fc.integer({ min: 1, max: 5 }),
  name: fc.constantFrom('a', 'b'),
  tenant: fc.integer({ min: 0, max: 1 }),
  instanceId: fc.constantFrom('', 'i-1', 'i#2'),
});

describe.each(ENGINES)('records of the Kit on %s', (engine) => {
  let running: TestTable;
  beforeAll(async () => {
    running = await startTable(engine);
  });
  afterAll(() => running.stop());

  test('end in the state of the newest signed time, key by key, in whatever order and however often calls arrive', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyCall, { minLength: 1, maxLength: 12 }),
        fc.infiniteStream(fc.nat()),
        async (calls, random) => {
          const tenants = [newBinding().tenantId, newBinding().tenantId];
          const bindingOf = ({ tenant, instanceId }: (typeof calls)[number]): Binding => {
            return { product: 'demo', tenantId: tenants[tenant] ?? '', instanceId };
          };
          const play = async (sequence: typeof calls) => {
            for (const call of sequence) {
              await sync(running.table, bindingOf(call), tenantSync(call.event, call.sentAt, call.name));
            }
          };
          const next = () => random.next().value ?? 0;
          const arriving = [...calls, ...calls].map((call) => ({ call, at: next() })).sort((a, b) => a.at - b.at);
          await play(arriving.map(({ call }) => call));
          for (const call of calls) {
            const same = calls.filter((one) => one.tenant === call.tenant && one.instanceId === call.instanceId);
            const newest = Math.max(...same.map(({ sentAt }) => sentAt));
            const winners = same
              .filter(({ sentAt }) => sentAt === newest)
              .map(({ event, sentAt, name }) => stateOf(tenantSync(event, sentAt, name)));
            expect(winners).toContainEqual(stateOf(await stored(running.table, bindingOf(call))));
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  test('agree on one of two calls of the same millisecond, whichever comes first', async () => {
    const binding = newBinding();
    const calls = ['a', 'b', 'c'].map((name) => tenantSync('added', 5, name));
    for (const call of calls) await sync(running.table, binding, call);
    const forwards = await stored(running.table, binding);
    const other = { ...binding };
    // The same keys again, from an empty table's point of view: only the order differs.
    const { table, stop } = await startTable(engine);
    for (const call of calls.reverse()) await sync(table, other, call);
    expect(stateOf(await stored(table, other))).toEqual(stateOf(forwards));
    await stop();
  });

  test('do not change by a replay, or by a call that a newer one has overtaken', async () => {
    const binding = newBinding();
    expect(await sync(running.table, binding, tenantSync('added', 5))).toBe(true);
    expect(await sync(running.table, binding, tenantSync('changed', 7, 'New name'))).toBe(true);
    const before = await stored(running.table, binding);
    expect(await sync(running.table, binding, tenantSync('added', 5))).toBe(false);
    expect(await sync(running.table, binding, tenantSync('changed', 7, 'New name'))).toBe(false);
    expect(await sync(running.table, binding, tenantSync('changed', 6, 'Old name'))).toBe(false);
    expect(await stored(running.table, binding)).toEqual(before);
  });

  test('leave a tombstone, so that an add that the removal has overtaken brings nothing back', async () => {
    const binding = newBinding();
    expect(await sync(running.table, binding, tenantSync('removed', 9))).toBe(true);
    expect(await sync(running.table, binding, tenantSync('added', 8))).toBe(false);
    const tombstone = await stored(running.table, binding);
    expect(tombstone).toMatchObject({ event: 'removed', sentAt: 9, record: {} });
    expect(tombstone.ttl).toBeGreaterThan(NOW / 1_000 + 300 * 86_400);
    expect(await sync(running.table, binding, tenantSync('added', 10))).toBe(true);
    expect(await stored(running.table, binding)).not.toHaveProperty('ttl');
  });

  test('of one binding are left alone when another is removed', async () => {
    const [one, other] = [newBinding('i-1'), newBinding('i-2')];
    const bindings = [one, { ...one, instanceId: 'i-2' }, { ...one, instanceId: '' }, other];
    for (const binding of bindings) await sync(running.table, binding, tenantSync('added', 1));
    await sync(running.table, one, tenantSync('removed', 2));
    const events = await Promise.all(bindings.map(async (binding) => (await stored(running.table, binding)).event));
    expect(events).toEqual(['removed', 'added', 'added', 'added']);
  });

  test('take a write whose answer was lost for their own, and wait once for the seller', async () => {
    const binding = newBinding();
    const { table } = watched(running.table, { kind: 'answer lost', at: 1 });
    await sync(table, binding, tenantSync('added', 1));
    expect(await stored(running.table, binding)).toMatchObject({ event: 'added', turn: 1 });
  });

  test('of 500 users are written side by side without loss', async () => {
    const binding = newBinding();
    const keys = Array.from({ length: 500 }, (_, n) => kitKeys.user(binding, 'app', `u${n}`));
    const call: Sync<'user'> = {
      kind: 'user',
      event: 'added',
      sentAt: 1,
      record: { appId: 'app', user: 'sealed' },
      fingerprint: 'f',
      isTest: false,
    };
    const results = await Promise.all(keys.map((key) => acceptSync(running.table, key, binding, call, NOW)));
    expect(results.every(Boolean)).toBe(true);
    const found = await Promise.all(keys.map((key) => readItem<KitItem>(running.table, key)));
    expect(found.filter((item) => item?.event === 'added')).toHaveLength(500);
  });
});

test('keys tell apart whatever ids look alike', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('', 'a', 'a#b', '#', '%', '%23', 'APP', 'TENANT'), { minLength: 3, maxLength: 3 }),
      (ids) => {
        const [instanceId = '', appId = '', orgCode = ''] = ids;
        fc.pre(appId !== '' && orgCode !== '');
        const binding = { product: 'demo', tenantId: 't', instanceId };
        const all = ['', 'a', 'a#b', '#', '%', '%23', 'APP', 'TENANT'].flatMap((other) => {
          const elsewhere = { ...binding, instanceId: other };
          return other === instanceId ? [] : [kitKeys.tenant(elsewhere).sk, kitKeys.application(elsewhere, appId).sk];
        });
        const own = [
          kitKeys.tenant(binding).sk,
          kitKeys.application(binding, appId).sk,
          kitKeys.user(binding, appId, orgCode).sk,
          kitKeys.department(binding, orgCode).sk,
          kitKeys.departments(binding).sk,
        ];
        expect(new Set([...own, ...all]).size).toBe(own.length + all.length);
      },
    ),
  );
});

function stateOf({ event, sentAt, record }: Pick<KitItem, 'event' | 'sentAt' | 'record'>) {
  return { event, sentAt, record };
}
