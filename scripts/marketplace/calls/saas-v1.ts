import { utcMillis, utcSeconds } from '../protocol/times.ts';
import { type Activity, type Family, type Members, plain, testFlag } from './family.ts';
import type { Subject } from './subject.ts';

/*
 * SaaS base interfaces V1.0 and License 1.0: GET, everything in the query, personal values encrypted.
 * Source: https://support.huaweicloud.com/intl/zh-cn/accessg-marketplace/zh-cn_topic_0070649013.html and …182376880.html
 */

function common(activity: string, subject: Subject): Members {
  return { activity, timeStamp: utcMillis(subject.now), ...testFlag(subject) };
}

/** The numbers for periodic and one-time are documented, those for the other modes are not. */
function charged({ charging }: Subject): Members {
  if (charging === 'once') return { chargingMode: '3' };
  if (charging !== 'period' && charging !== 'trial') return {};
  return { chargingMode: '1', periodType: charging === 'trial' ? 'day' : 'year', periodNumber: '1' };
}

const newInstance: Activity = {
  answer: 'instance-with-access',
  codes: ['000000'],
  mandatory: ['orderId', 'customerId', 'productId'],
  members: (subject) => ({
    ...common('newInstance', subject),
    businessId: subject.businessId,
    customerId: subject.customerId,
    customerName: '演示客户',
    email: subject.seal('buyer@example.com'),
    mobilePhone: subject.seal('13800000000'),
    ...charged(subject),
    ...(subject.charging !== 'on-demand' && { expireTime: utcSeconds(subject.expiresAt) }),
    ...(subject.charging === 'trial' && { trialFlag: '1' }),
    orderAmount: '0.010',
    orderId: subject.orderId,
    productId: subject.productId,
    provisionType: '1',
    skuCode: subject.skuCode,
    saasExtendParams: Buffer.from(JSON.stringify([{ name: 'emailDomainName', value: 'example.com' }])).toString(
      'base64',
    ),
    userId: 'demo-user-1',
    userName: 'demo-user',
  }),
};

const refreshInstance = plain(['instanceId', 'orderId', 'expireTime'], (subject) => ({
  ...common('refreshInstance', subject),
  expireTime: utcSeconds(subject.expiresAt),
  instanceId: subject.instanceId,
  orderId: subject.orderId,
  periodNumber: '1',
  periodType: 'year',
}));

const expireInstance = plain(['instanceId'], (subject) => ({
  ...common('expireInstance', subject),
  instanceId: subject.instanceId,
  orderId: subject.orderId,
}));

const releaseInstance = plain(['instanceId'], (subject) => ({
  ...common('releaseInstance', subject),
  instanceId: subject.instanceId,
  orderId: subject.orderId,
}));

const upgrade = plain(['instanceId', 'orderId', 'productId', 'skuCode'], (subject) => ({
  ...common('upgrade', subject),
  amount: '20',
  instanceId: subject.instanceId,
  orderId: subject.orderId,
  productId: subject.productId,
  skuCode: subject.skuCode,
}));

const instanceStatus = plain(['instanceId', 'instanceStatus'], (subject) => ({
  ...common('instanceStatus', subject),
  instanceId: subject.instanceId,
  instanceStatus: 'FREEZE',
}));

const queryInstance: Activity = {
  answer: 'instances',
  codes: ['000000'],
  mandatory: ['instanceId'],
  members: (subject) => ({ ...common('queryInstance', subject), instanceId: subject.instanceId }),
};

export const saasV1: Family = {
  name: 'saas-v1',
  scheme: 'token',
  keyClass: 'base',
  bodySign: 'required',
  activities: { newInstance, queryInstance, refreshInstance, expireInstance, releaseInstance, upgrade, instanceStatus },
};

/** Offline for new products; two of its parameter tables are not public, so those calls are as V1.0's. */
export const license1: Family = {
  name: 'license-1',
  scheme: 'token',
  keyClass: 'base',
  orClass: 'license',
  bodySign: 'required',
  activities: {
    getLicense: {
      answer: 'instance',
      codes: ['000000'],
      mandatory: ['orderId', 'customerId'],
      members: (subject) => ({
        ...common('getLicense', subject),
        businessId: subject.businessId,
        customerId: subject.customerId,
        customerName: '演示客户',
        orderId: subject.orderId,
        productId: subject.productId,
      }),
    },
    refreshLicense: plain(['instanceId', 'orderId'], (subject) => ({
      ...refreshInstance.members(subject),
      activity: 'refreshLicense',
    })),
    expireLicense: plain(['instanceId'], (subject) => ({
      ...expireInstance.members(subject),
      activity: 'expireLicense',
    })),
    releaseLicense: plain(['instanceId'], (subject) => ({
      ...releaseInstance.members(subject),
      activity: 'releaseLicense',
    })),
  },
};
