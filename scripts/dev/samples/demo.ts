import { createHash, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import type { Failed, HookContext, Order, Seller } from '../../../lib/seller/contract.ts';
import { demoTenants } from './demo-tenants.ts';

/**
 * A seller to try KooGate with, and to copy from. Its "service" is one note per tenant in KooGate's own table, so it
 * shows what a real one must do: know a change by its idempotency key, so that a repeated attempt has no second effect,
 * and keep no password, only its hash.
 */
interface Tenant {
  readonly site: string;
  readonly plan: string;
  readonly seats: number;
  readonly seatsInUse: number;
  readonly expiresAt?: string;
  readonly frozen: boolean;
  readonly passwordHash: string;
  /** Changes that have been carried out, oldest first; each idempotency key stands here once. */
  readonly history: readonly { readonly key: string; readonly event: string; readonly at: string }[];
}

/** Notes are at most 100 KB; no attempt comes back after so many later changes. */
const HISTORY = 200;

/** Keeps tenants in `context.notes` under their instance ids. */
export const demoSeller: Seller = {
  demonstration: true,

  async provision({ instance, order }, context) {
    const known = await find(instance.instanceId, context);
    const password = randomBytes(15).toString('base64url');
    // An earlier attempt may have made the tenant, but its password was lost with its answer: only a hash was kept.
    const tenant = known ?? newTenant(instance.instanceId, order);
    const renewed = { ...tenant, passwordHash: await hashPassword(password) };
    await context.notes.put(instance.instanceId, recorded(renewed, 'provision', context));
    return {
      access: {
        frontEndUrl: tenant.site,
        adminUrl: `${tenant.site}/admin`,
        userName: 'owner',
        password,
        memo: '首次登录后请修改密码。 Please change the password after the first login.',
      },
    };
  },

  renew: ({ instance, expiresAt, renewalOrder }, context) =>
    change(instance.instanceId, 'renew', context, (tenant) => ({
      ...tenant,
      ...(renewalOrder === undefined ? {} : bought(renewalOrder)),
      expiresAt: expiresAt.toISOString(),
    })),

  freeze: ({ instance }, context) =>
    change(instance.instanceId, 'freeze', context, (tenant) => ({ ...tenant, frozen: true })),

  unfreeze: ({ instance }, context) =>
    change(instance.instanceId, 'unfreeze', context, (tenant) => ({ ...tenant, frozen: false })),

  upgrade: ({ instance, upgradeOrder }, context) =>
    change(instance.instanceId, 'upgrade', context, (tenant) => ({ ...tenant, ...bought(upgradeOrder) })),

  async release({ instance }, { notes }) {
    await notes.delete(instance.instanceId);
  },

  tenants: demoTenants,

  async canChange({ instance, target }, context) {
    const tenant = await find(instance.instanceId, context);
    if (tenant === undefined) return { allowed: false, reason: 'There is no such tenant.' };
    const { linearValue: seats = tenant.seats } = target;
    if (seats >= tenant.seatsInUse) return { allowed: true };
    return { allowed: false, reason: `${tenant.seatsInUse} seats are in use, so ${seats} are too few.` };
  },
};

async function change(
  id: string,
  event: string,
  context: HookContext,
  effect: (tenant: Tenant) => Tenant,
): Promise<Failed | undefined> {
  const tenant = await find(id, context);
  if (tenant === undefined) return { failed: { reason: 'There is no such tenant.' } };
  if (isRecorded(tenant, context)) return; // an attempt before this one did it, and its answer was lost
  await context.notes.put(id, recorded(effect(tenant), event, context));
}

async function find(id: string, { notes }: HookContext): Promise<Tenant | undefined> {
  return ((await notes.get(id)) ?? undefined) as Tenant | undefined; // only this file writes these notes
}

function newTenant(id: string, order: Order): Tenant {
  const { plan = 'basic', seats = 1 } = bought(order);
  const { expiresAt } = order.line;
  return {
    site: `https://${createHash('sha256').update(id).digest('hex').slice(0, 10)}.demo.example.com`,
    plan,
    seats,
    seatsInUse: Math.min(seats, 3), // a tenant nobody works in could never refuse a downgrade
    ...(expiresAt === undefined ? {} : { expiresAt: expiresAt.toISOString() }),
    frozen: false,
    passwordHash: '',
    history: [],
  };
}

function bought({ line }: Order): { plan?: string; seats?: number } {
  const [product] = line.products;
  return {
    ...(product === undefined ? {} : { plan: product.skuCode }),
    ...(product?.linearValue === undefined ? {} : { seats: product.linearValue }),
  };
}

function isRecorded({ history }: Tenant, { idempotencyKey }: HookContext): boolean {
  return history.some(({ key }) => key === idempotencyKey);
}

function recorded(tenant: Tenant, event: string, context: HookContext): Tenant {
  if (isRecorded(tenant, context)) return tenant;
  const entry = { key: context.idempotencyKey, event, at: context.now.toISOString() };
  return { ...tenant, history: [...tenant.history, entry].slice(-HISTORY) };
}

async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await promisify<string, Buffer, number, Buffer>(scrypt)(password, salt, 32);
  return `scrypt:${salt.toString('base64')}:${hash.toString('base64')}`;
}
