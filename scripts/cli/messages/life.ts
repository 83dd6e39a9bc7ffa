import type { Sentences } from '../../language/sentence.ts';
import { targetHelp } from './help.ts';

/** Sentences on what happens in a life, and why. English, Chinese. */
export const lifeSentences = {
  'life.title': [
    'Life of a purchase: {family}, {charging}, at {at} ({speed} times as fast, seed {seed})',
    '订购的一生：{family}，{charging}，{at}（{speed} 倍速，种子 {seed}）',
  ],
  'life.day': ['day {day}', '第 {day} 天'],
  'life.repeat': ['retry', '重试'],
  'life.twin': ['at the same time', '同时到达'],
  'life.late': ['too late', '迟到'],
  'life.ignored': ['not carried out', '未执行'],
  'life.restart': ['restarted by hand', '手动重新启动'],
  'life.poll': ['polled', '轮询'],
  'life.dial-test': ['dial test', '拨测'],
  'life.gave-up': ['automatic unsubscription', '自动退订'],
  'life.lost': ['answer lost', '响应丢失'],
  'life.sum': [
    '{calls} entries; failed orders {failedOrders}; days with failing dial tests {failedDays} ({run} in a row); calls left undone {leftUndone}; purchases mixed up or changes not carried out {ignored}',
    '{calls} 条记录；失败订单 {failedOrders}；拨测失败 {failedDays} 天（连续 {run} 天）；未完成调用 {leftUndone}；混淆的订购或未执行的变更 {ignored}',
  ],
  'life.no-orders': [
    'No stand-in gave out the orders (koogate start, or --open-api): whether the server asks for them was not seen.',
    '没有替身提供订单（koogate start 或 --open-api）：未能看到服务器是否查询订单。',
  ],
  'life.no-state': [
    'Nothing tells what is stored (--state or --state-table): whether changes were carried out was not seen.',
    '无法查看存储的状态（--state 或 --state-table）：未能看到变更是否已执行。',
  ],
  'life.good': ['The marketplace would have nothing to complain about.', '云商店无可挑剔。'],
  'life.bad': ['The marketplace would have something to complain about.', '云商店会有意见。'],
  'life.sanction.trading-frozen': [
    'SANCTION: {run} consecutive failing days: trading frozen, product hidden (5 are enough).',
    '处罚：连续 {run} 天拨测失败：冻结交易、隐藏商品（5 天即触发）。',
  ],
  'life.sanction.delisting': [
    'SANCTION: {month} failed orders in a month: delisting (more than 5 are enough).',
    '处罚：一个月内 {month} 个订单失败：下架（超过 5 个即触发）。',
  ],
  'life.why.bought': ['bought', '订购'],
  'life.why.subscribed': ['first model subscribed', '首次订阅模型'],
  'life.why.subscribed-again': ['subscribed once more', '再次订阅'],
  'life.why.late': ['a repeat after the release', '释放之后的重复调用'],
  'life.why.bought-again': ['the same buyer buys again', '同一买家再次订购'],
  'life.why.second-id': [
    'ANOTHER instanceId: a second instance of one purchase',
    '另一个 instanceId：同一订购产生了第二个实例',
  ],
  'life.why.same-id': ['the instanceId of a purchase that was given back', '返回了已退订订购的 instanceId'],
  'life.why.not-asked': [
    'the order {orderId} was never asked for: the server cannot know what was bought',
    '从未查询订单 {orderId}：服务器无法知道订购了什么',
  ],
  'life.why.not-done': [
    'answered with success and not carried out: {member} has to be {wanted} and is {found}',
    '返回成功但未执行：{member} 应为 {wanted}，实际为 {found}',
  ],
  'life.why.tried': ['trial begins', '开始试用'],
  'life.why.opened': ['the buyer opens the resource', '买家打开资源页面'],
  'life.why.usage': ['the buyer looks at the usage', '买家查看用量'],
  'life.why.asked': ['may it be changed?', '询问是否可变更'],
  'life.why.upgraded': ['upgraded', '升级'],
  'life.why.renewed': ['renewed', '续费'],
  'life.why.converted': ['trial converted', '试用转正'],
  'life.why.withdrawn': ['renewal withdrawn', '退续费'],
  'life.why.expired': ['expired', '到期'],
  'life.why.debt': ['in debt', '欠费'],
  'life.why.thawed': ['paid again', '重新付费'],
  'life.why.retention': ['past retention', '超过保留期'],
  'life.why.refunded': ['unsubscribed', '退订'],
  'life.why.given-up': ['order given up', '订单失败'],
  'life.why.polled': ['waiting for the instance', '等待实例就绪'],
  'life.why.bound': ['bound to an enterprise', '绑定企业'],
  'life.why.authorised': ['users authorised', '授权用户'],
  'life.why.renamed': ['department renamed', '部门更名'],
  'life.why.left': ['a user left', '用户离开'],
  'life.why.unbound': ['enterprise unbound', '解除企业绑定'],
  'life.why.licence': ['licence applied for', '申请 License'],
  'life.why.licence-again': ['the same application again', '重复申请'],
  'life.why.paid': ['order paid', '订单已付款'],
  'problem.share': ['{name} takes a share from 0 up to, not including, 1.', '{name} 应为 0 到 1（不含 1）之间的比例。'],
  'problem.life-real': [
    '{at} is not on this machine. A life consists of real purchases: say --real if the server is yours and may be tried.',
    '{at} 不在本机。生命周期模拟会发起真实订购：若该服务器属于你且允许测试，请加 --real。',
  ],
  'help.life': [
    `koogate simulate life: a purchase's whole life

Usage: koogate simulate life [--family NAME] [--at URL] [--key CLASS=VALUE] [options]

Plays what the marketplace does: buys, polls until the instance is ready, renews, upgrades, freezes at expiry, thaws,
releases, and buys again; delivers first calls twice at once; calls again by its retry tables when an answer fails or takes more than five seconds; gives an order up and
unsubscribes it after the window; replays the debugging cases twice a day; counts what leads to sanctions. Days fly by,
and expiry times shrink along with them, so that the server's clock agrees.

  --family NAME         saas-v2 (default), joint, saas-v1, license-2, license-online, order-notify, maas
  --charging MODE       period (default), trial, once, on-demand, package
  --purchases NUMBER    how many (default 1)
  --speed NUMBER|real   virtual seconds in a real one (default 86400: a day a second); real: the real schedule
  --retries WHICH       two-minutes (default) or hourly: documents disagree about creations of V2.0
  --loss SHARE          share of good answers that get lost, so that the call comes again (default 0.1)
  --seed NUMBER         repeats the losses of an earlier run
  --limit MS            time limit of an answer (default 5000)
  --patience MS         real time an instance may take to be ready (default 20000)
  --no-dial-tests       leaves the dial tests out
  --order FILE          JSON: what the orders of purchase, upgrade and renewal say, as "koogate simulate order" has it, e.g.
                        {"purchase": {"skuCode": "small", "linearValue": 5}, "upgrade": {"linearValue": 50}}
  --open-api URL        the stand-in that the server asks for orders (found by itself where KooGate runs here)
  --state URL           tells what is stored about {instanceId}, as JSON: state ACTIVE, FROZEN, RELEASED or NONE, expiresAt,
                        and if you like skuCode and seats; then each change has to show there
  --state-table NAME, --endpoint URL, --database URL   KooGate's own table in place of --state (found by itself)
  --real                needed for servers on other machines
${targetHelp.en}

Examples:
  koogate simulate life --product demo
  koogate simulate life --family saas-v1 --at http://localhost:8080/saas --key base=3f0a… --speed 864000
  koogate simulate life --product demo --charging trial --purchases 3 --loss 0.3 --seed 7`,
    `koogate simulate life：模拟一笔订购的完整生命周期

用法：koogate simulate life [--family 接口族] [--at URL] [--key 类别=值] [选项]

模拟云商店的行为：订购、轮询直到实例就绪、续费、升级、到期冻结、解冻、释放；响应失败或超过五秒时
按重试表再次调用；超出时间窗后放弃订单并自动退订；每天两次拨测；累计会导致处罚的次数。
时间被压缩，到期时间随之缩短，与服务器时钟保持一致。

  --family 接口族       saas-v2（默认）、joint、saas-v1、license-2、license-online、order-notify、maas
  --charging 计费模式   period（默认）、trial、once、on-demand、package
  --purchases 数量      订购数量（默认 1）
  --speed 数字|real     一秒对应的虚拟秒数（默认 86400，即一秒一天）；real 为真实时间表
  --retries 方式        two-minutes（默认）或 hourly：文档对 V2.0 创建的重试说法不一
  --loss 比例           丢失成功响应的比例，使调用再次到达（默认 0.1）
  --seed 数字           重现之前的丢失
  --limit 毫秒          响应时限（默认 5000）
  --patience 毫秒       等待实例就绪的真实时间（默认 20000）
  --no-dial-tests       不做拨测
  --order 文件          JSON：订购、升级、续费订单的内容，格式同 koogate simulate order，例如
                        {"purchase": {"skuCode": "small", "linearValue": 5}, "upgrade": {"linearValue": 50}}
  --open-api URL        服务器查询订单所用的替身（本机运行 KooGate 时自动找到）
  --state URL           以 JSON 给出 {instanceId} 的存储状态：state 为 ACTIVE、FROZEN、RELEASED 或 NONE，expiresAt，
                        以及可选的 skuCode、seats；每次变更都必须在此体现
  --state-table 名称、--endpoint URL、--database URL   以 KooGate 自己的表代替 --state（自动找到）
  --real                非本机服务器必须给出
${targetHelp.zh}

示例：
  koogate simulate life --product demo
  koogate simulate life --family saas-v1 --at http://localhost:8080/saas --key base=3f0a… --speed 864000
  koogate simulate life --product demo --charging trial --purchases 3 --loss 0.3 --seed 7`,
  ],
} as const satisfies Sentences;
