import type { FamilyName } from '../../marketplace/calls/family.ts';
import type { Charging } from '../../marketplace/calls/subject.ts';

/** One call in the life of a purchase. */
export interface Step {
  /** Days after the purchase. */
  readonly day: number;
  readonly activity: string;
  /** The family, where it is not the purchase's own. */
  readonly family?: FamilyName;
  readonly members?: Readonly<Record<string, unknown>>;
  /** True if the call is about an order of its own (a renewal, an upgrade, an unsubscription). */
  readonly ownOrder?: boolean;
  /** The end of the paid period that goes with it, in days after the purchase. */
  readonly expires?: number;
  /** Set if its first delivery comes twice at once. */
  readonly twice?: true;
  /** Set if it comes too late to do anything: it may be refused, and must make nothing new. */
  readonly late?: true;
  /** Reason for which it comes; names a sentence. */
  readonly why: string;
}

const status = (day: number, name: 'FREEZE' | 'UNFREEZE', why: string): Step => ({
  day,
  activity: 'updateInstanceStatus',
  members: { status: name },
  why,
});
const renew = (day: number, scene: string, expires: number, why: string): Step => ({
  day,
  activity: 'refreshInstance',
  members: { scene },
  ownOrder: true,
  expires,
  why,
});
const kit = (day: number, activity: string, flag: number | undefined, why: string): Step => ({
  day,
  activity,
  family: 'kit-v2',
  ...(flag !== undefined && { members: { flag } }),
  why,
});

/** A month is bought, upgraded, renewed, the renewal withdrawn; it expires, is saved within the grace, expires for good. */
const MONTH: readonly Step[] = [
  { day: 0, activity: 'newInstance', twice: true, expires: 30, why: 'life.why.bought' },
  { day: 2, activity: 'queryInstance', why: 'life.why.opened' },
  { day: 10, activity: 'changeInstanceCheck', why: 'life.why.asked' },
  { day: 10.01, activity: 'upgradeInstance', ownOrder: true, why: 'life.why.upgraded' },
  renew(24, 'RENEWAL', 60, 'life.why.renewed'),
  renew(26, 'UNSUBSCRIBE_RENEWAL_PERIOD', 30, 'life.why.withdrawn'),
  status(30, 'FREEZE', 'life.why.expired'),
  renew(33, 'RENEWAL', 63, 'life.why.renewed'),
  status(33.01, 'UNFREEZE', 'life.why.thawed'),
  { day: 40, activity: 'queryInstance', why: 'life.why.opened' },
  status(63, 'FREEZE', 'life.why.expired'),
  { day: 78, activity: 'releaseInstance', why: 'life.why.retention' },
];

const TRIAL: readonly Step[] = [
  { day: 0, activity: 'newInstance', twice: true, expires: 7, why: 'life.why.tried' },
  { day: 1, activity: 'queryInstance', why: 'life.why.opened' },
  renew(5, 'TRIAL_TO_FORMAL', 35, 'life.why.converted'),
  status(35, 'FREEZE', 'life.why.expired'),
  { day: 50, activity: 'releaseInstance', why: 'life.why.retention' },
];

const ONCE: readonly Step[] = [
  { day: 0, activity: 'newInstance', twice: true, why: 'life.why.bought' },
  { day: 3, activity: 'queryInstance', why: 'life.why.opened' },
  { day: 12, activity: 'releaseInstance', ownOrder: true, why: 'life.why.refunded' },
];

const ON_DEMAND: readonly Step[] = [
  { day: 0, activity: 'newInstance', twice: true, why: 'life.why.bought' },
  ...[1, 2, 3, 4].map((day): Step => ({ day, activity: 'queryInstance', why: 'life.why.usage' })),
  status(8, 'FREEZE', 'life.why.debt'),
  status(9, 'UNFREEZE', 'life.why.thawed'),
  { day: 15, activity: 'releaseInstance', ownOrder: true, why: 'life.why.refunded' },
];

const KIT: readonly Step[] = [
  kit(0.1, 'tenantSync', 1, 'life.why.bound'),
  kit(0.11, 'applicationSync', 1, 'life.why.bound'),
  kit(0.12, 'allOrgSync', undefined, 'life.why.bound'),
  kit(1, 'authSync', 1, 'life.why.authorised'),
  kit(4, 'singleOrgSync', 2, 'life.why.renamed'),
  kit(20, 'authSync', 3, 'life.why.left'),
  kit(78.1, 'tenantSync', 0, 'life.why.unbound'),
];

