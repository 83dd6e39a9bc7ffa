import type { Sentences } from '../../language/sentence.ts';

/** Causes that lie in keys, stamps and formulas: English, Chinese. */
export const doctorSignature = {
  'key.newline': [
    'The key was used with a line end after it. Trim the secret where it is read.',
    '密钥末尾多了换行符。请在读取密钥处去掉首尾空白。',
  ],
  'key.crlf': [
    'The key was used with a Windows line end (CR LF) after it. Trim the secret where it is read.',
    '密钥末尾多了 Windows 换行符（CR LF）。请在读取密钥处去掉首尾空白。',
  ],
  'key.blank-after': ['The key was used with a blank after it. Trim the secret.', '密钥末尾多了一个空格。请去掉。'],
  'key.blank-before': ['The key was used with a blank before it. Trim the secret.', '密钥前面多了一个空格。请去掉。'],
  'key.tab': ['The key was used with a tab after it. Trim the secret.', '密钥末尾多了一个制表符。请去掉。'],
  'key.trimmed': [
    'The key given here has white space around it, and the signature was made without. Remove it from the secret.',
    '此处给出的密钥首尾含空白，而签名使用的是去掉空白的密钥。请更正密钥。',
  ],
  'key.upper': [
    'The key was used in upper case. Use it as the seller console shows it.',
    '密钥被转成了大写。请按卖家中心显示的原样使用。',
  ],
  'key.lower': [
    'The key was used in lower case. Use it as the seller console shows it.',
    '密钥被转成了小写。请按卖家中心显示的原样使用。',
  ],
  'key.no-hyphens': [
    'The key was used without its hyphens. They belong to it.',
    '密钥中的连字符被去掉了。连字符是密钥的一部分。',
  ],
  'key.quoted': [
    'The key was used with quotes around it: the configuration file was read as it stands. Take them off.',
    '密钥带上了引号（配置文件未经解析直接读取）。请去掉引号。',
  ],
  'key.byte-order-mark': [
    'The key was used with a byte order mark before it. Save the file without one.',
    '密钥前带有 BOM。请以无 BOM 方式保存文件。',
  ],
  'key.cut': [
    'The first or last character of the key is missing: it was not copied whole.',
    '密钥缺少首个或末尾字符：复制不完整。',
  ],
  'key.base64-encoded': [
    'The key was base64-encoded before use. Use its text.',
    '密钥被先做了 base64 编码。请直接使用其文本。',
  ],
  'key.base64-decoded': [
    'The key was base64-decoded before use. Use its text as UTF-8.',
    '密钥被先做了 base64 解码。请直接使用其文本（UTF-8）。',
  ],
  'key.url-encoded': ['The key was URL-encoded before use. Use its text.', '密钥被先做了 URL 编码。请直接使用其文本。'],
  'key.hex-decoded': [
    'The key was hex-decoded before use. It is text, although it looks like hex.',
    '密钥被当作十六进制解码了。它虽像十六进制，但应按文本使用。',
  ],
  'key.hashed': ['The key was hashed before use. Use its text.', '密钥被先做了哈希。请直接使用其文本。'],
  'key.utf-16': ['The key was turned into UTF-16 bytes. Use UTF-8.', '密钥被转成了 UTF-16 字节。请使用 UTF-8。'],
  'key.empty': ['An empty key was used: the secret was not loaded.', '使用了空密钥：密钥未加载。'],
  'key.wrong-class': [
    'The key of the class "{about}" was used. Each interface class has a key of its own: check the binding in key management.',
    '使用了“{about}”类的密钥。每类接口各有自己的密钥：请核对密钥管理中的绑定关系。',
  ],
  'key.older': [
    'An older key of the list was used, not the newest: fine during a rotation.',
    '使用的是列表中较旧的密钥：轮换期间属正常。',
  ],
  'digest.plain-sha256': [
    'The body was hashed with plain SHA-256. The digest is an HMAC-SHA256 with the access key.',
    '请求体摘要用了普通 SHA-256。应为以 accessKey 为密钥的 HMAC-SHA256。',
  ],
  'digest.upper': [
    'The body digest was written in upper-case hex. Inside the signed text it is lower case.',
    '请求体摘要用了大写十六进制。参与签名时应为小写。',
  ],
  'digest.base64': [
    'The body digest was written as base64. It is lower-case hex.',
    '请求体摘要用了 base64。应为小写十六进制。',
  ],
  'digest.raw': [
    'The body digest was appended as raw bytes. It is lower-case hex text.',
    '请求体摘要以原始字节拼接。应为小写十六进制文本。',
  ],
  'digest.md5': [
    'The body was hashed with MD5. The digest is an HMAC-SHA256 with the access key.',
    '请求体摘要用了 MD5。应为 HMAC-SHA256。',
  ],
  'digest.sha1': [
    'The body digest is an HMAC-SHA1. It has to be HMAC-SHA256.',
    '请求体摘要用了 HMAC-SHA1。应为 HMAC-SHA256。',
  ],
  'digest.sha512': [
    'The body digest is an HMAC-SHA512. It has to be HMAC-SHA256.',
    '请求体摘要用了 HMAC-SHA512。应为 HMAC-SHA256。',
  ],
  'digest.swapped': ['Key and body are exchanged in the HMAC of the body.', '计算请求体 HMAC 时密钥与数据写反了。'],
  'digest.missing': ['The body was left out of the signed text.', '签名文本中缺少请求体摘要。'],
  'outer.plain-sha256': [
    'The last step was plain SHA-256. It is an HMAC-SHA256 with the access key.',
    '最后一步用了普通 SHA-256。应为以 accessKey 为密钥的 HMAC-SHA256。',
  ],
  'outer.sha1': [
    'The last step was HMAC-SHA1. It has to be HMAC-SHA256.',
    '最后一步用了 HMAC-SHA1。应为 HMAC-SHA256。',
  ],
  'outer.sha512': [
    'The last step was HMAC-SHA512. It has to be HMAC-SHA256.',
    '最后一步用了 HMAC-SHA512。应为 HMAC-SHA256。',
  ],
  'outer.swapped': ['Key and text are exchanged in the last HMAC.', '最后一步 HMAC 的密钥与数据写反了。'],
  'outer.front-missing': [
    'The access key is missing at the front of the signed text. It is the MAC key and the first part.',
    '签名文本开头缺少 accessKey。它既是 HMAC 密钥，也是文本的第一部分。',
  ],
  'outer.nonce-missing': ['The nonce is missing in the signed text.', '签名文本中缺少 nonce。'],
  'outer.timestamp-missing': ['The timestamp is missing in the signed text.', '签名文本中缺少 timestamp。'],
  'outer.order': [
    'The parts of the signed text are in another order. It is access key, nonce, timestamp, body.',
    '签名文本各部分顺序不对。应为 accessKey、nonce、timestamp、请求体。',
  ],
  'outer.separator': [
    'The parts of the signed text were joined with a separator. There is none.',
    '签名文本各部分之间加了分隔符。应直接拼接。',
  ],
  'outer.v1-key': [
    'The MAC key was access key and timestamp, as V1.0 does. Here it is the access key alone.',
    'HMAC 密钥用了 accessKey+timestamp（V1.0 的做法）。此处应只用 accessKey。',
  ],
  'outer.key-empty': [
    'The last HMAC was made with an empty key. It is the access key.',
    '最后一步 HMAC 使用了空密钥。应为 accessKey。',
  ],
  'outer.nonce-as-key': [
    'The last HMAC was made with the nonce as its key. It is the access key.',
    '最后一步 HMAC 以 nonce 为密钥。应为 accessKey。',
  ],
  'formula.kit-on-base': [
    'The body itself was appended, as the Kit does. The base interfaces append its HMAC as lower-case hex.',
    '拼接的是请求体原文（Kit 的算法）。基础接口应拼接请求体的 HMAC（小写十六进制）。',
  ],
  'formula.base-on-kit': [
    "The body's digest was appended, as the base interfaces do. The Kit appends the body itself.",
    '拼接的是请求体摘要（基础接口的算法）。Kit 接口应拼接请求体原文。',
  ],
  'encoding.base64': ['The signature was written as base64. It is hex.', '签名用了 base64。应为十六进制。'],
  'encoding.base64url': [
    'The signature was written as base64url. Use the standard form.',
    '签名用了 base64url。请使用标准形式。',
  ],
  'encoding.base64-of-hex': [
    'The hex text was base64-encoded. Encode the raw bytes once.',
    '对十六进制文本又做了 base64。应对原始字节只编码一次。',
  ],
  'encoding.hex-of-hex': ['The signature was hex-encoded twice.', '签名做了两次十六进制编码。'],
  'encoding.hex': ['The signature was written as hex. It is standard base64.', '签名用了十六进制。应为标准 base64。'],
  'encoding.padding-lost': ['The padding `=` of the base64 is missing.', 'base64 末尾的 `=` 丢失。'],
  'encoding.cut': ['The signature was cut to half its length.', '签名被截断为一半长度。'],
  'encoding.blanks': ['There is white space around the signature.', '签名首尾含空白。'],
  'nonce.lower': [
    'The nonce was signed in lower case. Sign it as it was sent.',
    '参与签名的 nonce 被转成小写。应按发送的原样签名。',
  ],
  'nonce.upper': [
    'The nonce was signed in upper case. Sign it as it was sent.',
    '参与签名的 nonce 被转成大写。应按发送的原样签名。',
  ],
  'nonce.blank-for-plus': [
    'A `+` in the nonce became a blank on the way. Send `%2B`, and decode a plus as a plus.',
    'nonce 中的 `+` 变成了空格。请以 `%2B` 发送，且不要把加号解码为空格。',
  ],
  'nonce.plus-to-blank': [
    'A `+` in the nonce was read as a blank. Decode a plus as a plus.',
    'nonce 中的 `+` 被当成空格。不要把加号解码为空格。',
  ],
  'nonce.url-encoded': [
    'The nonce was signed URL-encoded. Sign the decoded text.',
    '参与签名的是 URL 编码后的 nonce。应签名解码后的文本。',
  ],
  'nonce.url-decoded': [
    'The nonce was URL-decoded once too often before it was signed.',
    'nonce 在签名前被多做了一次 URL 解码。',
  ],
  'nonce.trimmed': ['The nonce was trimmed before it was signed.', 'nonce 在签名前被去掉了首尾空白。'],
  'timestamp.signed-in-seconds': [
    'Milliseconds were sent, but seconds were signed. Sign the text that is sent.',
    '发送的是毫秒，但参与签名的是秒。应签名实际发送的文本。',
  ],
  'timestamp.sent-in-seconds': [
    'Seconds were sent, but milliseconds were signed. Send the 13 digits that were signed.',
    '发送的是秒，但参与签名的是毫秒。应发送参与签名的 13 位数字。',
  ],
  'timestamp.as-date': [
    'The timestamp was signed as a date text. Sign the digits that are sent.',
    '参与签名的是日期文本。应签名实际发送的数字。',
  ],
  'timestamp.as-digits': [
    'The timestamp was signed as yyyyMMddHHmmssSSS, as V1.0 writes times. Sign the digits that are sent.',
    '参与签名的是 yyyyMMddHHmmssSSS（V1.0 的写法）。应签名实际发送的数字。',
  ],
  'timestamp.seconds': [
    'The timestamp has 10 digits, so it is in seconds. It has to be 13 digits, milliseconds.',
    'timestamp 为 10 位（秒）。应为 13 位（毫秒）。',
  ],
  'timestamp.form': ['The timestamp is not 13 digits.', 'timestamp 不是 13 位数字。'],
  'timestamp.stale': [
    'The timestamp is {about} s older than the moment of judgement; 60 s are allowed. Check the clock (NTP), or repeat the call.',
    'timestamp 比判断时刻早 {about} 秒，允许 60 秒。请检查时钟（NTP）或重新调用。',
  ],
  'timestamp.future': [
    'The timestamp is {about} s ahead of the moment of judgement; 60 s are allowed. Check the clock (NTP).',
    'timestamp 比判断时刻晚 {about} 秒，允许 60 秒。请检查时钟（NTP）。',
  ],
  'call.unsigned': [
    'The call carries no signature: neither query parameters, nor x-sign, nor authToken.',
    '该调用没有任何签名：既无查询参数，也无 x-sign、authToken。',
  ],
  'call.html-entity': [
    '`&timestamp` became `×tamp`: the address went through HTML. Take the address from the seller console, not from a rendered page.',
    '`&timestamp` 变成了 `×tamp`：地址经过了 HTML 渲染。请从卖家中心复制地址。',
  ],
  'call.signature-missing': ['There is no signature beside the timestamp.', '缺少 signature。'],
  'call.timestamp-missing': [
    'There is no timestamp. In a shell, put the address in quotes: `&` ends a command.',
    '缺少 timestamp。在命令行中请给地址加引号，`&` 会截断命令。',
  ],
  'call.nonce-missing': [
    'There is no nonce. In a shell, put the address in quotes: `&` ends a command.',
    '缺少 nonce。在命令行中请给地址加引号，`&` 会截断命令。',
  ],
  'call.repeated': ['The parameter {about} stands in the address more than once.', '参数 {about} 在地址中出现多次。'],
  'call.content-type': [
    'The content type is "{about}"; the marketplace sends application/json.',
    'Content-Type 为“{about}”；云商店发送 application/json。',
  ],
  'call.method': ['The method is {about}; this call is a POST.', '请求方法为 {about}；此调用应为 POST。'],
} as const satisfies Sentences;
