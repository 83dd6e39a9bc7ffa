import { type Activity, type Family, testFlag } from './family.ts';

/*
 * Models of the vendor's model platform: at a customer's first subscription the marketplace asks for its key. Pages of
 * 2026-07-01: https://support.huaweicloud.com/usermanual-marketplace/zh-cn_topic_0000002624968699.html; they do not say
 * which class of key signs the call.
 */

const applyApikey: Activity = {
  answer: 'apikey',
  codes: ['000000'],
  mandatory: ['customerId', 'chargingMode', 'customerName'],
  members: (subject) => ({
    activity: 'applyApikey',
    chargingMode: 'ON_DEMAND',
    customerId: subject.customerId,
    customerName: 'demo-customer',
    ...testFlag(subject),
  }),
};

export const maas: Family = {
  name: 'maas',
  scheme: 'query',
  keyClass: 'base',
  orClass: 'general',
  bodySign: 'expected',
  activities: { applyApikey },
};
