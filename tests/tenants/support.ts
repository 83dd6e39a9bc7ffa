import { type Binding, isGone, type KitItem } from '../../lib/instances/kit-item.ts';
import { readItem } from '../../lib/instances/write.ts';
import type { TenantHooks, Binding as Told } from '../../lib/seller/tenant-contract.ts';
import type { Table } from '../../lib/table/table.ts';
import { acceptSync, type Sync } from '../../lib/tenants/accept.ts';
import { kitKeys } from '../../lib/tenants/keys.ts';

export const NOW = 1_700_000_000_000;

let tenants = 0;

/** A tenant that no test has used. */
export function newBinding(instanceId = 'i-1'): Binding {
  tenants += 1;
  return { product: 'demo', tenantId: `t-${tenants}`, instanceId };
}

/** A call about the tenant itself; its name says which call it was. */
export function tenantSync(event: 'added' | 'changed' | 'removed', sentAt: number, name = 'Acme'): Sync<'tenant'> {
  const record = event === 'removed' ? {} : { name, tenantCode: 'acme', domainName: 'https://acme.example.com' };
  return { kind: 'tenant', event, sentAt, record, fingerprint: isGone(event) ? event : name, isTest: false };
}

/** Accepts a call about the tenant itself. */
export function sync(table: Table, binding: Binding, call: Sync<'tenant'>, now = NOW): Promise<boolean> {
  return acceptSync(table, kitKeys.tenant(binding), binding, call, now);
}

/** The tenant's record as it lies in the table. */
export async function stored(table: Table, binding: Binding): Promise<KitItem> {
  const item = await readItem<KitItem>(table, kitKeys.tenant(binding));
  if (item === undefined) throw new Error('There is no such record.');
  return item;
}

/** Everything a seller's code has been told, in one shape. */
export interface Heard {
  readonly hook: keyof TenantHooks;
  readonly key: string;
  readonly binding: Told;
  readonly change: Readonly<Record<string, unknown>>;
}

/** Hooks that note what they are told; `behaviour` may make them fail. */
export function listening(behaviour: { current: (heard: Heard) => unknown } = { current: () => undefined }) {
  const heard: Heard[] = [];
  const hook = (name: keyof TenantHooks) => async (change: { binding: Told }, context: { idempotencyKey: string }) => {
    const told = { hook: name, key: context.idempotencyKey, binding: change.binding, change: { ...change } };
    heard.push(told);
    return (await behaviour.current(told)) as undefined;
  };
  const hooks: TenantHooks = {
    tenantChanged: hook('tenantChanged'),
    applicationChanged: hook('applicationChanged'),
    userChanged: hook('userChanged'),
    departmentChanged: hook('departmentChanged'),
    departmentsReplaced: hook('departmentsReplaced'),
  };
  return { hooks, heard };
}
