import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { keys } from '../../lib/instances/keys.ts';
import type { KitItem, KitKind } from '../../lib/instances/kit-item.ts';
import { readItem } from '../../lib/instances/write.ts';
import { acceptSync, type Sync } from '../../lib/tenants/accept.ts';
import { acceptDepartments } from '../../lib/tenants/accept-departments.ts';
import { kitKeys } from '../../lib/tenants/keys.ts';
import { requeueTenant } from '../../lib/tenants/requeue.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { ENGINES, freshTable } from '../instances/support.ts';
import { AT } from '../support/sealed-at.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { type Heard, listening, NOW, newBinding, stored, sync, tenantSync } from '../tenants/support.ts';
import { world } from './world.ts';

describe.each(ENGINES)('what the Kit tells, on %s', (engine) => {
  let running: TestTable;
  beforeAll(async () => {
    running = await startTable(engine);
  });
  afterAll(() => running.stop());

  async function given() {
    const table = await freshTable(running);
    const behaviour: { current: (heard: Heard) => unknown } = { current: () => undefined };
    const { hooks, heard } = listening(behaviour);
    const w = world(table, { seller: { ...demoSeller, tenants: hooks } });
    return { table, behaviour, heard, w, binding: newBinding() };
  }
  const events = (heard: readonly Heard[]) => heard.map(({ change }) => change.action);

  test('reaches the seller call by call, in order, each under a key of its own', async () => {
    const { table, heard, w, binding } = await given();
    await sync(table, binding, tenantSync('added', NOW, 'Acme'));
    await sync(table, binding, tenantSync('changed', NOW + 1, 'Acme Ltd'));
    await sync(table, binding, tenantSync('removed', NOW + 2));
    await w.settle();
    expect(events(heard)).toEqual(['added', 'changed', 'removed']);
    expect(new Set(heard.map(({ key }) => key)).size).toBe(3);
    expect(heard.map(({ key }) => key)).toEqual(expect.arrayContaining([expect.stringMatching(/^[\w-]{1,64}$/)]));
    expect(heard[1]?.change).toEqual({
      binding: { product: 'demo', tenantId: binding.tenantId, instanceId: 'i-1' },
      action: 'changed',
      at: new Date(NOW + 1),
      isTest: false,
      tenant: { name: 'Acme Ltd', tenantCode: 'acme', domainName: 'https://acme.example.com' },
    });
    expect(heard[2]?.change).not.toHaveProperty('tenant');
    const item = await stored(table, binding);
    expect(item).not.toHaveProperty('queue');
    expect(item).not.toHaveProperty('dueShard');
  });

  test('comes again under the same key until the seller has carried it out, and nothing overtakes it', async () => {
    const { table, heard, w, behaviour, binding } = await given();
    let failures = 3;
    behaviour.current = () => {
      failures -= 1;
      if (failures >= 0) throw new Error('not yet');
    };
    await sync(table, binding, tenantSync('added', NOW));
    await sync(table, binding, tenantSync('removed', NOW + 1));
    await w.settle();
    expect(events(heard)).toEqual(['added', 'added', 'added', 'added', 'removed']);
    expect(new Set(heard.slice(0, 4).map(({ key }) => key)).size).toBe(1);
  });

  test('is told while another call comes in: the later one follows', async () => {
    const { table, heard, w, behaviour, binding } = await given();
    behaviour.current = async ({ change }) => {
      if (change.action === 'added') await sync(table, binding, tenantSync('changed', NOW + 1, 'Later'));
    };
    await sync(table, binding, tenantSync('added', NOW));
    await w.settle();
    expect(events(heard)).toEqual(['added', 'changed']);
    expect(await stored(table, binding)).not.toHaveProperty('queue');
  });

  test('is not told twice when a later call says the same, nor when it removes what was never told', async () => {
    const { table, heard, w, binding } = await given();
    await sync(table, binding, tenantSync('added', NOW));
    await w.settle();
    await sync(table, binding, tenantSync('added', NOW + 1));
    await w.settle();
    await sync(table, newBinding(), tenantSync('removed', NOW + 1));
    await w.settle();
    expect(events(heard)).toEqual(['added']);
    await sync(table, binding, tenantSync('removed', NOW + 2));
    await sync(table, binding, tenantSync('added', NOW + 3));
    await w.settle();
    expect(events(heard)).toEqual(['added', 'removed', 'added']);
  });

  test('names the order that brought the tenant, and no instance where there is none yet', async () => {
    const { table, heard, w } = await given();
    const binding = newBinding('');
    const call = tenantSync('added', NOW);
    await sync(table, binding, { ...call, record: { ...call.record, orderId: 'CS1' } });
    await w.settle();
    expect(heard[0]?.change.binding).toEqual({ product: 'demo', tenantId: binding.tenantId });
    expect(heard[0]?.change.tenant).toMatchObject({ name: 'Acme', orderId: 'CS1' });
  });

  test('is set aside when it cannot succeed, with an alarm, and can be queued again unless overtaken', async () => {
    const { table, heard, w, behaviour, binding } = await given();
    behaviour.current = () => ({ failed: { reason: 'no room' } });
    await sync(table, binding, tenantSync('added', NOW));
    await w.settle();
    expect(w.metrics('FailedChange')).toBe(1);
    expect(Object.values((await stored(table, binding)).failed)).toEqual([
      expect.objectContaining({ reason: 'no room' }),
    ]);

    behaviour.current = () => undefined;
    expect((await requeueTenant(table, binding, NOW))?.queued).toHaveLength(1);
    await w.settle();
    expect(events(heard)).toEqual(['added', 'added']);
    expect(heard[0]?.key).toBe(heard[1]?.key);
    expect(await stored(table, binding)).toMatchObject({ failed: {} });

    behaviour.current = () => ({ failed: { reason: 'no room' } });
    await sync(table, binding, tenantSync('changed', NOW + 1, 'Other'));
    await w.settle();
    await sync(table, binding, tenantSync('changed', NOW + 2, 'Newest'));
    expect(await requeueTenant(table, binding, NOW)).toMatchObject({ queued: [] });
  });

  test('after something was set aside, everything is told: nobody knows how far the seller came', async () => {
    const { table, heard, w, behaviour, binding } = await given();
    behaviour.current = ({ change }) => (change.action === 'added' ? { failed: { reason: 'half done' } } : undefined);
    await sync(table, binding, tenantSync('added', NOW));
    await w.settle();
    await sync(table, binding, tenantSync('removed', NOW + 1));
    await w.settle();
    expect(events(heard)).toEqual(['added', 'removed']);
  });

  test('ends in what the table holds, whatever fails in between and in whatever order calls come', async () => {
    const anyCall = fc.record({
      event: fc.constantFrom('added' as const, 'changed' as const, 'removed' as const),
      sentAt: fc.integer({ min: 1, max: 6 }),
      name: fc.constantFrom('a', 'b'),
    });
    const anyStep = fc.oneof(
      { weight: 3, arbitrary: anyCall },
      { weight: 1, arbitrary: fc.constant('fulfil' as const) },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyStep, { maxLength: 10 }),
        fc.infiniteStream(fc.nat({ max: 3 })),
        async (steps, dice) => {
          const { table, heard, w, behaviour, binding } = await given();
          let there: unknown;
          const done: string[] = [];
          behaviour.current = ({ change, key }) => {
            if (dice.next().value === 0) throw new Error('not yet');
            done.push(key);
            there = (change.tenant as { name: string } | undefined)?.name;
          };
          for (const step of steps) {
            if (step === 'fulfil') await w.settle();
            else await sync(table, binding, tenantSync(step.event, step.sentAt, step.name));
          }
          await w.settle();
          if (!steps.some((step) => step !== 'fulfil')) return;
          const { event, record } = await stored(table, binding);
          expect(there).toBe(event === 'removed' ? undefined : (record as { name: string }).name);
          expect(done).toEqual([...new Set(heard.map(({ key }) => key))]); // in order, each once
        },
      ),
      { numRuns: 12 },
    );
  });

  test('is stored and told to nobody where the seller listens not', async () => {
    const table = await freshTable(running);
    const w = world(table);
    const binding = newBinding();
    await sync(table, binding, tenantSync('added', NOW));
    await w.settle();
    expect(await stored(table, binding)).toMatchObject({ event: 'added' });
    expect(await stored(table, binding)).not.toHaveProperty('queue');
  });

  test('names application, user and department, opened for the seller alone', async () => {
    const { table, heard, w, binding } = await given();
    const { sealer } = w.deps;
    const accept = async <Kind extends KitKind>(
      key: ReturnType<typeof kitKeys.tenant>,
      call: Pick<Sync<Kind>, 'kind' | 'event' | 'record'>,
    ) => acceptSync(table, key, binding, { ...call, sentAt: NOW, fingerprint: 'f', isTest: true } as Sync, NOW);
    await accept<'application'>(kitKeys.application(binding, 'app'), {
      kind: 'application',
      event: 'added',
      record: { appId: 'app', clientId: 'c', clientSecret: await sealer.seal('kit', 'opened', AT) },
    });
    await accept<'user'>(kitKeys.user(binding, 'app', 'jdoe'), {
      kind: 'user',
      event: 'added',
      record: {
        appId: 'app',
        user: await sealer.seal('personal', { userName: 'jdoe', name: 'J. Doe', role: 'admin', enable: false }, AT),
      },
    });
    await accept<'department'>(kitKeys.department(binding, '100'), {
      kind: 'department',
      event: 'changed',
      record: { orgCode: '100', orgName: 'Research', parentCode: '' },
    });
    await w.settle();
    const told = Object.fromEntries(heard.map(({ hook, change }) => [hook, change]));
    expect(told.applicationChanged).toMatchObject({
      appId: 'app',
      client: { clientId: 'c', clientSecret: 'opened' },
      isTest: true,
    });
    expect(told.userChanged).toMatchObject({
      appId: 'app',
      userName: 'jdoe',
      user: { name: 'J. Doe', role: 'admin', enable: false },
    });
    expect(told.departmentChanged).toMatchObject({
      orgCode: '100',
      department: { orgName: 'Research', parentCode: '' },
    });
  });

  test('a removed application is told by its id alone: its client is gone', async () => {
    const { table, heard, w, binding } = await given();
    const clientSecret = await w.deps.sealer.seal('kit', 'opened', AT);
    const call = { kind: 'application', sentAt: NOW, isTest: false } as const;
    const key = kitKeys.application(binding, 'app');
    const record = { appId: 'app', clientId: 'c', clientSecret };
    await acceptSync(table, key, binding, { ...call, event: 'added', fingerprint: 'f', record }, NOW);
    await w.settle();
    const gone = { event: 'removed', fingerprint: 'removed', record: { appId: 'app' }, sentAt: NOW + 1 } as const;
    await acceptSync(table, key, binding, { ...call, ...gone }, NOW);
    await w.settle();
    expect(events(heard)).toEqual(['added', 'removed']);
    expect(heard[1]?.change).toMatchObject({ appId: 'app' });
    expect(heard[1]?.change).not.toHaveProperty('client');
  });

  test('an authorisation that was withdrawn can be removed still, and given again', async () => {
    const { table, heard, w, binding } = await given();
    const user = async (event: 'added' | 'withdrawn' | 'removed', sentAt: number) => {
      const record = { appId: 'app', user: await w.deps.sealer.seal('personal', { userName: 'jdoe' }, AT) };
      const fingerprint = event === 'added' ? 'f' : event;
      const call = { kind: 'user', event, record, sentAt, fingerprint, isTest: false } as const;
      await acceptSync(table, kitKeys.user(binding, 'app', 'jdoe'), binding, call, NOW);
      await w.settle();
    };
    for (const [index, event] of (
      ['added', 'withdrawn', 'withdrawn', 'removed', 'removed', 'added'] as const
    ).entries()) {
      await user(event, NOW + index);
    }
    expect(events(heard)).toEqual(['added', 'withdrawn', 'removed', 'added']);
    expect(heard[1]?.change).not.toHaveProperty('user');
  });

  test('hands out the whole tree with what has changed since, and no single change of before it', async () => {
    const { table, heard, w, binding } = await given();
    const single = (sentAt: number, orgName: string) => {
      const record = { orgCode: 'a', orgName, parentCode: '' };
      const call = {
        kind: 'department',
        event: 'changed',
        record,
        sentAt,
        fingerprint: orgName,
        isTest: false,
      } as const;
      return acceptSync(table, kitKeys.department(binding, 'a'), binding, call, NOW);
    };
    const tree = {
      sentAt: NOW + 5,
      fingerprint: 't',
      isTest: false,
      departments: ['a', 'b'].map((orgCode) => ({ orgCode, orgName: 'full', parentCode: '' })),
    };
    await single(NOW + 1, 'before');
    await acceptDepartments(table, binding, tree, NOW);
    await single(NOW + 9, 'after');
    await w.settle();
    const byHook = (name: string) => heard.filter(({ hook }) => hook === name).map(({ change }) => change);
    expect(byHook('departmentsReplaced')).toEqual([
      expect.objectContaining({
        at: new Date(NOW + 5),
        departments: [
          { orgCode: 'a', orgName: 'after', parentCode: '' },
          { orgCode: 'b', orgName: 'full', parentCode: '' },
        ],
      }),
    ]);
    expect(byHook('departmentChanged').map(({ department }) => (department as { orgName: string }).orgName)).toEqual([
      'after',
    ]);
  });

  test('leaves an audit entry without what it said', async () => {
    const { table, heard, w, binding } = await given();
    await sync(table, binding, tenantSync('added', NOW, 'Personal Name'));
    await w.settle();
    const { pk } = kitKeys.tenant(binding);
    const entry = await readItem<KitItem>(table, keys.audit(pk, heard[0]?.key ?? ''));
    expect(entry).toMatchObject({ kind: 'tenant', event: 'added', outcome: 'done', sentAt: NOW });
    expect(JSON.stringify(entry)).not.toContain('Personal Name');
  });
});
