import type { InstanceItem } from '../../lib/instances/item.ts';
import { claimNonce } from '../../lib/instances/nonces.ts';
import { readInstances } from '../../lib/instances/store.ts';
import type { InstanceInfo } from '../../lib/middleware/route.ts';
import type { MessageOf } from '../../lib/protocol/messages.ts';
import { Refusal } from '../../lib/protocol/refusal.ts';
import { RESULT_CODES } from '../../lib/protocol/result-codes.ts';
import type { Sealer } from '../../lib/sealing/sealer.ts';
import type { Access } from '../../lib/seller/contract.ts';
import { usageInfoOf } from '../../lib/usage/usage-info.ts';
import type { Activity } from './activity.ts';
import { SUCCESS } from './answers.ts';
import { SAMPLE_ACCESS } from './sample-access.ts';

/**
 * How the buyers of up to 100 instances get in. The only call that hands out credentials, hence the only one whose
 * nonce is kept: claimed beside the read, and nothing is given unless the claim is known to have succeeded.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649428.html
 */
export const queryInstance: Activity<MessageOf<'queryInstance'>> = async (
  message,
  call,
  { table, sealer, clock },
  { signal },
) => {
  const { instanceIds } = message;
  if (call.isTest)
    return { ...SUCCESS, info: instanceIds.map((instanceId) => ({ instanceId, appInfo: SAMPLE_ACCESS })) };

  const [fresh, items] = await Promise.all([
    // V1.0 has no nonce, and no time after which a call is old; what it is given, only its own key can open.
    call.family === 'saas-v1' || claimNonce(table, call.product, call.nonce, clock(), { signal }),
    readInstances(table, call.product, instanceIds, { signal }),
  ]);
  if (!fresh) throw new Refusal('000001', 'nonce was used before; each call needs a new one');

  const known = instanceIds.flatMap((id) => items.get(id) ?? []).filter((item) => item.wanted !== 'RELEASED');
  const ready = known.filter((item) => item.state === 'ACTIVE' || item.state === 'FROZEN' || item.access !== undefined);
  if (ready.length > 0)
    return { ...SUCCESS, info: await Promise.all(ready.map((item) => describe(item, sealer, clock()))) };
  if (known.some((item) => item.state !== 'FAILED')) throw new Refusal('000004', RESULT_CODES['000004']);
  const failure = known[0]?.failure;
  if (failure !== undefined) throw new Refusal(failure.resultCode ?? '000005', failure.reason);
  throw new Refusal('000003', RESULT_CODES['000003']);
};

async function describe(item: InstanceItem, sealer: Sealer, now: number): Promise<InstanceInfo> {
  const usageInfo = usageInfoOf(item, now);
  return {
    instanceId: item.instanceId,
    ...(item.access === undefined ? {} : { appInfo: (await sealer.open('credentials', item.access)) as Access }),
    ...(usageInfo === undefined ? {} : { usageInfo }),
  };
}
