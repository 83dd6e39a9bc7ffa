import type { FamilyName } from '../../marketplace/calls/family.ts';
import type { Charging } from '../../marketplace/calls/subject.ts';

/*
 * Debugging cases that a product needs before it can be published. Sources: case matrix of V2.0
 * (https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649414.html), V1.0
 * (…/intl/zh-cn/accessg-marketplace/zh-cn_topic_0182376880.html), License (…244 to …282), order notification.
 */

/** One debugging case, as it would be saved in the seller console. */
export interface RequiredCase {
  /** Unique within a product kind, e.g. `refreshInstance(RENEWAL)`. */
  readonly id: string;
  readonly family: FamilyName;
  readonly activity: string;
  /** An optional case is asked for only where the seller offers what it is about. */
  readonly need: 'required' | 'optional';
  readonly charging: Charging;
  readonly members?: Readonly<Record<string, unknown>>;
}

export const PRODUCT_KINDS = [
  'saas-period',
  'saas-once',
  'saas-on-demand',
  'joint',
  'joint-period',
  'joint-once',
  'joint-on-demand',
  'license-2',
  'license-online',
  'saas-v1-period',
  'saas-v1-once',
  'saas-v1-on-demand',
  'saas-v1-joint',
  'license-1',
  'order-notify',
  'maas',
] as const;

export type ProductKind = (typeof PRODUCT_KINDS)[number];

type Variant = readonly [name: string, members?: Readonly<Record<string, unknown>>];

interface Row {
  readonly activity: string;
  readonly need?: 'optional';
  readonly charging?: Charging;
  readonly variants?: readonly Variant[];
}

const STATUS: readonly Variant[] = [
  ['FREEZE', { status: 'FREEZE' }],
  ['UNFREEZE', { status: 'UNFREEZE' }],
];
const scenes = (...names: string[]): Variant[] => names.map((scene) => [scene, { scene }]);
const flags = (...numbers: number[]): Variant[] => numbers.map((flag) => [`flag ${flag}`, { flag }]);

const REFRESH: Row = {
  activity: 'refreshInstance',
  variants: scenes('TRIAL_TO_FORMAL', 'RENEWAL', 'UNSUBSCRIBE_RENEWAL_PERIOD'),
};
const RELEASE: Row = {
  activity: 'releaseInstance',
  variants: [['expiry', { orderId: undefined, orderLineId: undefined }], ['unsubscription']],
};

const SAAS: Readonly<Record<'period' | 'once' | 'on-demand', readonly Row[]>> = {
  period: [
    { activity: 'newInstance', variants: [['period']] },
    { activity: 'newInstance', charging: 'trial', need: 'optional', variants: [['trial']] },
    { activity: 'queryInstance' },
    REFRESH,
    { activity: 'updateInstanceStatus', variants: STATUS },
    RELEASE,
    { activity: 'upgradeInstance', need: 'optional' },
    { activity: 'changeInstanceCheck', need: 'optional' },
    { activity: 'refreshInstance', need: 'optional', variants: scenes('RENEWAL_CHANGE') },
  ],
  once: [{ activity: 'newInstance', variants: [['once']] }, { activity: 'queryInstance' }, RELEASE],
  'on-demand': [
    { activity: 'newInstance', variants: [['on-demand']] },
    { activity: 'newInstance', charging: 'package', variants: [['package']] },
    { activity: 'queryInstance' },
    REFRESH,
    { activity: 'updateInstanceStatus', variants: STATUS },
    RELEASE,
  ],
};

const KIT: readonly Row[] = [
  { activity: 'tenantSync', variants: flags(1, 2, 0) },
  { activity: 'applicationSync', variants: flags(1, 2, 0) },
  { activity: 'authSync', variants: flags(1, 2, 0) },
  { activity: 'singleOrgSync', variants: flags(1, 2, 0) },
  { activity: 'allOrgSync' },
];

