import type { Order } from '../../lib/seller/contract.ts';
import type { FamilyName, Members } from '../marketplace/calls/family.ts';
import type { Subject } from '../marketplace/calls/subject.ts';
import { spelledOut, utcSeconds } from '../marketplace/protocol/times.ts';

/** Requests of the marketplace, named alike for all interfaces. */
export type Verb =
  | 'buy'
  | 'query'
  | 'renew'
  | 'upgrade'
  | 'freeze'
  | 'unfreeze'
  | 'release'
  | 'canChange'
  | 'notify'
  | 'apply';

/** Subject of a call, as far as its verb needs it. */
export interface CallSubject {
  readonly instanceId?: string;
  readonly order?: Order;
  readonly scene?: string;
  readonly expiresAt?: Date;
  readonly target?: Members;
  readonly eventId?: string;
  readonly deviceFingerprint?: string;
  /** Encrypts a personal value of V1.0. */
  readonly seal: Subject['seal'];
}

interface CallForm {
  readonly activity: string;
  readonly members: (wanted: CallSubject) => Members;
}

const ids = ({ order }: CallSubject) => ({ orderId: order?.orderId, orderLineId: order?.line.orderLineId });
const it = ({ instanceId }: CallSubject) => ({ instanceId });
const until = ({ expiresAt }: CallSubject) => (expiresAt === undefined ? undefined : utcSeconds(expiresAt.getTime()));

const instanceCalls: Partial<Record<Verb, CallForm>> = {
  buy: { activity: 'newInstance', members: ids },
  renew: {
    activity: 'refreshInstance',
    members: (wanted) => ({ ...it(wanted), ...ids(wanted), scene: wanted.scene, expireTime: until(wanted) }),
  },
  freeze: { activity: 'updateInstanceStatus', members: (wanted) => ({ ...it(wanted), status: 'FREEZE' }) },
  unfreeze: { activity: 'updateInstanceStatus', members: (wanted) => ({ ...it(wanted), status: 'UNFREEZE' }) },
  release: { activity: 'releaseInstance', members: it },
};

/** The verbs in the words of each interface; the interfaces in the order in which they are looked through. */
export const CALL_FORMS: Partial<Record<FamilyName, Partial<Record<Verb, CallForm>>>> = {
  'saas-v2': {
    ...instanceCalls,
    query: { activity: 'queryInstance', members: it },
    upgrade: { activity: 'upgradeInstance', members: (wanted) => ({ ...it(wanted), ...ids(wanted) }) },
    canChange: {
      activity: 'changeInstanceCheck',
      members: (wanted) => ({ ...it(wanted), productInfo: wanted.target }),
    },
  },
  'license-online': {
    ...instanceCalls,
    apply: {
      activity: 'getLicenseAsync',
      members: (wanted) => ({
        ...it(wanted),
        eventId: wanted.eventId,
        deviceFingerprint: wanted.deviceFingerprint,
        expireTime: wanted.expiresAt === undefined ? undefined : spelledOut(wanted.expiresAt.getTime()),
      }),
    },
  },
  'saas-v1': {
    buy: { activity: 'newInstance', members: wholeOrder },
    query: { activity: 'queryInstance', members: it },
    renew: { activity: 'refreshInstance', members: wholeRenewal },
    upgrade: { activity: 'upgrade', members: (wanted) => ({ ...it(wanted), ...productMembers(wanted) }) },
    freeze: { activity: 'instanceStatus', members: (wanted) => ({ ...it(wanted), instanceStatus: 'FREEZE' }) },
    unfreeze: { activity: 'instanceStatus', members: (wanted) => ({ ...it(wanted), instanceStatus: 'NORMAL' }) },
    release: { activity: 'releaseInstance', members: it },
  },
  'license-1': {
    buy: { activity: 'getLicense', members: wholeOrder },
    renew: { activity: 'refreshLicense', members: wholeRenewal },
    freeze: { activity: 'expireLicense', members: it },
    release: { activity: 'releaseLicense', members: it },
  },
  'order-notify': { notify: { activity: 'orderNotify', members: ids } },
};

/** The marketplace's numbers for charging modes; the other modes have none that is documented. */
const CHARGING_MODES: Readonly<Record<string, string>> = { PERIOD: '1', ONE_TIME: '3' };

/** V1.0 tells the whole order in the call. */
function wholeOrder(wanted: CallSubject): Members {
  const { order, seal } = wanted;
  const { mobilePhone, email, ...buyer } = order?.buyer ?? {};
  const extendParams = Buffer.from(JSON.stringify(order?.extendParams ?? [])).toString('base64');
  return {
    ...{ customerName: undefined, userId: undefined, userName: undefined, ...buyer },
    ...productMembers(wanted),
    mobilePhone: mobilePhone && seal(mobilePhone),
    email: email && seal(email),
    chargingMode: CHARGING_MODES[order?.line.chargingMode ?? ''],
    expireTime: order?.line.expiresAt && utcSeconds(order.line.expiresAt.getTime()),
    trialFlag: order?.orderType === 'TRIAL' ? '1' : undefined,
    saasExtendParams: extendParams,
  };
}

function productMembers({ order }: CallSubject): Members {
  const [product] = order?.line.products ?? [];
  return {
    orderId: order?.orderId,
    productId: product?.productId,
    skuCode: product?.skuCode,
    amount: product?.linearValue === undefined ? undefined : String(product.linearValue),
    orderAmount: order?.line.amountAfterDiscount,
    ...periodMembers(order),
  };
}

function wholeRenewal(wanted: CallSubject): Members {
  return {
    ...it(wanted),
    orderId: wanted.order?.orderId,
    expireTime: until(wanted),
    trialToFormal: wanted.scene === 'TRIAL_TO_FORMAL' ? '1' : undefined,
    ...periodMembers(wanted.order),
  };
}

function periodMembers(order: Order | undefined): Members {
  const { periodType, periodNumber } = order?.line ?? {};
  return { periodType, periodNumber: periodNumber === undefined ? undefined : String(periodNumber) };
}
