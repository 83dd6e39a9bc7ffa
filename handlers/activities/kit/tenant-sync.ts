import { kitKeys } from '../../../lib/tenants/keys.ts';
import { EVENTS, type KitSync } from './kit-call.ts';

/**
 * An enterprise is bound to an instance, gets another name or domain, or is unbound. Whether the instance exists is never
 * asked: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649433.html
 */
export const tenantSync: KitSync<'tenantSync'> = async (message, { binding, accept }) => {
  const key = kitKeys.tenant(binding);
  if (!('domainName' in message)) return accept(key, { kind: 'tenant', event: 'removed', record: {} }, {});
  const { flag, orderId, tenantCode, name, domainName } = message;
  const record = { ...(orderId === undefined ? {} : { orderId }), tenantCode, name, domainName };
  return accept(key, { kind: 'tenant', event: EVENTS[flag], record } as const, record);
};
