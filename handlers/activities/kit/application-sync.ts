import { kitKeys } from '../../../lib/tenants/keys.ts';
import { EVENTS, type KitSync } from './kit-call.ts';

/**
 * An application gets its OAuth client for a tenant, or loses it. The secret is opened in debugging calls too, since they
 * are there to show that the key in the console is ours; it is sealed again before anything is written.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649434.html
 */
export const applicationSync: KitSync<'applicationSync'> = async (message, context) => {
  const { product, tools, binding, stores, accept } = context;
  const { appId } = message;
  const key = kitKeys.application(binding, appId);
  if (!('clientSecret' in message)) {
    return accept(key, { kind: 'application', event: 'removed', record: { appId } }, {});
  }
  const { flag, clientId } = message;
  const secret = await tools.openClientSecret(product, message.clientSecret);
  if (!stores) return;
  const record = { appId, clientId, clientSecret: await tools.sealer.seal('kit', secret, key) };
  await accept(key, { kind: 'application', event: EVENTS[flag], record }, { appId, clientId, secret });
};