const V1: readonly Step[] = [
  { day: 0, activity: 'newInstance', twice: true, expires: 30, why: 'life.why.bought' },
  { day: 2, activity: 'newInstance', expires: 30, why: 'life.why.opened' },
  { day: 10, activity: 'upgrade', ownOrder: true, why: 'life.why.upgraded' },
  { day: 24, activity: 'refreshInstance', ownOrder: true, expires: 60, why: 'life.why.renewed' },
  { day: 60, activity: 'expireInstance', why: 'life.why.expired' },
  { day: 62, activity: 'refreshInstance', ownOrder: true, expires: 92, why: 'life.why.renewed' },
  { day: 92, activity: 'expireInstance', why: 'life.why.expired' },
  { day: 107, activity: 'releaseInstance', why: 'life.why.retention' },
];

const LICENSE_2: readonly Step[] = [
  {
    day: 24,
    activity: 'refreshLicenseCode',
    members: { scene: 'RENEWAL' },
    ownOrder: true,
    expires: 60,
    why: 'life.why.renewed',
  },
  { day: 60, activity: 'updateLicenseCodeStatus', members: { status: 'FREEZE' }, why: 'life.why.expired' },
  { day: 62, activity: 'updateLicenseCodeStatus', members: { status: 'UNFREEZE' }, why: 'life.why.thawed' },
  { day: 90, activity: 'releaseLicenseCode', why: 'life.why.retention' },
];

const LICENSE_ONLINE: readonly Step[] = [
  { day: 0, activity: 'newInstance', twice: true, expires: 30, why: 'life.why.bought' },
  { day: 1, activity: 'getLicenseAsync', why: 'life.why.licence' },
  { day: 1.01, activity: 'getLicenseAsync', why: 'life.why.licence-again' },
  renew(24, 'RENEWAL', 60, 'life.why.renewed'),
  status(60, 'FREEZE', 'life.why.expired'),
  status(62, 'UNFREEZE', 'life.why.thawed'),
  { day: 90, activity: 'releaseInstance', why: 'life.why.retention' },
];

const MODELS: readonly Step[] = [
  { day: 0, activity: 'applyApikey', why: 'life.why.subscribed' },
  { day: 40, activity: 'applyApikey', why: 'life.why.subscribed-again' },
];

/** Step after the release of a purchase, in days after it: a repeat that was long on its way. */
export const LATE: Step = { day: 0.05, activity: 'newInstance', late: true, why: 'life.why.late' };

/** The same buyer buys again: a purchase of its own, which is given back. */
export const AGAIN: readonly Step[] = [
  { day: 0.1, activity: 'newInstance', twice: true, expires: 30, why: 'life.why.bought-again' },
  { day: 0.3, activity: 'releaseInstance', ownOrder: true, why: 'life.why.refunded' },
];

/** Lives that can be played. */
export const LIFE_FAMILIES = [
  'saas-v2',
  'joint',
  'saas-v1',
  'license-2',
  'license-online',
  'order-notify',
  'maas',
] as const;

export type LifeFamily = (typeof LIFE_FAMILIES)[number];

/** The steps of a life, in order of time. */
export function scriptOf(family: LifeFamily, charging: Charging): readonly Step[] {
  const saas = { period: MONTH, trial: TRIAL, once: ONCE, 'on-demand': ON_DEMAND, package: ON_DEMAND }[charging];
  if (family === 'saas-v2') return saas;
  if (family === 'joint')
    return [...saas, ...KIT.filter(({ day }) => day < (saas.at(-1)?.day ?? 0) || day > 78)].sort(
      (a, b) => a.day - b.day,
    );
  if (family === 'saas-v1')
    return charging === 'once' ? V1.filter(({ activity }) => /^(newInstance|releaseInstance)$/.test(activity)) : V1;
  if (family === 'license-2') return LICENSE_2;
  if (family === 'license-online') return LICENSE_ONLINE;
  if (family === 'maas') return MODELS;
  return [{ day: 0, activity: 'orderNotify', why: 'life.why.paid' }];
}
