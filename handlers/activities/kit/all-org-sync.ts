import { acceptDepartments } from '../../../lib/tenants/accept-departments.ts';
import { kitKeys } from '../../../lib/tenants/keys.ts';
import type { KitSync } from './kit-call.ts';

/** All departments of a tenant: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649437.html */
export const allOrgSync: KitSync<'allOrgSync'> = async ({ departments }, context) => {
  const { tools, binding, sentAt, isTest, stores, options, fingerprint } = context;
  for (const { orgCode } of departments) kitKeys.department(binding, orgCode);
  if (!stores) return;
  const tree = { sentAt, isTest, departments, fingerprint: fingerprint(departments) };
  await acceptDepartments(tools.table, binding, tree, tools.clock(), options);
};
