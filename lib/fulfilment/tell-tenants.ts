import * as v from 'valibot';
import { isGone, type KitChange, type KitChangeOf, type KitItem, type KitKind } from '../instances/kit-item.ts';
import { isKitItem } from '../instances/queue.ts';
import type { Binding, TenantHooks, TenantUser } from '../seller/tenant-contract.ts';
import { keepTree } from '../tenants/accept-departments.ts';
import { expireUsers } from '../tenants/expire-users.ts';
import { isOvertaken, readDepartments } from '../tenants/read-departments.ts';
import { callHook, type Task } from './call-hook.ts';
import { type HookAnswer, readDone } from './hook-answers.ts';

type Telling = (task: Task<KitItem>) => Promise<unknown>;

const HOOKS: Readonly<Record<KitKind, keyof TenantHooks>> = {
  tenant: 'tenantChanged',
  application: 'applicationChanged',
  user: 'userChanged',
  department: 'departmentChanged',
  departments: 'departmentsReplaced',
};

/** Sealed content of a user's record; without the optional members once the user is removed. */
const SealedUser = v.looseObject({
  userName: v.string(),
  role: v.optional(v.string()),
  enable: v.optional(v.boolean()),
});

const ClientSecret = v.string();

/**
 * Tells the seller's code of a record of the Kit. What brings nothing new is not told: content that has been carried out
 * already, the removal of what was never told, a single department of before a full tree.
 */
export async function tellTenants(
  { item, ...rest }: Task,
  change: KitChange,
): Promise<HookAnswer | { readonly kind: 'moot' }> {
  if (!isKitItem(item)) throw new Error('A change of the Kit on an item that is none of its records.');
  const task = { ...rest, item };
  if (change.kind === 'departments') await keepTree(task.deps.table, item, change);
  if (change.kind === 'tenant' && isGone(change.event)) {
    await expireUsers(task.deps.table, item, change.sentAt, task.deps.clock());
  }
  const hook = HOOKS[change.kind];
  if (task.deps.sellerOf(task.product).tenants?.[hook] === undefined || isKnown(item, change)) return { kind: 'moot' };
  if (change.kind === 'department' && (await isOvertaken(task.deps.table, item, change.version)))
    return { kind: 'moot' };
  return readDone(hook, await telling(change)(task));
}

/** Departments are never known: trees and single changes overlay each other. */
function isKnown({ carriedOut }: KitItem, { kind, event, fingerprint }: KitChange): boolean {
  if (kind === 'department' || kind === 'departments') return false;
  if (carriedOut === fingerprint) return true;
  return isGone(event) && (carriedOut === undefined || carriedOut === 'removed');
}

function telling(change: KitChange): Telling {
  switch (change.kind) {
    case 'tenant':
      return tellTenant(change);
    case 'application':
      return tellApplication(change);
    case 'user':
      return tellUser(change);
    case 'department':
      return tellDepartment(change);
    case 'departments':
      return tellDepartments(change);
  }
}

function tellTenant(change: KitChangeOf<'tenant'>): Telling {
  const { name = '', tenantCode = '', domainName = '', orderId } = change.record;
  const tenant = { name, tenantCode, domainName, ...(orderId === undefined ? {} : { orderId }) };
  return (task) => {
    const told = { ...circumstances(task, change), action: change.event, ...(isGone(change.event) ? {} : { tenant }) };
    return callHook(task, 'tenantChanged', ({ tenants }, context) => tenants?.tenantChanged?.(told, context));
  };
}

function tellApplication(change: KitChangeOf<'application'>): Telling {
  const { appId, clientId, clientSecret: sealed } = change.record;
  return async (task) => {
    const told = { ...circumstances(task, change), action: change.event, appId };
    const client =
      clientId === undefined || sealed === undefined
        ? {}
        : {
            client: {
              clientId,
              clientSecret: v.parse(ClientSecret, await task.deps.sealer.open('kit', sealed, task.item)),
            },
          };
    return callHook(task, 'applicationChanged', ({ tenants }, context) =>
      tenants?.applicationChanged?.({ ...told, ...client }, context),
    );
  };
}

function tellUser(change: KitChangeOf<'user'>): Telling {
  return async (task) => {
    const opened = await task.deps.sealer.open('personal', change.record.user, task.item);
    const { userName, role = 'user', enable = true, ...others } = v.parse(SealedUser, opened);
    const user: TenantUser = { ...others, role, enable };
    const told = { ...circumstances(task, change), action: change.event, appId: change.record.appId, userName };
    return callHook(task, 'userChanged', ({ tenants }, context) =>
      tenants?.userChanged?.(isGone(change.event) ? told : { ...told, user }, context),
    );
  };
}

function tellDepartment(change: KitChangeOf<'department'>): Telling {
  const { orgCode, orgName = '', parentCode = '' } = change.record;
  const department = { orgCode, orgName, parentCode };
  return (task) => {
    const told = { ...circumstances(task, change), action: change.event, orgCode };
    return callHook(task, 'departmentChanged', ({ tenants }, context) =>
      tenants?.departmentChanged?.(isGone(change.event) ? told : { ...told, department }, context),
    );
  };
}

function tellDepartments(change: KitChangeOf<'departments'>): Telling {
  return async (task) => {
    const departments = await readDepartments(task.deps.table, task.item);
    const told = { ...circumstances(task, change), departments };
    return callHook(task, 'departmentsReplaced', ({ tenants }, context) =>
      tenants?.departmentsReplaced?.(told, context),
    );
  };
}

function circumstances({ item }: Task<KitItem>, { sentAt, isTest }: KitChange) {
  const { product, tenantId, instanceId } = item;
  const binding: Binding = { product, tenantId, ...(instanceId === '' ? {} : { instanceId }) };
  return { binding, at: new Date(sentAt), isTest: isTest === true };
}
