import { kitKeys } from '../../../lib/tenants/keys.ts';
import { EVENTS, type KitSync } from './kit-call.ts';

/**
 * One department is made, renamed, moved or removed: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649436.html
 */
export const singleOrgSync: KitSync<'singleOrgSync'> = async (message, { binding, accept }) => {
  const { orgCode } = message;
  const key = kitKeys.department(binding, orgCode);
  if (!('orgName' in message)) return accept(key, { kind: 'department', event: 'removed', record: { orgCode } }, {});
  const { flag, orgName, parentCode } = message;
  const record = { orgCode, orgName, parentCode };
  return accept(key, { kind: 'department', event: EVENTS[flag], record }, record);
};
