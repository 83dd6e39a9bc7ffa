import type { InstanceInfo } from '../../lib/middleware/route.ts';
import { formatMillis } from '../../lib/protocol/times.ts';
import type { Access } from '../../lib/seller/contract.ts';

/** Access data that a debugging call is shown, whatever it asks for: shaped like real ones, they open nothing. */
export const SAMPLE_ACCESS: Access = {
  frontEndUrl: 'https://www.example.com',
  adminUrl: 'https://www.example.com/admin',
  userName: 'debugging',
  password: 'debugging-opens-nothing',
  memo: 'debugging answer: no instance behind it',
};

/**
 * One instance in the answer to a debugging query. It always carries usage: products charged by usage must, and a debugging
 * call does not say which product it means.
 */
export function sampleInfo(instanceId: string, now: number): InstanceInfo {
  return { instanceId, appInfo: SAMPLE_ACCESS, usageInfo: [{ usageValue: 0, statisticalTime: formatMillis(now) }] };
}
