import type { Sentence, Sentences } from '../../language/sentence.ts';

/** Sentences that both gateways have, by their names behind the kind. */
const EITHER: Readonly<Record<string, Sentence>> = {
  'forged.no-proof': ['a call without any proof was answered', '没有任何凭证的调用得到应答'],
  'forged.empty-proof': ['a call with an empty proof was answered', '凭证为空的调用得到应答'],
  'forged.empty-signature': ['a call with an empty signature was answered', '签名为空的调用得到应答'],
  'forged.cut-signature': ['a call with the beginning of its signature was answered', '签名只有开头的调用得到应答'],
  'forged.changed-signature': ['a call with a changed signature was answered', '签名被改动的调用得到应答'],
  'forged.other-secret': ['a call signed with another secret was answered', '用其他密钥值签名的调用得到应答'],
  'forged.other-key': ['a call with an unknown key was answered', '使用未知密钥的调用得到应答'],
  'forged.too-old': ['a call that was signed too long ago was answered', '签名时间过早的调用得到应答'],
  'forged.too-early': ['a call that was signed in the future was answered', '签名时间在未来的调用得到应答'],
  refused: ['the right call of the gateway was refused ({status})', '网关的正确调用被拒绝（{status}）'],
};

const ofBoth: Sentences = Object.fromEntries(
  Object.entries(EITHER).flatMap(([name, sentence]) =>
    ['api', 'agents'].map((kind) => [`gateway.${kind}.${name}`, sentence]),
  ),
);

