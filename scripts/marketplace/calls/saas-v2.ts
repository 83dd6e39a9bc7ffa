import { utcSeconds } from '../protocol/times.ts';
import { type Activity, type Family, plain, testFlag } from './family.ts';
import { MOCK_ORDERS, type Subject } from './subject.ts';

/*
 * SaaS base interfaces V2.0: POST, ids only. Field tables from 2025-07 to 2025-12:
 * https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649427.html and the pages after it.
 */

/** Orders of their own, so that a debugging call names the mock order of its scene. */
function followUp(subject: Subject, mock: string): { orderId: string; orderLineId: string } {
  const orderId = subject.test ? mock : subject.orderId;
  return { orderId, orderLineId: subject.test ? `${mock}-000001` : subject.orderLineId };
}

export const newInstance: Activity = {
  answer: 'instance',
  codes: ['000000', '000004'],
  mandatory: ['orderId', 'orderLineId'],
  members: (subject) => ({
    activity: 'newInstance',
    businessId: subject.businessId,
    orderId: subject.orderId,
    orderLineId: subject.orderLineId,
    ...testFlag(subject),
  }),
};

export const refreshInstance = plain(['instanceId', 'orderId', 'orderLineId', 'scene', 'expireTime'], (subject) => ({
  activity: 'refreshInstance',
  scene: 'RENEWAL',
  expireTime: utcSeconds(subject.expiresAt),
  instanceId: subject.instanceId,
  ...followUp(subject, MOCK_ORDERS.renew),
  ...testFlag(subject),
}));

export const updateInstanceStatus = plain(['instanceId', 'status'], (subject) => ({
  activity: 'updateInstanceStatus',
  instanceId: subject.instanceId,
  status: 'FREEZE',
  ...testFlag(subject),
}));

export const releaseInstance = plain(['instanceId'], (subject) => ({
  activity: 'releaseInstance',
  instanceId: subject.instanceId,
  ...(subject.test && followUp(subject, MOCK_ORDERS.unsubscribe)),
  ...testFlag(subject),
}));

const queryInstance: Activity = {
  answer: 'instances',
  codes: ['000000', '000004'],
  mandatory: ['instanceId'],
  members: (subject) => ({ activity: 'queryInstance', instanceId: subject.instanceId, ...testFlag(subject) }),
};

const upgradeInstance = plain(['instanceId', 'orderId', 'orderLineId'], (subject) => ({
  activity: 'upgradeInstance',
  instanceId: subject.instanceId,
  ...followUp(subject, MOCK_ORDERS.change),
  ...testFlag(subject),
}));

const changeInstanceCheck = plain(['instanceId', 'productInfo'], (subject) => ({
  activity: 'changeInstanceCheck',
  instanceId: subject.instanceId,
  productInfo: { linearValue: 20, productId: subject.productId, productName: 'Demo', skuCode: subject.skuCode },
  ...testFlag(subject),
}));

export const saasV2: Family = {
  name: 'saas-v2',
  scheme: 'query',
  keyClass: 'base',
  bodySign: 'required',
  activities: {
    newInstance,
    queryInstance,
    refreshInstance,
    updateInstanceStatus,
    releaseInstance,
    upgradeInstance,
    changeInstanceCheck,
  },
};
