import type { Sentences } from '../../language/sentence.ts';
import { ACTING_EN, ACTING_ZH, PLACE_EN, PLACE_ZH, WITHOUT_STAGE_EN, WITHOUT_STAGE_ZH } from './place.ts';

const SOUGHT_EN = `  --line LINE           one line of the order
  --product NAME        only this product
  --scan                looks through the whole table if nothing is found: orders of renewals and upgrades too`;
const SOUGHT_ZH = `  --line 订单行         仅该订单行
  --product 名称        仅此商品
  --scan                未找到时查找全表：包括续费与变更的订单`;

/** Commands on what was sold: find, show, status, set-aside, audit. English, Chinese. */
export const operationsSentences = {
  'operations.scanned': ['{items} items read …', '已读取 {items} 项……'],
  'operations.unchained': [
    'The secret "hmac" is not there: what is done is recorded outside the chain.',
    '没有密钥“hmac”：操作将记录在链之外。',
  ],
  'problem.not-found': [
    'Nothing is known of {id}. --scan looks through the whole table.',
    '没有 {id} 的记录。可用 --scan 查找全表。',
  ],
  'problem.several': [
    '{id} stands for several instances: {ids}. Name one of them, or its line with --line.',
    '{id} 对应多个实例：{ids}。请指定其中之一，或用 --line 指定订单行。',
  ],
  'problem.find-needed': [
    'Find what? koogate find with the id of an instance, an order or an order line, or --customer ID. See --help.',
    '查找什么？koogate find 加实例、订单或订单行的标识，或 --customer 客户ID。见 --help。',
  ],
  'problem.show-needed': [
    'Show what? koogate show with the id of an instance, an order or an order line. See --help.',
    '查看什么？koogate show 加实例、订单或订单行的标识。见 --help。',
  ],
  'problem.set-aside-needed': [
    'Of which instance? koogate set-aside with the id of an instance, an order or an order line. See --help.',
    '哪个实例？koogate set-aside 加实例、订单或订单行的标识。见 --help。',
  ],
  'problem.no-customer-key': [
    'Customers cannot be found: the secret "hmac" is not there, or not for you.',
    '无法按客户查找：没有密钥“hmac”，或您无权读取。',
  ],
  'problem.no-audit-key': [
    'Histories cannot be verified: the secret "hmac" is not there, or not for you.',
    '无法验证历史记录：没有密钥“hmac”，或您无权读取。',
  ],
  'problem.audit-needed': [
    'Expected koogate audit verify, found "{given}".',
    '应为 koogate audit verify，而不是“{given}”。',
  ],
  'problem.until': [
    '--until "{given}" is not a time. Write it as 2026-01-31T00:00:00Z.',
    '--until“{given}”不是时间。格式如 2026-01-31T00:00:00Z。',
  ],
  'problem.root-until': [
    'A root belongs to a moment: give --until as it was printed with the root.',
    '根与时刻对应：请给出与根一同输出的 --until。',
  ],
  'find.no-index': [
    'This table has no index "order": --scan looks through the whole table.',
    '此表没有索引“order”：可用 --scan 查找全表。',
  ],
  'find.nothing': [
    'Nothing of {id} in {place}. --scan looks through the whole table.',
    '{place} 中没有 {id}。可用 --scan 查找全表。',
  ],
  'find.head.product': ['product', '商品'],
  'find.head.instance': ['instance', '实例'],
  'find.head.order': ['order', '订单'],
  'find.head.line': ['line', '订单行'],
  'find.head.state': ['state', '状态'],
  'find.head.wanted': ['wanted', '应为'],
  'find.head.bought': ['bought', '订购时间'],
  'find.head.expires': ['expires', '到期时间'],
  'find.head.waiting': ['waiting', '待处理'],
  'find.head.aside': ['set aside', '搁置'],
  'state.PENDING': ['pending', '处理中'],
  'state.ACTIVE': ['active', '正常'],
  'state.FROZEN': ['frozen', '冻结'],
  'state.RELEASED': ['released', '已释放'],
  'state.FAILED': ['failed', '失败'],
  'change.provision': ['purchase', '新购'],
  'change.cleanUp': ['clean-up', '清理'],
  'change.renew': ['renewal', '续费'],
  'change.freeze': ['freeze', '冻结'],
  'change.unfreeze': ['unfreeze', '解冻'],
  'change.upgrade': ['upgrade', '变更'],
  'change.release': ['release', '释放'],
  'change.orderNotified': ['order notice', '订单通知'],
  'change.issueLicense': ['issue of a license', '签发 License'],
  'change.deliverLicense': ['delivery of a license', '交付 License'],
  'change.tenant': ['tenant', '租户'],
  'change.application': ['application', '应用'],
  'change.user': ['user', '用户'],
  'change.department': ['department', '部门'],
  'change.departments': ['departments', '全量部门'],
  'outcome.done': ['done', '完成'],
  'outcome.moot': ['nothing to do', '无需处理'],
  'outcome.refused': ['refused', '拒绝'],
  'outcome.failed': ['failed', '失败'],
  'show.fact': ['{name}: {value}', '{name}：{value}'],
  'show.last-error': ['last attempt', '上次尝试'],
  'show.chain': ['history', '历史记录'],
  'show.chain.valid': ['chain valid', '链完整'],
  'show.chain.broken': ['CHAIN BROKEN: koogate audit verify says where', '链已损坏：用 koogate audit verify 查看位置'],
  'show.chain.unknown': ['not verified, the secret "hmac" is not there', '未验证，没有密钥“hmac”'],
  'show.waiting': ['Waits:', '待处理：'],
  'show.aside': ['Set aside:', '已搁置：'],
  'show.history': ['History:', '历史：'],
  'show.by': ['by {by}', '操作人 {by}'],
  'show.head.kind': ['change', '变更'],
  'show.head.accepted': ['accepted', '受理时间'],
  'show.head.orderId': ['order', '订单'],
  'show.head.id': ['idempotency key', '幂等键'],
  'show.head.reason': ['reason', '原因'],
  'show.head.at': ['at', '时间'],
  'show.head.outcome': ['outcome', '结果'],
  'show.head.attempt': ['attempt', '尝试'],
  'status.place': ['What waits in {place}:', '{place} 的待处理项：'],
  'status.none-fails': ['Nothing fails.', '没有失败的变更。'],
  'status.fails': ['Fails, what closes first on top:', '正在失败，最先截止者在上：'],
  'status.no-usage': ['No usage waits.', '没有待推送的用量。'],
  'status.usage': [
    '{records} usage records wait; the marketplace takes the oldest until {deadline}.',
    '{records} 条用量待推送；云商店接收最早一条的期限为 {deadline}。',
  ],
  'status.head.product': ['product', '商品'],
  'status.head.waiting': ['waiting', '待处理'],
  'status.head.failing': ['failing', '失败中'],
  'status.head.oldest': ['oldest', '最早受理'],
  'status.head.id': ['id', '标识'],
  'status.head.kind': ['change', '变更'],
  'status.head.attempts': ['attempts', '尝试次数'],
  'status.head.next': ['next attempt', '下次尝试'],
  'status.head.closes': ['window closes', '窗口截止'],
  'status.head.reason': ['reason', '原因'],
  'status.head.aside': ['set aside', '搁置'],
  'status.head.failed-purchases': ['failed purchases', '失败的新购'],
  'set-aside.reason': ['set aside by an operator', '由运维人员搁置'],
  'set-aside.done': [
    '{id}: set aside: {kind} (idempotency key {key}). koogate retry queues it again.',
    '{id}：已搁置：{kind}（幂等键 {key}）。可用 koogate retry 重新排队。',
  ],
  'set-aside.unknown': ['{id} is gone.', '{id} 已不存在。'],
  'set-aside.nothing': ['{id}: nothing waits.', '{id}：没有待处理的变更。'],
  'set-aside.purchase': [
    '{id}: a purchase is not set aside by hand: it fails by itself when its window closes.',
    '{id}：新购不能手动搁置：窗口截止后会自行失败。',
  ],
  'set-aside.release': [
    '{id}: a release is not set aside: the marketplace has ended the instance.',
    '{id}：释放不能搁置：云商店已终止该实例。',
  ],
  'set-aside.busy': ['{id}: an attempt is under way. Try again in a moment.', '{id}：正在执行一次尝试，请稍后再试。'],
  'audit.counted': [
    '{place}: {items} items with a history; {counted} entries in chains, {uncounted} that do not count, {outside} outside any chain.',
    '{place}：{items} 项有历史记录；链中 {counted} 条，不计入 {uncounted} 条，链外 {outside} 条。',
  ],
  'audit.altered': ['{pk} {sk}: entry {n} was altered.', '{pk} {sk}：第 {n} 条被更改。'],
  'audit.missing': ['{pk} {sk}: entry {n} is missing.', '{pk} {sk}：第 {n} 条缺失。'],
  'audit.cut-off': [
    '{pk} {sk}: entry {n} was cut off: its change waits no longer, and the history ends before it.',
    '{pk} {sk}：第 {n} 条被截断：其变更已不再等待，而历史记录在其之前结束。',
  ],
  'audit.root': ['Root until {until}: {root}', '截至 {until} 的根：{root}'],
  'audit.other-root': ['The root given is another one: {given}', '给出的根与之不同：{given}'],
  'audit.whole': ['Every history is whole.', '所有历史记录完整。'],
  'audit.broken': ['Something was changed, dropped, moved or cut off.', '有记录被更改、删除、移动或截断。'],

  'help.find': [
    `koogate find: find instances by what a customer can name

Usage: koogate find ID [options]            an instance, an order or an order line
       koogate find --customer ID           a customer of the marketplace

${WITHOUT_STAGE_EN} Orders are found by an index, customers by a keyed pseudonym that is
kept once their order has been read. Exit code 1 if nothing is found.

${SOUGHT_EN}
${PLACE_EN}

Examples:
  koogate find CS2601010930
  koogate find CS2601010930-000001 --stage prod
  koogate find --customer 05a1b2c3 --stage prod --json`,
    `koogate find：按客户能说出的标识查找实例

用法：koogate find 标识 [选项]              实例、订单或订单行
      koogate find --customer 客户ID        云商店的客户

${WITHOUT_STAGE_ZH}订单通过索引查找；客户通过带密钥的假名查找，该假名在读取其订单后保存。
未找到时退出码为 1。

${SOUGHT_ZH}
${PLACE_ZH}

示例：
  koogate find CS2601010930
  koogate find CS2601010930-000001 --stage prod
  koogate find --customer 05a1b2c3 --stage prod --json`,
  ],
  'help.show': [
    `koogate show: show one instance: its state, what waits, what was set aside, and its history

Usage: koogate show ID [options]            an instance, an order or an order line

${WITHOUT_STAGE_EN} Nothing sealed is opened. With the secret "hmac" the history is verified.

${SOUGHT_EN}
${PLACE_EN}

Examples:
  koogate show CS2601010930 --stage prod`,
    `koogate show：查看一个实例：状态、待处理、已搁置的变更与历史

用法：koogate show 标识 [选项]              实例、订单或订单行

${WITHOUT_STAGE_ZH}不打开任何封存数据。有密钥“hmac”时会验证历史记录。

${SOUGHT_ZH}
${PLACE_ZH}

示例：
  koogate show CS2601010930 --stage prod`,
  ],
  'help.status': [
    `koogate status: show how near trouble is: what waits and fails, delisting figures, calls of 24 hours, keys, alarms

Usage: koogate status [options]

${WITHOUT_STAGE_EN} Read from the index of what waits and 120 counters a product, so it costs little. Exit code 1 if something fails.

  --all                 also counts what was set aside and which purchases failed: reads the whole table
${PLACE_EN}

Examples:
  koogate status --stage prod`,
    `koogate status：查看离麻烦有多远：待处理与失败的变更、下架数字、24 小时的调用、密钥与告警

用法：koogate status [选项]

${WITHOUT_STAGE_ZH}读取待处理索引，开销很小。有失败时退出码为 1。

  --all                 同时统计已搁置的变更与失败的新购：读取全表
${PLACE_ZH}

示例：
  koogate status --stage prod`,
  ],
  'help.set-aside': [
    `koogate set-aside: set aside the change that an instance is stuck at, so that what waits behind it goes on

Usage: koogate set-aside ID [options]       an instance, an order or an order line

${WITHOUT_STAGE_EN} Neither purchases nor releases are set aside. koogate retry queues it again.
Exit code 1 if nothing was set aside.

${ACTING_EN}
${SOUGHT_EN}
${PLACE_EN}

Examples:
  koogate set-aside CS2601010930 --stage prod --why "customer agreed to wait"`,
    `koogate set-aside：搁置阻塞实例的变更，使其后的变更继续

用法：koogate set-aside 标识 [选项]         实例、订单或订单行

${WITHOUT_STAGE_ZH}新购与释放不能搁置。koogate retry 可重新排队。
没有搁置任何变更时退出码为 1。

${ACTING_ZH}
${SOUGHT_ZH}
${PLACE_ZH}

示例：
  koogate set-aside CS2601010930 --stage prod --why "customer agreed to wait"`,
  ],
  'help.audit': [
    `koogate audit: verify the histories of all items

Usage: koogate audit verify [options]

Follows each chain from its head to its first entry. An entry that was altered, dropped, moved or cut off is named. The root covers the
heads of all chains as they were at a moment: write it down elsewhere, and give it later with that moment. Exit code 1 if a
history is broken or the root is another one. ${WITHOUT_STAGE_EN}

  --until TIME          the moment of the root, as 2026-01-31T00:00:00Z; otherwise now
  --root HEX            a root that was printed before with that moment
${PLACE_EN}

Examples:
  koogate audit verify --stage prod
  koogate audit verify --stage prod --until 2026-01-31T00:00:00Z --root 5f0c…`,
    `koogate audit：验证所有历史记录

用法：koogate audit verify [选项]

从链头逐条核对至首条记录，指出被更改、删除、移动或截断的记录。根覆盖某一时刻所有链的链头：请另行保存，日后连同该时刻给出。
历史记录损坏或根不同时退出码为 1。${WITHOUT_STAGE_ZH}

  --until 时间          根的时刻，如 2026-01-31T00:00:00Z；默认为当前
  --root 十六进制       先前与该时刻一同输出的根
${PLACE_ZH}

示例：
  koogate audit verify --stage prod
  koogate audit verify --stage prod --until 2026-01-31T00:00:00Z --root 5f0c…`,
  ],
} as const satisfies Sentences;
