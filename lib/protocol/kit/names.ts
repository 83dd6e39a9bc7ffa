/**
 * Every member that the pages of the Kit's V1 calls name: none of them may vanish inside another one's value.
 * Sources: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649109.html to …113.html
 */
export const KIT_MEMBER_NAMES: readonly string[] = [
  'appId',
  'clientId',
  'clientSecret',
  'currentSyncTime',
  'domainName',
  'flag',
  'instanceId',
  'name',
  'orderId',
  'orgCode',
  'orgInfo',
  'orgInfoList',
  'orgName',
  'parentCode',
  'tenantCode',
  'tenantId',
  'testFlag',
  'timeStamp',
  'userList',
];
