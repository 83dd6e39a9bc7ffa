import type { Sentences } from '../../language/sentence.ts';

/** Orders that the stand-in gives out. English, Chinese. */
export const orderSentences = {
  'order.made': [
    '{orderId} ({orderType}): the stand-in gives it out from now on. Its line is {orderLineId}.',
    '{orderId}（{orderType}）：替身从现在起提供该订单。订单行为 {orderLineId}。',
  ],
  'problem.order': ['Order {order}: {reason}', '订单 {order}：{reason}'],
  'problem.pair': ['{name} takes name=value, not "{given}".', '{name} 应为 名称=值，而不是 "{given}"。'],
  'problem.stand-in': [
    'No stand-in of the marketplace answers at {at}. Start one with "koogate start", or correct --open-api.',
    '{at} 没有云商店替身应答。请用 koogate start 启动，或更正 --open-api。',
  ],
  'problem.stand-in-needed': [
    'No KooGate runs here whose stand-in could give out orders. Start it with "koogate start", or give --open-api URL.',
    '本机没有运行 KooGate，无替身可提供订单。请先 koogate start，或给出 --open-api URL。',
  ],
  'help.simulate-order': [
    `koogate simulate order: make an order that the stand-in gives out

Usage: koogate simulate order [NUMBER] [options]
       koogate simulate order --file FILE

The stand-in of the KooGate that runs here keeps it in orders.json of the data folder, which may be edited too. Then call the
server about it, with its number and line, e.g. koogate simulate upgradeInstance --real --param orderId=NUMBER …

  --type TYPE           NEW (default), TRIAL, TRIAL_TO_FORMAL, RENEW, CHANGE, UNSUBSCRIBE (a refund: negative amount)
  --charging MODE       PERIOD (default), ONE_TIME, ON_DEMAND, ON_DEMAND_PKG
  --product-id ID, --sku CODE, --seats NUMBER
  --amount TEXT, --amount-after-discount TEXT
  --period TYPE:NUMBER  e.g. month:3
  --expires TIME        UTC, yyyyMMddHHmmss
  --buyer NAME=VALUE    customerId, customerName, mobilePhone, email, userId, userName; again for more
  --form NAME=VALUE     answer of the purchase form; again for more
  --file FILE           JSON with any number of orders: {"CS1": {"skuCode": "small", "linearValue": 5}, "CS2": …}
  --open-api URL        another stand-in
  --json                prints the orders as JSON
  --lang en|zh          language; otherwise by locale (LANG)

Examples:
  koogate simulate order CS-1 --sku small --seats 5 --amount 1200 --form domain=acme
  koogate simulate order CS-2 --type CHANGE --sku large --seats 50`,
    `koogate simulate order：生成一个由替身提供的订单

用法：koogate simulate order [订单号] [选项]
      koogate simulate order --file 文件

本机运行的 KooGate 的替身把订单保存在数据文件夹的 orders.json 中，也可直接编辑。之后用订单号和订单行调用服务器，
例如 koogate simulate upgradeInstance --real --param orderId=订单号 …

  --type 类型           NEW（默认）、TRIAL、TRIAL_TO_FORMAL、RENEW、CHANGE、UNSUBSCRIBE（退款：金额为负）
  --charging 计费模式   PERIOD（默认）、ONE_TIME、ON_DEMAND、ON_DEMAND_PKG
  --product-id ID、--sku 规格、--seats 数量
  --amount 金额、--amount-after-discount 金额
  --period 类型:数量    例如 month:3
  --expires 时间        UTC，yyyyMMddHHmmss
  --buyer 名称=值       customerId、customerName、mobilePhone、email、userId、userName；可重复
  --form 名称=值        购买表单的填写内容；可重复
  --file 文件           含任意多个订单的 JSON：{"CS1": {"skuCode": "small", "linearValue": 5}, "CS2": …}
  --open-api URL        另一个替身
  --json                以 JSON 输出订单
  --lang en|zh          语言；默认依系统区域（LANG）

示例：
  koogate simulate order CS-1 --sku small --seats 5 --amount 1200 --form domain=acme
  koogate simulate order CS-2 --type CHANGE --sku large --seats 50`,
  ],
} as const satisfies Sentences;
