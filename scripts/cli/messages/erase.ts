import type { Sentences } from '../../language/sentence.ts';
import { ACTING_EN, ACTING_ZH, PLACE_EN, PLACE_ZH, WITHOUT_STAGE_EN, WITHOUT_STAGE_ZH } from './place.ts';

/** Erasing a customer, and the state of keys. English, Chinese. */
export const eraseSentences = {
  'problem.erase-needed': [
    'Whom? koogate erase --customer ID, the id that the marketplace knows the customer by. See --help.',
    '删除谁？koogate erase --customer 客户ID，即云商店中的客户标识。见 --help。',
  ],
  'erase.nothing': ['Nothing is kept of this customer in {place}.', '{place} 中没有该客户的数据。'],
  'erase.still-sold': [
    'Nothing was erased: {ids} are still sold, or something waits there. Their orders are needed until the marketplace has released them.',
    '未删除任何数据：{ids} 仍在售或有待处理的变更。在云商店释放之前仍需要其订单。',
  ],
  'erase.would': [
    'Would be erased from {place}: what is kept of the customer in {instances} instances and {records} further records. Say --yes to erase it.',
    '将从 {place} 删除：{instances} 个实例及另外 {records} 条记录中该客户的数据。加 --yes 执行。',
  ],
  'erase.done': [
    'Erased from {place}: what was kept of the customer in {instances} instances, {records} further records and {texts} texts of histories.',
    '已从 {place} 删除：{instances} 个实例、另外 {records} 条记录及历史记录中 {texts} 段文本里该客户的数据。',
  ],
  'erase.told': ['{product}: your own code has erased what it keeps.', '{product}：您的代码已删除其保存的数据。'],
  'erase.hook-failed': [
    'Nothing was erased, since the seller’s side failed: {reason} Mend it and run the command again.',
    '未删除任何数据，因为卖家一侧失败：{reason} 请排除故障后重新执行。',
  ],
  'erase.untold': [
    '{product}: has neither a hook nor an event "erase": erase what your own system keeps there yourself.',
    '{product}：没有钩子或事件“erase”：请自行删除您的系统所保存的数据。',
  ],
  'erase.backups': ['Backups hold it until {until}.', '备份将保留至 {until}。'],
  'erase.own-backups': [
    'Backups hold it for as long as you keep backups of the database.',
    '数据库备份保留多久，备份中的数据就保留多久。',
  ],
  'keys-status.head.product': ['product', '商品'],
  'keys-status.head.class': ['class', '类别'],
  'keys-status.head.place': ['place', '位置'],
  'keys-status.head.fingerprint': ['fingerprint', '指纹'],
  'keys-status.head.kind': ['sealing', '封存'],
  'keys-status.head.kid': ['key', '密钥'],
  'keys-status.head.use': ['use', '用途'],
  'keys-status.newest': ['newest', '最新'],
  'keys-status.older': ['older', '较旧'],
  'keys-status.seals': ['seals', '用于封存'],
  'keys-status.needed': ['opens what was sealed before', '打开先前封存的数据'],
  'keys-status.spare': ['needed no more: nothing is sealed with it', '不再需要：没有数据由它封存'],
  'keys-status.mark': ['Everything was sealed anew at {at}.', '已于 {at} 重新封存全部数据。'],
  'keys-status.no-mark': [
    'Not everything has been sealed anew yet: koogate reseal.',
    '尚未重新封存全部数据：koogate reseal。',
  ],
  'help.erase': [
    `koogate erase: erase a customer from the live table

Usage: koogate erase --customer ID [--yes] [options]

Reads the whole table. Erased are sealed orders, credentials and licenses, free texts of histories, records of tenants and users,
the customer's key of models, and the pseudonym. Ids of orders and instances stay, and so does the chain of each history. Your own
code is told first, by its hook "erase", or your server by the event "erase". Exit code 1 if nothing is kept of the customer, or an instance is still sold.
${WITHOUT_STAGE_EN}

  --yes                 erases; without it the command says what would go
${ACTING_EN}
${PLACE_EN}

Examples:
  koogate erase --customer 05a1b2c3 --stage prod
  koogate erase --customer 05a1b2c3 --stage prod --yes`,
    `koogate erase：从在用数据表中删除某个客户的数据

用法：koogate erase --customer 客户ID [--yes] [选项]

读取全表。删除封存的订单、凭据与 License、历史记录中的文本、租户与用户记录、客户的模型密钥以及假名。订单与实例的标识保留，历史记录的链
也保持完整。先通过钩子“erase”通知您的代码，或通过事件“erase”通知您的服务器。没有该客户的数据或仍有在售实例时退出码为 1。
${WITHOUT_STAGE_ZH}

  --yes                 执行删除；不给出时仅说明将删除什么
${ACTING_ZH}
${PLACE_ZH}

示例：
  koogate erase --customer 05a1b2c3 --stage prod
  koogate erase --customer 05a1b2c3 --stage prod --yes`,
  ],
  'help.keys-status': [
    `koogate keys status: show which keys an installation has, when each verified last, and which may be removed

Usage: koogate keys status [options]

${WITHOUT_STAGE_EN} A fingerprint is the beginning of the SHA-256 of a key. Calls are counted by hour for five days. An
older access key may be removed once the newest has verified alone for a day, two dial tests long.

${PLACE_EN}

Examples:
  koogate keys status --stage prod`,
    `koogate keys status：显示安装所拥有的密钥、各自最近验签的时间，以及哪些可以删除

用法：koogate keys status [选项]

${WITHOUT_STAGE_ZH}指纹为密钥 SHA-256 的开头。调用按小时计数，保留五天。最新的接口密钥单独验签满一天（两次
拨测）后，较旧的即可删除。

${PLACE_ZH}

示例：
  koogate keys status --stage prod`,
  ],
} as const satisfies Sentences;
