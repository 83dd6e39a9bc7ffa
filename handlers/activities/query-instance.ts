import type { InstanceItem } from '../../lib/instances/item.ts';
import { claimNonce } from '../../lib/instances/nonces.ts';
import { readInstances } from '../../lib/instances/store.ts';
import type { InstanceInfo } from '../../lib/middleware/route.ts';
import type { MessageOf } from '../../lib/protocol/messages.ts';
import { Refusal } from '../../lib/protocol/refusal.ts';
import { RESULT_CODES } from '../../lib/protocol/result-codes.ts';
import type { Sealer } from '../../lib/sealing/sealer.ts';
import type { Access } from '../../lib/seller/contract.ts';
import type { Activity, ActivityContext, ActivityTools } from './activity.ts';
import { SUCCESS } from './answers.ts';
import { sampleInfo } from './sample-access.ts';
import { usageOf } from './show-usage.ts';

/**
 * Answers with the access data of up to 100 instances. The call hands out credentials, hence its nonce is kept: claimed
 * beside the read, and nothing is given unless the claim is known to have succeeded.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649428.html
 */
export const queryInstance: Activity<MessageOf<'queryInstance'>> = async (message, call, tools, context) => {
  const { instanceIds } = message;
  const { signal } = context;
  const { table, clock } = tools;
  if (call.isTest) return { ...SUCCESS, info: instanceIds.map((instanceId) => sampleInfo(instanceId, clock())) };

  const [fresh, items] = await Promise.all([
    // V1.0 has no nonce; what it is given, only its own key can open, and an old call is refused.
    call.family === 'saas-v1' || claimNonce(table, call.product, call.nonce, clock(), { signal }),
    readInstances(table, call.product, instanceIds, { signal }),
  ]);
  if (!fresh) throw new Refusal('000001', 'nonce was used before; each call needs a new one');

  const known = instanceIds.flatMap((id) => items.get(id) ?? []).filter((item) => item.wanted !== 'RELEASED');
  const ready = known.filter((item) => item.state === 'ACTIVE' || item.state === 'FROZEN' || item.access !== undefined);
  if (ready.length > 0) return { ...SUCCESS, info: await describeAll(ready, tools, context) };
  if (known.some((item) => item.state !== 'FAILED')) throw new Refusal('000004', RESULT_CODES['000004']);
  const failure = known[0]?.failure;
  if (failure !== undefined) throw new Refusal(failure.resultCode ?? '000005', failure.reason);
  throw new Refusal('000003', RESULT_CODES['000003']);
};

/** The instances that can be described; one that cannot takes no other with it. @throws if none can */
async function describeAll(
  items: readonly InstanceItem[],
  tools: ActivityTools,
  context: ActivityContext,
): Promise<readonly InstanceInfo[]> {
  const { sealer, log } = tools;
  const usage = usageOf(items, tools, context);
  const described = await Promise.allSettled(items.map((item) => describe(item, sealer, usage)));
  const info = described.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  for (const [index, one] of described.entries()) {
    if (one.status === 'fulfilled') continue;
    if (info.length === 0) throw one.reason;
    const { product, instanceId } = items[index] ?? {};
    log.error('The access of an instance cannot be opened; it is left out.', one.reason, { product, instanceId });
    log.metric('FaultyInstance', 1);
  }
  return info;
}

async function describe(item: InstanceItem, sealer: Sealer, usage: ReturnType<typeof usageOf>): Promise<InstanceInfo> {
  const usageInfo = (await usage).get(item.instanceId);
  return {
    instanceId: item.instanceId,
    ...(item.access === undefined ? {} : { appInfo: (await sealer.open('credentials', item.access, item)) as Access }),
    ...(usageInfo === undefined ? {} : { usageInfo }),
  };
}
