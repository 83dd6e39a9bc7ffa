import type { Sentences } from '../../language/sentence.ts';
import { PLACE_EN, PLACE_ZH, WITHOUT_STAGE_EN, WITHOUT_STAGE_ZH } from './place.ts';

/** Texts on single usage records, and how imported instances are charged. English, Chinese. */
export const ledgerSentences = {
  'parameters.deleted': ['deleted  {name}', '已删除  {name}'],
  'parameters.to-delete': ['to delete {name}', '待删除  {name}'],
  'reseal.progress': [
    '{items} items looked at, {resealed} values sealed anew',
    '已检查 {items} 项，重新封存 {resealed} 个值',
  ],
  'reseal.done': [
    '{place}: {items} items with {values} sealed values, {resealed} of them sealed anew',
    '{place}：{items} 项中有 {values} 个封存值，其中 {resealed} 个已重新封存',
  ],
  'reseal.unopened': [
    'not sealed anew: no key opens {pk} {sk}, or it was sealed for another item',
    '未重新封存：没有密钥能打开 {pk} {sk}，或它是为另一项封存的',
  ],
  'reseal.left': [
    '{left} values are in use right now. Run this again in a few minutes; older keys are needed until then.',
    '有 {left} 个值正在使用。请几分钟后再次运行；在此之前仍需要旧密钥。',
  ],
  'reseal.marked': [
    'Everything is sealed under {kids}, each value for its item. Older keys can go: take them out of the secrets file, and run koogate parameters.',
    '所有数据都已用 {kids} 封存，且各值只属于其所在的项。旧密钥可以删除：请从密钥文件中移除，再运行 koogate parameters。',
  ],
  'help.reseal': [
    `koogate reseal: seal everything anew under the newest keys, each value for the item that holds it

Usage: koogate reseal [options]

Needs all sealing keys of the installation. Running it again goes on where it was broken off. Start it an hour after a
new key was put in front, and after every function runs the new version: then nothing seals in the old way any more.
${WITHOUT_STAGE_EN}
Exit code 1 if something is left.

${PLACE_EN}

Examples:
  koogate reseal
  koogate reseal --stage prod`,
    `koogate reseal：用最新的密钥重新封存所有数据，使每个值只属于其所在的项

用法：koogate reseal [选项]

需要该安装的全部封存密钥。再次运行会从中断处继续。请在新密钥置于最前一小时之后、且所有函数都已运行新版本时再运行：
那时不会再有数据以旧方式封存。
${WITHOUT_STAGE_ZH}
仍有剩余时退出码为 1。

${PLACE_ZH}

示例：
  koogate reseal
  koogate reseal --stage prod`,
  ],
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
