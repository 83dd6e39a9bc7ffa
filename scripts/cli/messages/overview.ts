import type { Sentence } from '../../language/sentence.ts';

/** Texts of the picture that `status` and `keys status` give. */
export const overviewSentences: Readonly<Record<string, Sentence>> = {
  'status.cut': [
    'More waits than was read: the figures above are what they are at least.',
    '待处理项过多，未全部读取：以上数字为下限。',
  ],
  'status.delisting': [
    'How near trouble is (month since {since}). The sixth failed order of a month may delist; the fifth failed day in a row freezes trading.',
    '距下架还有多远（本月自 {since} 起）。一个月内第六个失败订单可能导致下架；连续第五天拨测失败将冻结交易。',
  ],
  'status.at-least': ['at least {count} of {most}', '至少 {count}/{most}'],
  'status.of': ['{count} of {most}', '{count}/{most}'],
  'status.no-test': ['none within five days', '五天内没有'],
  'status.unseen': ['What cannot be seen from here:', '此处无法得知：'],
  'status.calls': [
    'Calls of the last 24 hours, one column an hour, the hour that runs last:',
    '最近 24 小时的调用，每列一小时，最后一列为当前小时：',
  ],
  'status.slower': ['slower', '更慢'],
  'status.no-keys': ['No access key has verified a call within five days.', '五天内没有接口密钥验证过调用。'],
  'status.no-alarms': ['No alarm is open.', '没有未关闭的告警。'],
  'status.alarms': ['Alarms that are open: {alarms}', '未关闭的告警：{alarms}'],
  'status.head.failed-orders': ['failed orders', '失败订单'],
  'status.head.failed-days': ['failed days in a row', '连续失败天数'],
  'status.head.last-test': ['last dial test', '最近一次拨测'],
  'status.head.verified': ['verified', '验签通过'],
  'status.head.unverified': ['unverified', '验签未过'],
  'status.head.answers': ['answers', '应答'],
  'status.head.latency': ['time taken', '耗时'],
  'status.head.hours': ['by hour', '按小时'],
  'status.head.class': ['class', '类别'],
  'status.head.fingerprint': ['fingerprint', '指纹'],
  'status.head.place': ['place', '位置'],
  'status.head.last-seen': ['verified last', '最近验签'],
  'status.head.removable': ['may be removed', '可否删除'],
  'keys-status.head.last-seen': ['verified last', '最近验签'],
  'keys-status.head.removable': ['may be removed', '可否删除'],
  'keys-status.never': ['not within five days', '五天内没有'],
  'keys-status.since': ['since {at}', '自 {at} 起可以'],
  'keys-status.not-yet': [
    'not yet: only after the newest has verified alone for a day',
    '暂不可：须最新密钥单独验签满一天',
  ],
};
