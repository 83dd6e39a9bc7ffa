import { createHash, randomBytes } from 'node:crypto';
import type { Failed, HookContext } from 'koogate';

/** A tenant, as its customer sees it. */
export interface Tenant {
  readonly seats: number;
  readonly open: boolean;
  /** End of the paid period, ISO 8601; absent if it has none. */
  readonly endsAt?: string;
}

/** A tenant as it is kept: with the hash of its password, and the keys of the changes that have taken effect. */
interface Stored extends Tenant {
  readonly passwordHash: string;
  readonly done: readonly string[];
}

/*
 * Sample code: tenants are kept as notes in KooGate's own table. Put calls of your product's API, or your database, in
 * their place, and keep what makes each change happen once: a key that was done is done.
 */

/** Makes the tenant and gives the password of its owner; made again, it is the same tenant with another password. */
export async function createTenant(
  id: string,
  seats: number,
  endsAt: Date | undefined,
  context: HookContext,
): Promise<string> {
  const password = randomBytes(15).toString('base64url');
  const known = await find(id, context);
  const tenant = known ?? { seats, open: true, ...(endsAt && { endsAt: endsAt.toISOString() }), done: [] };
  const done = [...tenant.done.filter((key) => key !== context.idempotencyKey), context.idempotencyKey];
  await context.notes.put(id, { ...tenant, passwordHash: hash(password), done });
  return password;
}

/** Changes a tenant, once for each idempotency key. */
export async function changeTenant(
  id: string,
  context: HookContext,
  change: Partial<Tenant>,
): Promise<Failed | undefined> {
  const tenant = await find(id, context);
  if (tenant === undefined) return { failed: { reason: 'There is no such tenant.' } };
  if (tenant.done.includes(context.idempotencyKey)) return undefined; // an attempt before this one did it
  await context.notes.put(id, { ...tenant, ...change, done: [...tenant.done, context.idempotencyKey] });
  return undefined;
}

/** Removes a tenant, if there is one. */
export async function removeTenant(id: string, { notes }: HookContext): Promise<void> {
  await notes.delete(id);
}

async function find(id: string, { notes }: HookContext): Promise<Stored | undefined> {
  return ((await notes.get(id)) ?? undefined) as Stored | undefined; // nobody else writes these notes
}

function hash(password: string): string {
  const salt = randomBytes(16).toString('base64url');
  return `${salt}:${createHash('sha256').update(`${salt}${password}`).digest('base64url')}`;
}
