import type { ActivityName } from '../../lib/protocol/messages.ts';
import type { Activity } from './activity.ts';
import { changeInstanceCheck } from './change-instance-check.ts';
import { newInstance } from './new-instance.ts';
import { orderNotify } from './order-notify.ts';
import { queryInstance } from './query-instance.ts';
import { refreshInstance } from './refresh-instance.ts';
import { releaseInstance } from './release-instance.ts';
import { updateInstanceStatus } from './update-instance-status.ts';
import { upgradeInstance } from './upgrade-instance.ts';

/** Which handler takes which activity. */
export const activities: Readonly<Record<ActivityName, Activity>> = {
  newInstance,
  queryInstance,
  refreshInstance,
  updateInstanceStatus,
  releaseInstance,
  upgradeInstance,
  changeInstanceCheck,
  orderNotify,
};
