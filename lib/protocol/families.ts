import type { Family, KeyClass } from './call.ts';
import { LICENSE_ACTIVITIES } from './license/messages.ts';
import { ACTIVITIES } from './messages.ts';
import { LICENSE1_ACTIVITIES } from './v1/license-messages.ts';
import { V1_ACTIVITIES } from './v1/messages.ts';

/** Facts that distinguish interface families. */
export interface FamilyFacts {
  /** Classes whose access keys may sign its calls; the first one's newest key signs refusals. */
  readonly keyClasses: readonly [KeyClass, ...KeyClass[]];
  /** Its calls by name, as they come. */
  readonly activities: readonly string[];
}

const KIT = ['tenantSync', 'applicationSync', 'authSync', 'singleOrgSync', 'allOrgSync'];

const ofFamily = (table: Readonly<Record<string, { family: Family }>>, family: Family): readonly string[] =>
  // Stryker disable next-line OptionalChaining: for the type checker, the names are the table's own
  Object.keys(table).filter((activity) => table[activity]?.family === family);

/**
 * The interface families. The calls of an online licence are those of SaaS V2.0 less the query and the upgrade, and one
 * more; its documents do not say which of two key classes signs them, so both do. Nor do those of models.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0000002091917709.html (classes of keys)
 */
export const FAMILIES: Readonly<Record<Family, FamilyFacts>> = {
  'saas-v2': { keyClasses: ['base'], activities: ofFamily(ACTIVITIES, 'saas-v2') },
  'order-notify': { keyClasses: ['general'], activities: ['orderNotify'] },
  'saas-v1': { keyClasses: ['base'], activities: Object.keys(V1_ACTIVITIES) },
  'kit-v2': { keyClasses: ['kit'], activities: KIT },
  'kit-v1': { keyClasses: ['kit'], activities: KIT },
  'license-2': { keyClasses: ['license'], activities: ofFamily(LICENSE_ACTIVITIES, 'license-2') },
  'license-online': {
    keyClasses: ['base', 'license'],
    activities: [
      'newInstance',
      'queryInstance',
      'refreshInstance',
      'updateInstanceStatus',
      'releaseInstance',
      'getLicenseAsync',
    ],
  },
  'license-1': { keyClasses: ['license', 'base'], activities: Object.keys(LICENSE1_ACTIVITIES) },
  maas: { keyClasses: ['base', 'general'], activities: ofFamily(ACTIVITIES, 'maas') },
};
