import type { Family } from '../../lib/protocol/call.ts';
import { type ActivityName, type MessageOf, parseMessage } from '../../lib/protocol/messages.ts';
import type { Activity, CallHandler } from './activity.ts';
import { applyApikey } from './apply-apikey.ts';
import { changeInstanceCheck } from './change-instance-check.ts';
import { getLicenseAsync } from './get-license-async.ts';
import { kit } from './kit/index.ts';
import { license1 } from './license-1.ts';
import { license2 } from './license-2.ts';
import { newInstance } from './new-instance.ts';
import { orderNotify } from './order-notify.ts';
import { queryInstance } from './query-instance.ts';
import { refreshInstance } from './refresh-instance.ts';
import { releaseInstance } from './release-instance.ts';
import { saasV1 } from './saas-v1.ts';
import { updateInstanceStatus } from './update-instance-status.ts';
import { upgradeInstance } from './upgrade-instance.ts';

const saasV2 = {
  newInstance: v2('newInstance', newInstance),
  queryInstance: v2('queryInstance', queryInstance),
  refreshInstance: v2('refreshInstance', refreshInstance),
  updateInstanceStatus: v2('updateInstanceStatus', updateInstanceStatus),
  releaseInstance: v2('releaseInstance', releaseInstance),
  upgradeInstance: v2('upgradeInstance', upgradeInstance),
  changeInstanceCheck: v2('changeInstanceCheck', changeInstanceCheck),
};

/** Which handler takes which activity of which family. */
export const activities: Readonly<Partial<Record<Family, Readonly<Record<string, CallHandler>>>>> = {
  'saas-v2': saasV2,
  'order-notify': { orderNotify: v2('orderNotify', orderNotify) },
  'saas-v1': saasV1,
  'license-1': license1,
  'license-2': license2,
  'license-online': {
    newInstance: saasV2.newInstance,
    queryInstance: saasV2.queryInstance,
    refreshInstance: saasV2.refreshInstance,
    updateInstanceStatus: saasV2.updateInstanceStatus,
    releaseInstance: saasV2.releaseInstance,
    getLicenseAsync,
  },
  maas: { applyApikey: v2('applyApikey', applyApikey) },
  'kit-v2': kit,
  'kit-v1': kit,
};

function v2<Name extends ActivityName>(name: Name, activity: Activity<MessageOf<Name>>): CallHandler {
  return (call, tools, context) => activity(parseMessage(name, call.body), call, tools, context);
}