/** Servers behind the marketplace's gateways. English, Chinese. */
export const gatewaySentences = {
  'problem.gateway-key': [
    'Say the key that you entered at the gateway, once: --key NAME=SECRET (signature key and secret, or APP Key and Secret).',
    '请给出在网关填写的密钥，仅一个：--key 名称=密钥值（签名密钥 Key 和 Secret，或 APP Key 和 APP Secret）。',
  ],
  'problem.gateway-report': [
    'For servers behind a gateway there is text or --json; --junit and --html are for the other kinds.',
    '网关后的服务器只有文本或 --json 报告；--junit 和 --html 用于其他种类。',
  ],
  'gateway.verdict.ready': [
    'READY: gateway calls alone are taken, and answers can be billed.',
    '通过：只接受网关的调用，应答可以计费。',
  ],
  'gateway.verdict.forgeable': [
    'NOT READY: calls that no gateway has made are answered ({count} ways).',
    '未通过：非网关发出的调用也得到应答（{count} 种方式）。',
  ],
  'gateway.verdict.refuses': [
    'NOT READY: the call of the gateway is refused. Compare key, secret, header and clock.',
    '未通过：网关的调用被拒绝。请核对密钥、密钥值、请求头和时钟。',
  ],
  'gateway.verdict.not-ready': ['NOT READY: {count} things are wrong.', '未通过：有 {count} 处错误。'],
  ...ofBoth,
  'gateway.api.forged.date-unsigned': [
    'a call whose date is not signed was answered: it can be repeated for ever',
    '日期未被签名的调用得到应答：可无限期重复',
  ],
  'gateway.api.forged.other-body': ['a call whose body was changed was answered', '正文被改动的调用得到应答'],
  'gateway.api.forged.other-query': ['a call whose query was changed was answered', '查询串被改动的调用得到应答'],
  'gateway.api.forged.payload-said-unsigned': [
    'UNSIGNED-PAYLOAD in a header that is not signed lets any body pass',
    '未签名的请求头中的 UNSIGNED-PAYLOAD 使任意正文通过',
  ],
  'gateway.agents.forged.algorithm-none': [
    'a token with the algorithm none was answered',
    '算法为 none 的令牌得到应答',
  ],
  'gateway.agents.forged.no-signature-part': [
    'a token without its signature was answered',
    '没有签名部分的令牌得到应答',
  ],
  'gateway.agents.forged.other-algorithm': [
    'a token with another algorithm was answered',
    '使用其他算法的令牌得到应答',
  ],
  'gateway.agents.forged.too-old-in-milliseconds': [
    'an old token with exp in milliseconds was answered: check timestamp too',
    'exp 为毫秒的过期令牌得到应答：还应检查 timestamp',
  ],
  'gateway.agents.forged.no-time': ['a token without any time was answered', '没有任何时间的令牌得到应答'],
  'gateway.crash': [
    'a call was answered {status}; the server must refuse it and go on',
    '调用得到 {status}；服务器应拒绝并继续运行',
  ],
  'gateway.refusal-status': [
    'forged calls are refused with {status}; 401 fits',
    '伪造的调用以 {status} 拒绝；应为 401',
  ],
  'gateway.form.few-headers': [
    'a call with no more than host and date signed was refused ({status}); no page says which headers are signed',
    '只签名 host 和日期的调用被拒绝（{status}）；没有页面说明签名哪些请求头',
  ],
  'gateway.form.more-headers': [
    'a call with further signed headers was refused ({status})',
    '签名更多请求头的调用被拒绝（{status}）',
  ],
  'gateway.form.no-blanks': [
    'Authorization without blanks behind its commas was refused ({status})',
    'Authorization 逗号后没有空格时被拒绝（{status}）',
  ],
  'gateway.form.unsigned-payload': [
    'a call with a signed UNSIGNED-PAYLOAD was refused ({status})',
    '已签名 UNSIGNED-PAYLOAD 的调用被拒绝（{status}）',
  ],
  'gateway.form.bare': [
    'a token without Bearer was refused ({status}); no page shows the header',
    '没有 Bearer 的令牌被拒绝（{status}）；没有页面展示该请求头',
  ],
  'gateway.form.exp-in-milliseconds': [
    'a token with exp in milliseconds was refused ({status}); no page names the unit',
    'exp 为毫秒的令牌被拒绝（{status}）；没有页面说明单位',
  ],
  'gateway.form.no-exp': ['a token without exp was refused ({status})', '没有 exp 的令牌被拒绝（{status}）'],
  'gateway.form.type-named': ['a token that names its type was refused ({status})', '注明类型的令牌被拒绝（{status}）'],
  'gateway.repeat-refused': [
    'the same call once more was refused ({status}); the gateway may repeat calls',
    '重复的同一调用被拒绝（{status}）；网关可能重复调用',
  ],
  'gateway.packed': [
    'the answer is compressed ({encoding}); nobody says that the gateway reads it',
    '应答经过压缩（{encoding}）；没有说明网关能够读取',
  ],
  'gateway.not-json': ['the answer is not a JSON object, so nothing can be billed', '应答不是 JSON 对象，无法计费'],
  'gateway.unbilled': ['the answer has none of the billed members: {names}', '应答中没有任何计费字段：{names}'],
  'gateway.not-a-number': ['{name} is not a whole number from 0', '{name} 不是从 0 开始的整数'],
  'gateway.total-missing': ['usage.total_tokens is missing', '缺少 usage.total_tokens'],
  'gateway.usage-repeated': [
    'the stream names quantities in {count} events; added up, the buyer pays more. One event at the end is right either way',
    '流中有 {count} 个事件带有数量；如果相加，买家会多付。只在末尾发送一个事件，两种方式都正确',
  ],
  'gateway.usage-not-last': [
    '{count} events come behind the quantities; a gateway may have stopped reading',
    '数量之后还有 {count} 个事件；网关可能已停止读取',
  ],
  'gateway.error-billed': [
    'a call that makes no sense was answered {status} with an error inside: the buyer pays for it',
    '无意义的调用得到 {status}，正文中是错误：买家会为此付费',
  ],
  'gateway.probe-silent': [
    'a HEAD without proof got no answer ({status}); the seller console’s check of the address may fail',
    '没有凭证的 HEAD 没有应答（{status}）；卖家中心的地址校验可能失败',
  ],
} as const satisfies Sentences;
