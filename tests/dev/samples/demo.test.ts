import { scryptSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Access, HookContext } from '../../../lib/seller/contract.ts';
import { demoSeller } from '../../../scripts/dev/samples/demo.ts';
import { context, instance, memoryNotes, orderOf } from '../../seller/hooks.ts';

const order = orderOf('demo-small', 10);
const NOW = new Date('2025-09-01T01:30:00Z');

/** A demo installation: contexts of it share their notes. */
function givenNotes() {
  const kept = new Map<string, string>();
  const notes = memoryNotes(kept);
  return {
    kept,
    at: (idempotencyKey: string, over: Partial<HookContext> = {}) =>
      context({ idempotencyKey, notes, now: NOW, ...over }),
    tenant: () => JSON.parse(kept.get(instance.instanceId) ?? 'null'),
  };
}

async function provision(ctx: HookContext, seats = 10): Promise<Access> {
  const result = await demoSeller.provision({ instance, wanted: 'ACTIVE', order: orderOf('demo-small', seats) }, ctx);
  if (!('access' in result) || result.access === undefined) throw new Error('not provisioned');
  return result.access;
}

function holds(password: string | undefined, stored: string): boolean {
  const [, salt = '', hash] = stored.split(':');
  return scryptSync(password ?? '', Buffer.from(salt, 'base64'), 32).toString('base64') === hash;
}

describe('provision', () => {
  test('makes a tenant and says how to get in; of the password only a hash is kept', async () => {
    const { kept, at, tenant } = givenNotes();

    const access = await provision(at('buy'));

    expect(access.frontEndUrl).toMatch(/^https:\/\/[0-9a-f]{10}\.demo\.example\.com$/);
    expect(access.adminUrl).toBe(`${access.frontEndUrl}/admin`);
    expect(access.userName).toBe('owner');
    expect(access.password).toMatch(/^[\w-]{20}$/);
    expect(access.memo).toMatch(/\p{Script=Han}/u);
    expect(tenant()).toMatchObject({
      plan: 'demo-small',
      seats: 10,
      expiresAt: '2026-09-01T15:59:59.000Z',
      frozen: false,
    });
    expect([...kept.values()].join()).not.toContain(access.password);
    expect(holds(access.password, tenant().passwordHash)).toBe(true);
  });

  test('of an order that names no end, no seats or no product makes a tenant of the least', async () => {
    const { line } = orderOf('demo-small', 1);
    const { expiresAt: _, ...endless } = line;
    for (const [products, plan] of [
      [[{ productId: 'p', skuCode: 'demo-free' }], 'demo-free'],
      [[], 'basic'],
    ] as const) {
      const { at, tenant } = givenNotes();
      await demoSeller.provision(
        { instance, wanted: 'ACTIVE', order: { ...order, line: { ...endless, products } } },
        at('buy'),
      );
      expect(tenant()).toMatchObject({ plan, seats: 1 });
      expect(tenant()).not.toHaveProperty('expiresAt');
    }
  });

  test('tried again, keeps the tenant and makes a new password, which is the one that counts', async () => {
    const { at, tenant } = givenNotes();

    const first = await provision(at('buy'));
    await at('').notes.put(instance.instanceId, { ...tenant(), seatsInUse: 7 });
    const second = await provision(at('buy', { attempt: 2 }));

    expect(tenant().seatsInUse).toBe(7);

    expect(second.frontEndUrl).toBe(first.frontEndUrl);
    expect(second.password).not.toBe(first.password);
    expect(holds(second.password, tenant().passwordHash)).toBe(true);
    expect(tenant().history).toEqual([{ key: 'buy', event: 'provision', at: NOW.toISOString() }]);
  });
});

describe('a change', () => {
  const expiresAt = new Date('2027-09-01T15:59:59Z');
  const change = { instance, wanted: 'ACTIVE' as const, order };

  test('has its effect, and once per idempotency key', async () => {
    const { at, tenant } = givenNotes();
    await provision(at('buy'));

    await demoSeller.freeze(change, at('freeze'));
    expect(tenant().frozen).toBe(true);
    await demoSeller.unfreeze(change, at('unfreeze'));
    await demoSeller.freeze(change, at('freeze', { attempt: 2 }));
    expect(tenant().frozen).toBe(false);
    await demoSeller.renew({ ...change, scene: 'RENEWAL', expiresAt }, at('renew'));
    await demoSeller.upgrade({ ...change, upgradeOrder: orderOf('demo-large', 20) }, at('upgrade'));

    expect(tenant()).toMatchObject({ plan: 'demo-large', seats: 20, expiresAt: expiresAt.toISOString() });
    expect(tenant().history.map(({ event }: { event: string }) => event)).toEqual([
      'provision',
      'freeze',
      'unfreeze',
      'renew',
      'upgrade',
    ]);
  });

  test('of specification at renewal follows the renewal order', async () => {
    const { at, tenant } = givenNotes();
    await provision(at('buy'));
    const renewal = { ...change, scene: 'RENEWAL_CHANGE' as const, expiresAt, renewalOrder: orderOf('demo-tiny', 4) };

    await demoSeller.renew(renewal, at('renew'));

    expect(tenant()).toMatchObject({ plan: 'demo-tiny', seats: 4 });
  });

  test('of a tenant nobody made fails for good', async () => {
    const { at, kept } = givenNotes();
    expect(await demoSeller.freeze(change, at('freeze'))).toEqual({ failed: { reason: expect.any(String) } });
    expect(kept.size).toBe(0);
  });

  test('release removes the tenant, whether or not there was one', async () => {
    const { at, kept } = givenNotes();
    await provision(at('buy'));

    await demoSeller.release(change, at('release'));
    await demoSeller.release(change, at('release', { attempt: 2 }));

    expect(kept.size).toBe(0);
  });
});

describe('canChange', () => {
  test.each([
    [20, true],
    [3, true],
    [2, false],
  ])('to %i seats while 3 are in use: %s', async (linearValue, allowed) => {
    const { at } = givenNotes();
    await provision(at('buy'));

    const answer = await demoSeller.canChange?.({ instance, target: { linearValue } }, at('ask'));

    expect(answer?.allowed).toBe(allowed);
    expect(answer?.reason ?? 'in use').toContain('in use');
  });

  test('allows a target that names no seats, and nothing for an unknown tenant', async () => {
    const { at } = givenNotes();
    expect(await demoSeller.canChange?.({ instance, target: {} }, at('ask'))).toMatchObject({ allowed: false });
    await provision(at('buy'));
    expect(await demoSeller.canChange?.({ instance, target: {} }, at('ask'))).toEqual({ allowed: true });
  });
});
