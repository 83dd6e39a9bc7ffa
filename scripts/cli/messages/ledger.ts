import type { Sentences } from '../../language/sentence.ts';

/** What is done to single usage records by hand, and how imported instances are charged. English, Chinese. */
export const ledgerSentences = {
  'problem.force-alone': [
    '--force lets --repair set ends back; say both: koogate reconcile --repair --force',
    '--force 允许 --repair 把到期时间改早；请同时给出：koogate reconcile --repair --force',
  ],
  'usage.head.key': ['key', '键'],
  'usage.state.unadopted': ['not taken yet', '尚未受理'],
  'usage.by-hand': ['set aside by hand', '由人工搁置'],
  'usage.done.reject': [
    '{key} in {place} is rejected: it is not billed until it is requeued or reported anew',
    '{place} 中的 {key} 已被退回：在重新排队或重新上报之前不会计费',
  ],
  'usage.done.requeue': [
    '{key} in {place} is due now, as metering number {number}',
    '{place} 中的 {key} 现在待推送，话单流水号 {number}',
  ],
  'usage.is': ['Nothing was changed: {key} is {state}.', '未作改动：{key} 的状态是{state}。'],
  'usage.not-requeued': ['{key} stays rejected. {code}: {reason}', '{key} 仍为被退回状态。{code}：{reason}'],
  'usage.unknown': [
    'There is no record {key} of this product in {place}. koogate usage list --all shows the keys.',
    '{place} 中该商品没有话单 {key}。用 koogate usage list --all 查看键。',
  ],
  'usage.changed': [
    '{key} in {place} was changed by another process at the same moment. Look at it and try again.',
    '{place} 中的 {key} 同时被其他进程修改。请查看后重试。',
  ],
  'problem.usage-key': [
    'Expected the key of a record: <instance>#<begin>#<end>, as koogate usage list shows it.',
    '需要话单的键：<实例>#<开始>#<结束>，与 koogate usage list 显示的一致。',
  ],
  'import.no-charging': [
    'chargingMode is missing: usage of an instance can be billed only if it is known how it is charged',
    '缺少 chargingMode：只有知道实例的计费方式，才能对其用量计费',
  ],
  'import.charging': ['chargingMode is not one of {choices}', 'chargingMode 须为 {choices} 之一'],
} as const satisfies Sentences;
