import { spelledOut, utcSeconds } from '../protocol/times.ts';
import { type Family, plain, testFlag } from './family.ts';
import { newInstance, refreshInstance, releaseInstance, updateInstanceStatus } from './saas-v2.ts';
import { MOCK_ORDERS } from './subject.ts';

/*
 * License 2.0 callbacks (https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649167.html to …169),
 * online License (…251 to …255) and the order notification (…zh-cn_topic_0000002091799153.html).
 */

export const license2: Family = {
  name: 'license-2',
  scheme: 'query',
  keyClass: 'license',
  bodySign: 'expected',
  activities: {
    refreshLicenseCode: plain(['license', 'scene', 'orderId', 'orderLineId', 'expireTime'], (subject) => ({
      activity: 'refreshLicenseCode',
      expireTime: utcSeconds(subject.expiresAt),
      license: subject.license,
      orderId: subject.test ? MOCK_ORDERS.renew : subject.orderId,
      orderLineId: subject.test ? `${MOCK_ORDERS.renew}-000001` : subject.orderLineId,
      scene: 'RENEWAL',
      ...testFlag(subject),
    })),
    updateLicenseCodeStatus: plain(['license', 'status'], (subject) => ({
      activity: 'updateLicenseCodeStatus',
      license: subject.license,
      status: 'FREEZE',
      ...testFlag(subject),
    })),
    releaseLicenseCode: plain(['license'], (subject) => ({
      activity: 'releaseLicenseCode',
      license: subject.license,
      ...testFlag(subject),
    })),
  },
};

export const licenseOnline: Family = {
  name: 'license-online',
  scheme: 'query',
  keyClass: 'base',
  orClass: 'license',
  bodySign: 'required',
  activities: {
    newInstance,
    refreshInstance,
    updateInstanceStatus,
    releaseInstance,
    getLicenseAsync: plain(['instanceId', 'effectiveTime', 'eventId'], (subject) => ({
      activity: 'getLicenseAsync',
      deviceFingerprint: '00:00:5E:00:53:01|DISK-1|BOARD-1|CPU-1',
      effectiveTime: spelledOut(subject.now),
      eventId: subject.eventId,
      expireTime: spelledOut(subject.expiresAt),
      instanceId: subject.instanceId,
      ...testFlag(subject),
    })),
  },
};

export const orderNotify: Family = {
  name: 'order-notify',
  scheme: 'query',
  keyClass: 'general',
  bodySign: 'expected',
  activities: {
    orderNotify: plain(['orderId', 'orderLineId'], (subject) => ({
      activity: 'orderNotify',
      orderId: subject.orderId,
      orderLineId: subject.orderLineId,
      testFlag: subject.test ? '1' : '0',
    })),
  },
};
