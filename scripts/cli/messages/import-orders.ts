import type { Sentence } from '../../language/sentence.ts';

/** Texts of `import --orders`. */
export const importOrderSentences: Readonly<Record<string, Sentence>> = {
  'problem.no-order-column': [
    '{path}: no column holds the numbers of orders. Name it by --column; the columns are: {heads}',
    '{path}：没有订单号一列。请用 --column 指明；现有的列：{heads}',
  ],
  'import.compared': [
    '{count} orders of the file compared with {place}; nothing was written.',
    '已将文件中的 {count} 个订单与 {place} 比对；未写入任何数据。',
  ],
  'import.all-known': ['Every order of the file is known here.', '文件中的订单在此处均有记录。'],
  'import.unknown-orders': [
    'Orders that nothing here is about. Compare each with the seller console; order query by: koogate order',
    '此处没有记录的订单。请在卖家中心逐一核对；查询订单：koogate order',
  ],
  'import.all-listed': ['Every instance has its order in the file.', '每个实例的订单都在文件中。'],
  'import.unlisted': [
    'Instances whose order the file lacks: of other times, perhaps, or of another seller account.',
    '文件中没有其订单的实例：可能属于其他时间段，或其他卖家账号。',
  ],
  'import.head.product': ['product', '商品'],
  'import.head.instance': ['instance', '实例'],
  'import.head.order': ['order', '订单'],
  'import.head.state': ['state', '状态'],
};
