import type { Sentences } from '../language/sentence.ts';

/** Sentences on orders that the page makes in the open-API stub. English, Chinese. */
export const orderCardSentences = {
  'page.order': ['An order of the stand-in', '替身的订单'],
  'page.order.hint': [
    'The stand-in gives it out when the server asks for it: make it, then send the call with its number from Debugging. It is kept in orders.json of the data folder.',
    '服务器查询时由替身提供：先生成，再在“调试”中用该订单号发送调用。保存在数据文件夹的 orders.json 中。',
  ],
  'page.order.make': ['Make the order', '生成订单'],
  'page.order.made': [
    '{place} gives out {orderId} from now on; its line is {orderLineId}.',
    '{place} 从现在起提供 {orderId}；订单行为 {orderLineId}。',
  ],
  'page.order.field.orderId': ['orderId', 'orderId'],
  'page.order.field.orderType': [
    'Type: NEW, TRIAL, TRIAL_TO_FORMAL, RENEW, CHANGE or UNSUBSCRIBE',
    '类型：NEW、TRIAL、TRIAL_TO_FORMAL、RENEW、CHANGE 或 UNSUBSCRIBE',
  ],
  'page.order.field.skuCode': ['skuCode', 'skuCode'],
  'page.order.field.linearValue': ['Amount bought, e.g. seats', '购买数量，如用户数'],
  'page.order.field.amount': ['Amount of money (usual unless given)', '金额（默认常用值）'],
  'page.order.field.customerName': ['Buyer', '买家'],
  'page.order.field.form': ['Purchase form: name=value; name=value', '购买表单：名称=值; 名称=值'],
  'page.problem.order': ['The order cannot be made: {reason}', '无法生成订单：{reason}'],
  'page.problem.no-stand-in': [
    '{place} is no stand-in: orders can only be made at one.',
    '{place} 不是替身：只能在替身处生成订单。',
  ],
} as const satisfies Sentences;
