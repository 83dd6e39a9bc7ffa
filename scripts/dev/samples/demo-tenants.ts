import type { HookContext } from '../../../lib/seller/contract.ts';
import type { Binding, TenantHooks } from '../../../lib/seller/tenant-contract.ts';

/**
 * Hooks of the demo seller for tenants: one note per record, which says what there is now. Setting a note is the same
 * however often it is done, so no key needs to be remembered. Names, telephone numbers and secrets are not kept: a note
 * is no place for them.
 */
export const demoTenants: TenantHooks = {
  tenantChanged: ({ binding, tenant }, context) =>
    keep(['tenant', ...of(binding)], tenant && { name: tenant.name, domainName: tenant.domainName }, context),

  applicationChanged: ({ binding, appId, client }, context) =>
    keep(['application', ...of(binding), appId], client && { clientId: client.clientId }, context),

  userChanged: ({ binding, appId, userName, user }, context) =>
    keep(['user', ...of(binding), appId, userName], user && { role: user.role, enable: user.enable }, context),

  // Departments are told one by one or as a tree, perhaps side by side: whoever reads takes the newer of the two.
  departmentChanged: ({ binding, at, orgCode, department }, context) =>
    keep(['department', ...of(binding), orgCode], { at, orgName: department?.orgName }, context),

  departmentsReplaced: ({ binding, at, departments }, context) =>
    keep(['departments', ...of(binding)], { at, names: departments.map(({ orgName }) => orgName) }, context),
};

/** The note of a record; `parts` as in the hooks above. */
export function noteOf(...parts: readonly string[]): string {
  return parts.map(encodeURIComponent).join('/');
}

function of({ tenantId, instanceId = '' }: Binding): readonly string[] {
  return [tenantId, instanceId];
}

async function keep(parts: readonly string[], value: object | undefined, { notes }: HookContext): Promise<void> {
  if (value === undefined) await notes.delete(noteOf(...parts));
  else await notes.put(noteOf(...parts), value);
}
