import type { KitActivityName } from '../../../lib/protocol/kit/messages.ts';
import type { CallHandler } from '../activity.ts';
import { allOrgSync } from './all-org-sync.ts';
import { applicationSync } from './application-sync.ts';
import { authSync } from './auth-sync.ts';
import { kitCall } from './kit-call.ts';
import { singleOrgSync } from './single-org-sync.ts';
import { tenantSync } from './tenant-sync.ts';

/** The handlers of the Kit's calls, for V2 and V1 alike. */
export const kit: Readonly<Record<KitActivityName, CallHandler>> = {
  tenantSync: kitCall('tenantSync', tenantSync),
  applicationSync: kitCall('applicationSync', applicationSync),
  authSync: kitCall('authSync', authSync),
  singleOrgSync: kitCall('singleOrgSync', singleOrgSync),
  allOrgSync: kitCall('allOrgSync', allOrgSync),
};