const SAAS_V1: Readonly<Record<'period' | 'once' | 'on-demand', readonly Row[]>> = {
  period: [
    { activity: 'newInstance', variants: [['period']] },
    {
      activity: 'refreshInstance',
      variants: [
        ['renewal'],
        ['renewal, productId', { productId: '00301-666666-0--0' }],
        ['trialToFormal', { trialToFormal: '1' }],
        ['trialToFormal, productId', { trialToFormal: '1', productId: '00301-666666-0--0' }],
      ],
    },
    { activity: 'expireInstance' },
    { activity: 'releaseInstance' },
    { activity: 'queryInstance', need: 'optional' },
    { activity: 'upgrade', need: 'optional' },
    {
      activity: 'instanceStatus',
      need: 'optional',
      variants: [
        ['FREEZE', { instanceStatus: 'FREEZE' }],
        ['NORMAL', { instanceStatus: 'NORMAL' }],
      ],
    },
  ],
  once: [{ activity: 'newInstance', variants: [['once']] }, { activity: 'releaseInstance' }],
  'on-demand': [
    { activity: 'newInstance', variants: [['on-demand']] },
    { activity: 'newInstance', charging: 'package', variants: [['package']] },
    { activity: 'queryInstance' },
    {
      activity: 'instanceStatus',
      variants: [
        ['FREEZE', { instanceStatus: 'FREEZE' }],
        ['NORMAL', { instanceStatus: 'NORMAL' }],
      ],
    },
    { activity: 'releaseInstance' },
  ],
};

const V1_FLAGS: readonly Row[] = KIT.map((row) =>
  row.activity === 'allOrgSync' || row.activity === 'authSync' ? row : { ...row, variants: flags(1, 0) },
);

const joint = (charging: 'period' | 'once' | 'on-demand') => [
  ...rows('saas-v2', charging, SAAS[charging]),
  ...rows('kit-v2', charging, KIT).map((one): RequiredCase => one),
  ...rows('kit-v2', charging, [{ activity: 'authSync', variants: flags(3) }]),
];

const CASES: Readonly<Record<ProductKind, () => RequiredCase[]>> = {
  'saas-period': () => rows('saas-v2', 'period', SAAS.period),
  'saas-once': () => rows('saas-v2', 'once', SAAS.once),
  'saas-on-demand': () => rows('saas-v2', 'on-demand', SAAS['on-demand']),
  joint: () => joint('period'),
  'joint-period': () => joint('period'),
  'joint-once': () => joint('once'),
  'joint-on-demand': () => joint('on-demand'),
  'license-2': () =>
    rows('license-2', 'period', [
      { activity: 'refreshLicenseCode', variants: scenes('RENEWAL', 'UNSUBSCRIBE_RENEWAL_PERIOD') },
      { activity: 'updateLicenseCodeStatus', variants: STATUS },
      { activity: 'releaseLicenseCode' },
    ]),
  'license-online': () =>
    rows('license-online', 'period', [
      { activity: 'newInstance', variants: [['period']] },
      REFRESH,
      { activity: 'updateInstanceStatus', variants: STATUS },
      RELEASE,
      { activity: 'getLicenseAsync' },
    ]),
  'saas-v1-period': () => rows('saas-v1', 'period', SAAS_V1.period),
  'saas-v1-once': () => rows('saas-v1', 'once', SAAS_V1.once),
  'saas-v1-on-demand': () => rows('saas-v1', 'on-demand', SAAS_V1['on-demand']),
  'saas-v1-joint': () => [...rows('saas-v1', 'period', SAAS_V1.period), ...rows('kit-v1', 'period', V1_FLAGS)],
  'license-1': () =>
    rows('license-1', 'period', [
      { activity: 'getLicense' },
      { activity: 'refreshLicense', need: 'optional' },
      { activity: 'expireLicense', need: 'optional' },
      { activity: 'releaseLicense', need: 'optional' },
    ]),
  'order-notify': () => rows('order-notify', 'period', [{ activity: 'orderNotify' }]),
  maas: () => rows('maas', 'on-demand', [{ activity: 'applyApikey' }]),
};

/** The cases of a product kind in the order in which a seller would save them. */
export function casesOf(kind: ProductKind): RequiredCase[] {
  return CASES[kind]();
}

function rows(family: FamilyName, charging: Charging, list: readonly Row[]): RequiredCase[] {
  return list.flatMap((row) =>
    (row.variants ?? [['']]).map(
      ([name, members]): RequiredCase => ({
        id: name === '' ? row.activity : `${row.activity}(${name})`,
        family,
        activity: row.activity,
        need: row.need ?? 'required',
        charging: row.charging ?? charging,
        ...(members && { members }),
      }),
    ),
  );
}
