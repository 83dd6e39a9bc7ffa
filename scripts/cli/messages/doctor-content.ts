import type { Sentences } from '../../language/sentence.ts';
import { doctorCiphers } from './doctor-ciphers.ts';

/** Causes that lie in bodies, tokens and ciphers: English, Chinese. */
export const doctorContent = {
  'body.newline': ['The body was signed with a line end after it.', '参与签名的请求体末尾多了换行。'],
  'body.trimmed': [
    'The body was trimmed before it was signed. Every byte counts, white space too.',
    '请求体在签名前被去掉了首尾空白。每个字节（含空白）都要参与签名。',
  ],
  'body.crlf': ['Line ends in the body were signed as CR LF.', '请求体中的换行以 CR LF 参与签名。'],
  'body.lf': ['Line ends in the body were signed as LF.', '请求体中的换行以 LF 参与签名。'],
  'body.byte-order-mark': [
    'A byte order mark was added or removed before the body was signed.',
    '签名前请求体被加上或去掉了 BOM。',
  ],
  'body.url-decoded': [
    'The body was URL-decoded before it was signed. Sign the bytes on the wire.',
    '请求体在签名前被做了 URL 解码。应签名线上的原始字节。',
  ],
  'body.url-encoded': [
    'The body was URL-encoded before it was signed. Sign the bytes on the wire.',
    '请求体在签名前被做了 URL 编码。应签名线上的原始字节。',
  ],
  'body.plus-to-blank': [
    'Plus signs in the body became blanks before it was signed.',
    '请求体中的加号在签名前变成了空格。',
  ],
  'body.lower': ['The body was put in lower case before it was signed.', '请求体在签名前被转成小写。'],
  'body.base64': [
    "The base64 form of the body was signed: undo the gateway's wrapping first.",
    '签名的是请求体的 base64：请先还原网关的包装。',
  ],
  'body.quoted': ['The body was encoded as JSON once more before it was signed.', '请求体在签名前被再次 JSON 编码。'],
  'body.empty': ['An empty body was signed: something read the stream before.', '签名的是空请求体：流已被提前读走。'],
  'body.no-blanks': [
    'All white space was removed before the body was signed, inside texts too.',
    '签名前去掉了所有空白（包括文本内的）。',
  ],
  'body.object-text': [
    'The text "[object Object]" was signed: an object was turned into a text without serialising it.',
    '签名的是“[object Object]”：对象未序列化就被转成了文本。',
  ],
  'body.compacted': [
    'The body was parsed and written again without blanks. Sign and send the same bytes.',
    '请求体被解析后重新紧凑序列化。应对同一份字节签名并发送。',
  ],
  'body.spaced': [
    "The body was parsed and written again with blanks after `:` and `,` (Python's default). Sign and send the same bytes.",
    '请求体被解析后重新序列化，`:` 和 `,` 后带空格（Python 默认）。应对同一份字节签名并发送。',
  ],
  'body.spaced-ascii': [
    "The body was written again by Python's json.dumps, blanks and \\u escapes included. Sign and send the same bytes.",
    '请求体被 Python json.dumps 重新序列化（带空格和 \\u 转义）。应对同一份字节签名并发送。',
  ],
  'body.pretty': [
    'The body was signed pretty-printed. Sign and send the same bytes.',
    '签名的是带缩进格式化的请求体。应对同一份字节签名并发送。',
  ],
  'body.ascii': [
    'Non-ASCII characters were signed as \\u escapes, but sent raw. Sign and send the same bytes.',
    '非 ASCII 字符以 \\u 转义参与签名，却以原文发送。应对同一份字节签名并发送。',
  ],
  'body.slashes': [
    "Slashes were signed as `\\/` (PHP's default). Sign and send the same bytes.",
    '斜杠以 `\\/` 参与签名（PHP 默认）。应对同一份字节签名并发送。',
  ],
  'body.slashes-ascii': [
    "The body was written again by PHP's json_encode, `\\/` and \\u escapes included. Sign and send the same bytes.",
    '请求体被 PHP json_encode 重新序列化（`\\/` 和 \\u 转义）。应对同一份字节签名并发送。',
  ],
  'body.html': [
    "`<`, `>`, `&`, `=` or `'` were signed as \\u escapes (Gson, Go). Sign and send the same bytes.",
    "`<`、`>`、`&`、`=`、`'` 以 \\u 转义参与签名（Gson、Go）。应对同一份字节签名并发送。",
  ],
  'body.sorted': [
    'The body was signed with its names sorted, but sent in another order. A server that tries the canonical form accepts this; better sign the bytes that are sent.',
    '签名时字段名已排序，而发送时未排序。尝试规范形式的服务器会接受；最好对发送的字节签名。',
  ],
  'body.descending': [
    'The names were sorted downwards (z before a) before the body was signed. Ascending is right.',
    '签名前字段名按降序排序。应为升序。',
  ],
  'body.sorted-deep': [
    'Names were sorted at every depth before the body was signed. Only the top level is sorted.',
    '签名前各层字段名都被排序。只应排序顶层。',
  ],
  'body.nulls-dropped': [
    'Members that are null were left out before the body was signed.',
    '签名前去掉了值为 null 的字段。',
  ],
  'body.empties-dropped': [
    'Members with an empty text were left out before the body was signed. They stay.',
    '签名前去掉了空字符串字段。应保留。',
  ],
  'body.form': [
    'The members were signed as name=value pairs. The JSON itself is signed.',
    '以 name=value 形式签名。应签名 JSON 本身。',
  ],
  'body.map-text': [
    'The text of a Java map ({a=1, b=2}) was signed. The JSON itself is signed.',
    '签名的是 Java Map 的文本（{a=1, b=2}）。应签名 JSON 本身。',
  ],
  'body.without-activity': [
    'The member activity was left out before the body was signed.',
    '签名前去掉了 activity 字段。',
  ],
  'body.without-test-flag': [
    'The member testFlag was left out before the body was signed.',
    '签名前去掉了 testFlag 字段。',
  ],
  'body.not-json': ['The body is not JSON.', '请求体不是 JSON。'],
  'charset.utf-16': ['The body was signed as UTF-16. Use UTF-8.', '请求体以 UTF-16 参与签名。应为 UTF-8。'],
  'charset.gbk': [
    'The body was signed as GBK. Use UTF-8: name the charset wherever text becomes bytes.',
    '请求体以 GBK 参与签名。应为 UTF-8：在文本转字节处显式指定字符集。',
  ],
  'charset.latin-1': [
    'The body was signed as ISO-8859-1. Use UTF-8: name the charset wherever text becomes bytes.',
    '请求体以 ISO-8859-1 参与签名。应为 UTF-8：在文本转字节处显式指定字符集。',
  ],
  'charset.ascii': [
    'The body was signed as ASCII: other characters became question marks. Use UTF-8.',
    '请求体以 ASCII 参与签名，非 ASCII 字符变成了问号。应为 UTF-8。',
  ],
  'charset.twice': [
    'The body was read as ISO-8859-1 and encoded again as UTF-8. Read it as bytes.',
    '请求体被按 ISO-8859-1 读入后又编码为 UTF-8。应按字节读取。',
  ],
  'charset.replaced': [
    'Characters of the body were replaced while it was decoded. Read it as bytes.',
    '请求体解码时字符被替换。应按字节读取。',
  ],
  'token.key-alone': [
    'The MAC key was the access key alone. For authToken it is access key and timeStamp.',
    'HMAC 密钥只用了 accessKey。authToken 应为 accessKey+timeStamp。',
  ],
  'token.stamp-first': [
    'The MAC key was timeStamp and access key. The access key comes first.',
    'HMAC 密钥拼接顺序为 timeStamp+accessKey。accessKey 应在前。',
  ],
  'token.stamp-alone': ['The MAC key was the timeStamp alone.', 'HMAC 密钥只用了 timeStamp。'],
  'token.stamp-seconds': [
    'The MAC key was made with a timeStamp without milliseconds. Use it as it was sent.',
    'HMAC 密钥中的 timeStamp 缺少毫秒。应按发送的原样使用。',
  ],
  'token.stamp-missing': ['There is no timeStamp.', '缺少 timeStamp。'],
  'token.stamp-form': ['The timeStamp is not yyyyMMddHHmmssSSS.', 'timeStamp 不是 yyyyMMddHHmmssSSS 格式。'],
  'token.stamp-zone': [
    'The timeStamp is {about} h away from UTC: it looks like local time.',
    'timeStamp 与 UTC 相差 {about} 小时：像是本地时间。',
  ],
  'token.address-order': [
    'The parameters were signed in the order of the address. Sort them by name.',
    '参数按地址中的顺序签名。应按名称排序。',
  ],
  'token.descending': ['The parameters were sorted downwards. Ascending is right.', '参数按降序排序。应为升序。'],
  'token.case-insensitive': [
    'The parameters were sorted without regard to case. Upper case comes first.',
    '参数排序忽略了大小写。大写应在前。',
  ],
  'token.not-decoded': [
    'Values were signed URL-encoded. Sign decoded values.',
    '参与签名的是 URL 编码的值。应签名解码后的值。',
  ],
  'token.form-encoded': [
    'Values were signed form-encoded (blank as `+`). Sign decoded values.',
    '参与签名的是表单编码的值（空格为 `+`）。应签名解码后的值。',
  ],
  'token.value-plus-to-blank': [
    'A `+` inside a value was read as a blank (base64 values suffer most).',
    '值中的 `+` 被当成空格（base64 值最常见）。',
  ],
  'token.blank-to-plus': ['A blank inside a value was signed as `+`.', '值中的空格以 `+` 参与签名。'],
  'token.own-name-signed': [
    'An empty authToken was signed too. It is left out altogether.',
    '空的 authToken 也参与了签名。应完全排除。',
  ],
  'token.token-signed': ['The authToken itself was signed too.', 'authToken 自身也参与了签名。'],
  'token.stamp-not-signed': [
    'The timeStamp was left out of the signed parameters. It stays in, and stands in the MAC key too.',
    '参与签名的参数缺少 timeStamp。它既要参与签名，也是 HMAC 密钥的一部分。',
  ],
  'token.activity-not-signed': [
    'The parameter activity was left out. Every parameter but authToken is signed.',
    '参数 activity 未参与签名。除 authToken 外都要参与。',
  ],
  'token.test-flag-not-signed': [
    'The parameter testFlag was left out. Every parameter but authToken is signed.',
    '参数 testFlag 未参与签名。除 authToken 外都要参与。',
  ],
  'token.blanks-dropped': [
    'Empty values were left out. In GET calls they are signed as `name=`.',
    '空值被略去。GET 调用中应以 `name=` 参与签名。',
  ],
  'token.blanks-kept': [
    'Empty values were signed. In the V1 Kit they are skipped.',
    '空值参与了签名。V1 Kit 应跳过空值。',
  ],
  'token.values-only': ['Only the values were signed. It is name=value.', '只签名了值。应为 name=value。'],
  'token.unseparated': ['The pairs were joined without `&`.', '各参数之间缺少 `&`。'],
  'token.question-mark': ['The signed text began with `?`.', '签名文本以 `?` 开头。'],
  'token.trailing-separator': ['The signed text ended with `&`.', '签名文本以 `&` 结尾。'],
  'token.lower': ['The signed text was put in lower case.', '签名文本被转成小写。'],
  'token.plus-to-blank': [
    'A `+` in the authToken became a blank on the way. Send `%2B`.',
    'authToken 中的 `+` 变成了空格。应以 `%2B` 发送。',
  ],
  'token.encoded-twice': ['The authToken was URL-encoded twice.', 'authToken 被 URL 编码了两次。'],
  'body-sign.form': [
    'The signature is right or at least there, but the header is not of the form sign_type="HMAC-SHA256", signature= "…".',
    '签名存在，但响应头不符合 sign_type="HMAC-SHA256", signature= "…" 的格式。',
  ],
  'body-sign.time-stamp': [
    'The key was access key and timeStamp. Body-Sign takes the access key alone.',
    '密钥用了 accessKey+timeStamp。Body-Sign 只用 accessKey。',
  ],
  'body-sign.request': [
    "The request's body was signed. Sign the body of the answer.",
    '签名的是请求体。应签名响应体。',
  ],
  'body-sign.digest-signed': [
    'A digest of the body was signed. Sign the body itself, once.',
    '签名的是响应体摘要。应直接对响应体签名一次。',
  ],
  'body-sign.result-code': [
    'Only the result code was signed. Sign the whole body.',
    '只签名了 resultCode。应签名整个响应体。',
  ],
  ...doctorCiphers,
  'unreadable.empty': [
    'Nothing was given. Paste a curl command, a HAR entry or a log line, or name a file with --request.',
    '没有输入。请粘贴 curl 命令、HAR 条目或日志行，或用 --request 指定文件。',
  ],
  'unreadable.form': [
    'This is neither a curl command, nor a HAR entry, nor a log line in JSON, nor an HTTP request.',
    '既不是 curl 命令、HAR 条目、JSON 日志行，也不是 HTTP 请求。',
  ],
  'unreadable.record': [
    'The JSON holds no call: no url, no path and no query was found in it.',
    'JSON 中没有调用：未找到 url、path 或 query。',
  ],
  'unreadable.curl-url': ['The curl command names no address.', 'curl 命令没有地址。'],
} as const satisfies Sentences;
