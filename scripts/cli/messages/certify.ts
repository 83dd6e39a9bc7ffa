import type { Sentences } from '../../language/sentence.ts';

/** Findings of a certification. English, Chinese. */
export const certifySentences = {
  'finding.repeat-refused': [
    'the same case passed at first and was refused when it came again ({code})',
    '同一用例首次通过，再次调用时被拒绝（{code}）',
  ],
  'finding.order-dependent': [
    'the case passes alone, but not after other cases ({code}): its answer depends on stored state',
    '该用例单独通过，但在其他用例之后失败（{code}）：响应依赖了已存状态',
  ],
  'finding.new-id-each-time': [
    'the same call got another instanceId when it came again',
    '同一调用再次到达时返回了不同的 instanceId',
  ],
  'finding.answer-changed': [
    'the same call got other instance data when it came again',
    '同一调用再次到达时返回了不同的实例信息',
  ],
  'finding.wrong-key-accepted': [
    'a call signed with a key nobody knows was accepted: signatures are not checked',
    '用未知密钥签名的调用被接受：未校验签名',
  ],
  'finding.wrong-class-accepted': [
    'a call signed with the key of another interface class was accepted',
    '用其他类别密钥签名的调用被接受',
  ],
  'finding.tampered-accepted': ['a call that was changed after it was signed was accepted', '签名后被篡改的调用被接受'],
  'finding.unsigned-accepted': ['a call without a signature was accepted', '没有签名的调用被接受'],
  'finding.no-timestamp-accepted': ['a call without a timestamp was accepted', '没有 timestamp 的调用被接受'],
  'finding.no-nonce-accepted': ['a call without a nonce was accepted', '没有 nonce 的调用被接受'],
  'finding.nonce-spent': [
    'a right call was refused ({code}) after a forged one with the same nonce: keep a nonce only once the signature holds',
    '在带相同 nonce 的伪造调用之后，正确的调用被拒绝（{code}）；应在签名通过后才保存 nonce',
  ],
  'finding.stale-accepted': [
    'a call signed two minutes ago was accepted; 60 s are allowed',
    '两分钟前签名的调用被接受；应只允许 60 秒',
  ],
  'finding.future-accepted': [
    'a call signed two minutes in the future was accepted; the 60 s count on either side',
    '签名时间在两分钟之后的调用被接受；60 秒对两侧都适用',
  ],
  'finding.window-narrow': [
    "a call 45 s off the server's clock was refused ({code}); 60 s are allowed on either side. Check the clock (NTP)",
    '与服务器时钟相差 45 秒的调用被拒绝（{code}）；两侧均应允许 60 秒。请检查时钟（NTP）',
  ],
  'finding.case-sensitive': [
    'the signature in lower-case digits was refused ({code}); its case does not matter',
    '小写十六进制签名被拒绝（{code}）；应忽略大小写',
  ],
  'finding.content-type-refused': [
    'another spelling of the JSON content type was refused ({code}); all three occur',
    '另一种写法的 JSON Content-Type 被拒绝（{code}）；三种写法都会出现',
  ],
  'finding.plus-refused': [
    'a plus sign in a value was refused ({code}): it is decoded as a blank',
    '值中含加号时被拒绝（{code}）：加号被解码成了空格',
  ],
  'finding.blank-refused': [
    'a value with blanks and signs was refused ({code}): values are decoded twice, or not at all, before signing',
    '含空格与符号的值被拒绝（{code}）：签名前值被多解码一次或未解码',
  ],
  'finding.empty-value-refused': [
    'a parameter with an empty value was refused ({code}); it is signed as name=',
    '含空值参数的调用被拒绝（{code}）；应以 name= 参与签名',
  ],
  'finding.sort-refused': [
    'capital letters and digits in names were refused ({code}): names are not sorted by character code',
    '名称含大写字母和数字时被拒绝（{code}）：未按字符编码排序',
  ],
  'finding.utf-8-refused': [
    'characters beyond ASCII were refused ({code}): the body is not read as UTF-8 bytes',
    '含非 ASCII 字符时被拒绝（{code}）：请求体未按 UTF-8 字节处理',
  ],
  'finding.unknown-member-refused': [
    'a member that no table lists was refused ({code}); unknown members are to be ignored',
    '含未列出字段时被拒绝（{code}）；应忽略未知字段',
  ],
  'finding.long-value-refused': [
    'a value of 80 characters was refused ({code}); documented lengths are not to be enforced',
    '80 个字符的值被拒绝（{code}）；不应强制文档长度',
  ],
  'finding.body-reencoded': [
    'the signature is checked over a body that was parsed and written again, not over the bytes received',
    '签名校验基于解析后重新序列化的请求体，而非收到的原始字节',
  ],
  'finding.raw-body-refused': [
    'a body with blanks, nulls and unsorted names was refused, signed over its bytes as well as over its canonical form',
    '含空格、null、未排序字段的请求体被拒绝（原始字节签名与规范形式签名均不接受）',
  ],
  'finding.canonical-refused': [
    "a signature over the canonical form (sorted, no nulls) is refused; the vendor's sample signs that form",
    '不接受对规范形式（排序、去 null）的签名；官方示例使用该形式',
  ],
  'finding.malformed-accepted': ['a body that is no call was answered with success', '不是调用的请求体却返回成功'],
  'finding.missing-accepted': [
    '{activity} without {name} was answered with success',
    '{activity} 缺少 {name} 却返回成功',
  ],
  'finding.unknown-activity-accepted': [
    'an activity that does not exist was answered with success',
    '不存在的 activity 却返回成功',
  ],
  'finding.test-flag-number': ['testFlag as a number was refused ({code})', 'testFlag 为数字时被拒绝（{code}）'],
  'finding.no-refusal': [
    'the call was not refused but broken off ({reason})',
    '调用未被正常拒绝，而是中断（{reason}）',
  ],
  'finding.crash': [
    'the call was answered with HTTP {status}: the server broke over it',
    '返回 HTTP {status}：服务器出错',
  ],
  'finding.refusal-status': [
    'the refusal has HTTP status {status}; refusals are 200 with a result code',
    '拒绝时 HTTP 状态码为 {status}；应为 200 并带结果码',
  ],
  'finding.refusal-not-json': [
    'the refusal is not a JSON object with a resultCode',
    '拒绝响应不是含 resultCode 的 JSON 对象',
  ],
  'finding.refusal-code': ['refused with {code}; {expected} fits', '以 {code} 拒绝；应为 {expected}'],
  'finding.refusal-unsigned': ['successes carry Body-Sign, refusals do not', '成功响应带 Body-Sign，拒绝响应却没有'],
  'finding.refusal-missigned': ['Body-Sign of the refusal does not hold', '拒绝响应的 Body-Sign 不正确'],
  'finding.broken-secret-accepted': [
    'a clientSecret that nobody can open was accepted',
    '无法解密的 clientSecret 被接受',
  ],
  'finding.decrypts-first': [
    'clientSecret is decrypted before the signature is checked: strangers can ask which texts can be decrypted',
    '在校验签名前就解密 clientSecret：陌生人可借此试探密文',
  ],
  'finding.delete-refused': [
    'a delete of something unknown was refused ({code}); deletes never look whether it exists',
    '删除不存在的对象被拒绝（{code}）；删除不应检查是否存在',
  ],
  'finding.departments-refused': [
    'orgInfoList as a JSON text was refused ({code}); documents show both forms',
    'orgInfoList 为 JSON 文本时被拒绝（{code}）；文档中两种形式都有',
  ],
  'finding.test-left-traces': [
    'a debugging newInstance made an instance that a real queryInstance finds',
    '调试 newInstance 产生了真实 queryInstance 能查到的实例',
  ],
  'finding.unknown-instance-given': [
    'queryInstance gave data for an instance that nobody bought',
    'queryInstance 返回了从未订购的实例信息',
  ],
  'finding.unknown-instance-empty': [
    'queryInstance of an unknown instance says success with nothing in it; 000003 is clearer',
    '查询未知实例返回成功但内容为空；000003 更明确',
  ],
  'finding.unknown-change-taken': [
    '{activity} of an instance that nobody bought was answered with success: nothing looks whether it exists (000003)',
    '对从未订购的实例执行 {activity} 返回成功：没有检查实例是否存在（应为 000003）',
  ],
  'finding.test-release-kept': [
    'after a debugging release a debugging call about the same thing fails or changes ({code}): debugging calls are remembered',
    '调试释放之后，针对同一对象的调试调用失败或结果改变（{code}）：调试调用被记住了',
  ],
  'finding.several-refused': [
    'queryInstance of several ids, joined by commas, was refused ({code}); up to 100 may come',
    '以逗号连接多个 id 的 queryInstance 被拒绝（{code}）；一次最多 100 个',
  ],
  'finding.several-missing': [
    'queryInstance of three ids left {count} of them out; info has an entry for each',
    '查询三个 id 的 queryInstance 缺少其中 {count} 个；info 中每个 id 应各有一项',
  ],
  'finding.line-refused': [
    'newInstance of a further line of the same order was refused ({code}); each line is a purchase of its own',
    '同一订单另一订单行的 newInstance 被拒绝（{code}）；每个订单行都是独立的订购',
  ],
  'finding.lines-share-id': [
    'debugging calls of two lines of one order got one instanceId; real lines need one each: koogate chaos --probe two-lines',
    '同一订单两行的调试调用得到同一个 instanceId；真实订单行须各有一个：koogate chaos --probe two-lines',
  ],
  'finding.server-takes': [
    'every right signature is refused, but this wrong one is taken',
    '所有正确签名都被拒绝，却接受了这种错误签名',
  ],
  'server.reads-seconds': [
    'The server reads the timestamp in seconds. It is in milliseconds, 13 digits.',
    '服务器把 timestamp 当作秒。应为毫秒（13 位）。',
  ],
  'server.hours-off': [
    "The server's clock is {about} h off: local time is taken for UTC, or UTC for local time.",
    '服务器时钟相差 {about} 小时：把本地时间当作了 UTC，或把 UTC 当作了本地时间。',
  ],
  'server.lower-case-only': [
    'The server compares the signature with regard to case. Compare decoded bytes.',
    '服务器比较签名时区分大小写。应比较解码后的字节。',
  ],
} as const satisfies Sentences;
