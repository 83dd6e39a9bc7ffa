import { sideBySide } from '../../../lib/fulfilment/side-by-side.ts';
import { isGone } from '../../../lib/instances/kit-item.ts';
import { kitKeys } from '../../../lib/tenants/keys.ts';
import { EVENTS, type KitSync } from './kit-call.ts';

/** Writes at a time: the client has 50 connections, and other calls need some. */
const PARALLEL = 40;

/**
 * Users of a tenant are authorised for an application, changed, removed, or their authorisation is withdrawn: up to 500
 * in a call, one write each. What is written stays if the call as a whole fails; a repeat writes the rest.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649435.html
 */
export const authSync: KitSync<'authSync'> = async ({ appId, flag, users }, { tools, binding, stores, accept }) => {
  const event = EVENTS[flag];
  const keyed = users.map((user) => ({ user, key: kitKeys.user(binding, appId, user.userName) }));
  if (!stores) return;
  await sideBySide(keyed, PARALLEL, async ({ user, key }) => {
    const content = isGone(event) ? { userName: user.userName } : user;
    const record = { appId, user: await tools.sealer.seal('personal', content) };
    await accept(key, { kind: 'user', event, record }, content);
  });
};
