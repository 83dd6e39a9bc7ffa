import { beijingMillis } from '../protocol/times.ts';
import { type Activity, type Family, type Members, plain } from './family.ts';
import type { Subject } from './subject.ts';

/*
 * The joint-operation Kit: five calls, each at a path of its own below the production address; times in UTC+8, flags
 * as integers. V1 carries lists as JSON texts and a token in a header.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649434.html and …109.html to …113.html
 */

/** While a seller applies for a credential there is no order yet, so the instance is an empty text. */
function common(subject: Subject): Members {
  return {
    instanceId: subject.instanceId,
    tenantId: subject.tenantId,
    testFlag: subject.test ? 1 : 0,
    timeStamp: beijingMillis(subject.now),
  };
}

const USERS = [
  { userName: 'jdoe', name: 'J. Doe', orgCode: '100', role: 'admin', enable: 'true', email: 'jdoe@example.com' },
  { userName: 'lilei', name: '李雷', orgCode: '110', role: 'user', enable: 'true', mobile: '13800000000' },
];

const tenantSync = plain(['tenantId', 'flag', 'domainName'], (subject) => ({
  ...common(subject),
  domainName: 'https://acme.identity.example.com',
  flag: 1,
  name: '示例企业',
  orderId: subject.test ? '' : subject.orderId,
  tenantCode: 'acme',
}));

const applicationSync = plain(['tenantId', 'appId', 'clientId', 'clientSecret', 'flag'], (subject) => ({
  ...common(subject),
  appId: 'app-1001',
  clientId: 'c-7f31',
  clientSecret: subject.sealSecret('client-secret-0001'),
  flag: 1,
}));

const singleOrgSync = plain(['tenantId', 'orgCode', 'flag'], (subject) => ({
  ...common(subject),
  flag: 1,
  orgCode: '100',
  orgName: '研发部',
  parentCode: '',
}));

const authSync = (form: (users: typeof USERS) => unknown): Activity =>
  plain(['tenantId', 'appId', 'userList', 'flag'], (subject) => ({
    ...common(subject),
    appId: 'app-1001',
    currentSyncTime: beijingMillis(subject.now),
    flag: 1,
    userList: form(USERS),
  }));

const allOrgSyncV2 = plain(['tenantId', 'orgInfoList'], (subject) => ({
  ...common(subject),
  orgInfoList: [
    { orgCode: '100', orgName: '研发部', parentCode: '' },
    { orgCode: '110', orgName: 'Lab', parentCode: '100' },
  ],
}));

const allOrgSyncV1 = plain(['tenantId', 'orgInfo'], (subject) => ({
  ...common(subject),
  orgInfo: JSON.stringify([{ orgCode: '100', name: '研发部', parentCode: '' }]),
}));

export const kitV2: Family = {
  name: 'kit-v2',
  scheme: 'headers',
  keyClass: 'kit',
  path: '/produceAPI/v2/',
  bodySign: 'expected',
  activities: {
    tenantSync,
    applicationSync,
    authSync: authSync((users) => users),
    singleOrgSync,
    allOrgSync: allOrgSyncV2,
  },
};

export const kitV1: Family = {
  name: 'kit-v1',
  scheme: 'token-header',
  keyClass: 'kit',
  path: '/produceAPI/',
  bodySign: 'required',
  activities: {
    tenantSync,
    applicationSync,
    authSync: authSync((users) => JSON.stringify(users)),
    singleOrgSync,
    allOrgSync: allOrgSyncV1,
  },
};
