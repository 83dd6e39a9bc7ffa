import type { Source } from './measured.ts';

/** Something that the README claims, word for word, and what shows it. */
export interface Claim {
  readonly english: string;
  readonly chinese: string;
  /** Results by their source and title. */
  readonly shownBy: readonly (readonly [source: Source, title: string])[];
}

const SCHEDULES = 'each accepted change has its effect: once per key, in order, recorded by the holder alone';
const CRASH = 'killed at any await of accept, fulfil, complete: all is carried out, in order, once';
const LOAD = 'under load with duplicates and faults: nothing lost, nothing twice, no answer unsigned';
const PAIR = 'two servers on one table, one killed again and again: nothing lost, nothing twice, nothing unsigned';

/** Claims of the README, in its order. */
export const CLAIMS: readonly Claim[] = [
  {
    english:
      'An order line can only ever yield one instance id: the id is computed from the purchase, and accepting a call is a single conditional write.',
    chinese: '一个订单行永远只会产生一个实例 ID：该 ID 由购买信息计算得出，接受一次调用就是一次条件写入。',
    shownBy: [
      ['prove', SCHEDULES],
      ['prove', 'a worker that was overtaken does not overwrite the stored answer'],
      ['bench', 'DynamoDB calls, first'],
    ],
  },
  {
    english: '200 concurrent deliveries of one order give one instance and one run of your code.',
    chinese: '同一订单并发投递 200 次，也只得到一个实例，您的代码只运行一次。',
    shownBy: [['prove', 'concurrent deliveries of one order give one instance and one run of the seller’s code']],
  },
  {
    english:
      "What was answered with success waits in the instance's own item until your code has carried it out, in order, with retries and a stable idempotency key.",
    chinese:
      '凡是已应答成功的变更，都保存在该实例自己的数据项中，直到您的代码执行完毕；按顺序执行，失败重试，幂等键始终不变。',
    shownBy: [
      ['prove', CRASH],
      ['prove', LOAD],
      ['prove', PAIR],
    ],
  },
  {
    english: 'The route answers in one round trip to DynamoDB.',
    chinese: '路由只需与 DynamoDB 往返一次即可应答。',
    shownBy: [
      ['bench', 'DynamoDB calls, first'],
      ['bench', 'DynamoDB calls, repeat'],
      ['bench', 'DynamoDB calls, change'],
    ],
  },
  {
    english: 'Your code runs afterwards, or inline if you want it to.',
    chinese: '您的代码随后异步运行，也可设为内联运行。',
    shownBy: [['prove', SCHEDULES]],
  },
  {
    english: 'Credentials and personal data are sealed before they touch the table',
    chinese: '凭证与个人信息先加封存存再写入数据表',
    shownBy: [['prove', 'nothing in the table shows a credential, a phone number, an e-mail address or a key']],
  },
  {
    english: 'signatures are checked on the bytes as received',
    chinese: '验签以收到的原始字节为准',
    shownBy: [
      ['prove', 'verifiers take no forged signature, and throw nothing'],
      ['bench', 'wrong signature, 200 KB ÷ HMAC of its bytes'],
    ],
  },
  {
    english: 'every refusal is signed',
    chinese: '每个拒绝应答都带签名',
    shownBy: [
      ['prove', 'every refusal is signed'],
      ['prove', 'the route answers anything: no throw, no unsigned answer, bounded work'],
    ],
  },
  {
    english: 'logs hide keys, phone numbers and e-mail addresses.',
    chinese: '日志会隐去密钥、手机号和邮箱地址。',
    shownBy: [['prove', 'no log line shows a credential, a phone number, an e-mail address or a key']],
  },
  {
    english: 'What the marketplace is answered:',
    chinese: '对云商店的应答如下：',
    shownBy: [
      ['prove', 'concurrent calls over HTTP are answered as if each took place at one moment (life-cycle model)'],
    ],
  },
];
