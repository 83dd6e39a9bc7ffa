import type { Sentences } from '../../language/sentence.ts';

/** Sentences on the checks of an answer: `.ok` when one holds, `.fail` or `.warn` when not. English, Chinese. */
export const checks = {
  'check.answered.fail': ['no answer: {reason} ({detail})', '没有响应：{reason}（{detail}）'],
  'check.in-time.ok': [
    'answered in {milliseconds} ms (limit {limit} ms)',
    '{milliseconds} ms 内响应（上限 {limit} ms）',
  ],
  'check.in-time.fail': [
    'took {milliseconds} ms; the marketplace waits {limit} ms and counts the call as failed',
    '耗时 {milliseconds} ms；云商店只等 {limit} ms，超时计为失败',
  ],
  'check.status.ok': ['HTTP status 200', 'HTTP 状态码 200'],
  'check.status.fail': [
    'HTTP status is {status}; it has to be 200, refusals too',
    'HTTP 状态码为 {status}；应为 200（拒绝时也一样）',
  ],
  'check.content-type.ok': ['content type application/json', 'Content-Type 为 application/json'],
  'check.content-type.fail': [
    'content type is "{type}"; it has to be application/json',
    'Content-Type 为“{type}”；应为 application/json',
  ],
  'check.utf-8.fail': ['the answer is not UTF-8', '响应不是 UTF-8'],
  'check.json.ok': ['the answer is a JSON object', '响应是 JSON 对象'],
  'check.json.fail': ['the answer is not a JSON object', '响应不是 JSON 对象'],
  'check.spelling.warn': [
    'the member "{name}" is spelled {meant} in the documentation',
    '字段“{name}”在文档中写作 {meant}',
  ],
  'check.stack-trace.warn': ["a stack trace of the server's stands in the answer", '响应中出现服务器堆栈信息'],
  'check.result-code.ok': ['resultCode {code}', 'resultCode 为 {code}'],
  'check.result-code.fail': ['resultCode is {code}; expected {expected}', 'resultCode 为 {code}；应为 {expected}'],
  'check.result-code-missing.fail': ['resultCode is missing', '缺少 resultCode'],
  'check.result-code-type.fail': [
    'resultCode is no text: write "{code}" in quotes',
    'resultCode 不是字符串：应写成带引号的"{code}"',
  ],
  'check.result-code-form.fail': ['resultCode "{code}" is not six digits', 'resultCode“{code}”不是六位数字'],
  'check.result-msg.ok': ['resultMsg is a text of at most 255 characters', 'resultMsg 为不超过 255 个字符的字符串'],
  'check.result-msg-type.fail': ['resultMsg is no text', 'resultMsg 不是字符串'],
  'check.result-msg-missing.fail': [
    "resultMsg is missing; the console's list of errors asks for it",
    '缺少 resultMsg；控制台错误列表要求返回',
  ],
  'check.result-msg-missing.warn': [
    "resultMsg is missing: optional in the tables, asked for by the console's list of errors",
    '缺少 resultMsg：参数表中为可选，但控制台错误列表要求返回',
  ],
  'check.result-msg-long.fail': [
    "resultMsg has {length} characters; 255 are documented, and the console's list of errors names lengths",
    'resultMsg 有 {length} 个字符；文档上限 255，控制台错误列表会检查长度',
  ],
  'check.result-msg-long.warn': [
    'resultMsg has {length} characters; 255 are documented',
    'resultMsg 有 {length} 个字符；文档上限 255',
  ],
  'check.body-sign.ok': ['Body-Sign holds', 'Body-Sign 正确'],
  'check.body-sign-missing.fail': ['Body-Sign is missing', '缺少 Body-Sign'],
  'check.body-sign-missing.warn': [
    "Body-Sign is missing; this family's pages do not ask for it, but it does no harm",
    '缺少 Body-Sign；此类接口文档未要求，但建议返回',
  ],
  'check.body-sign-malformed.fail': ['Body-Sign is malformed', 'Body-Sign 格式错误'],
  'check.body-sign-wrong.fail': ['Body-Sign does not fit the bytes of the answer', 'Body-Sign 与响应内容不符'],
  'check.body-sign-spelling.fail': [
    "the header is spelled {name}; the console's list of errors takes Body-Sign alone",
    '响应头写作 {name}；控制台错误列表只接受 Body-Sign',
  ],
  'check.body-sign-spelling.warn': [
    'the header is spelled {name}; the pages write Body-Sign',
    '响应头写作 {name}；文档写作 Body-Sign',
  ],
  'check.body-sign-lowered.warn': [
    'the host here writes all header names in lower case; the console of V1.0 takes Body-Sign alone, so look at the address it calls',
    '此主机把所有响应头名称写成小写；V1.0 控制台只接受 Body-Sign，请检查控制台实际调用的地址',
  ],
  'check.instance-id.ok': ['instanceId of {length} characters', 'instanceId 长度 {length}'],
  'check.instance-id-missing.fail': ['instanceId is missing', '缺少 instanceId'],
  'check.instance-id-long.fail': [
    'instanceId has {length} characters; at most 64',
    'instanceId 有 {length} 个字符；最多 64',
  ],
  'check.member-type.fail': ['{name} is no text', '{name} 不是字符串'],
  'check.member-long.fail': [
    '{name} has {length} characters; at most {limit}',
    '{name} 有 {length} 个字符；最多 {limit}',
  ],
  'check.app-info-stray.warn': [
    'newInstance of V2.0 answers without appInfo: login data travel through queryInstance',
    'V2.0 的 newInstance 响应不带 appInfo：登录信息通过 queryInstance 返回',
  ],
  'check.app-info-missing.warn': [
    'appInfo is missing: fine only if the buyer gets the login data by SMS or mail',
    '缺少 appInfo：仅当通过短信或邮件交付登录信息时可省略',
  ],
  'check.app-info-missing.fail': [
    "appInfo is missing; the console's list of errors asks for its frontEndUrl (V1.0 newInstance)",
    '缺少 appInfo；控制台错误列表要求其中的 frontEndUrl（V1.0 newInstance）',
  ],
  'check.app-info-type.fail': ['appInfo is no object', 'appInfo 不是对象'],
  'check.encrypt-type.fail': [
    'encryptType is "{value}"; "1" is AES-256, "2" AES-128',
    'encryptType 为“{value}”；"1" 为 AES-256，"2" 为 AES-128',
  ],
  'check.apikey.ok': ['Apikey is there', '有 Apikey'],
  'check.apikey-missing.fail': [
    'Apikey is missing: the key of the customer, in a member with a capital A',
    '缺少 Apikey：客户的密钥，字段名首字母大写',
  ],
  'check.front-end-url.ok': ['frontEndUrl is there', '有 frontEndUrl'],
  'check.front-end-url-missing.fail': ['frontEndUrl is missing in appInfo', 'appInfo 中缺少 frontEndUrl'],
  'check.url-form.warn': ['an address in appInfo is no URL', 'appInfo 中的地址不是合法 URL'],
  'check.info.ok': ['info lists instances', 'info 为实例列表'],
  'check.info.fail': ['an entry of info is no object', 'info 中有条目不是对象'],
  'check.info-missing.fail': ['info is missing though the result says success', '返回成功但缺少 info'],
  'check.info-missing.warn': ['info is missing', '缺少 info'],
  'check.info-type.fail': ['info is no array', 'info 不是数组'],
  'check.info-stranger.fail': ['info holds an instance that was not asked for', 'info 含未查询的实例'],
  'check.info-repeated.fail': ['info holds the same instance twice', 'info 中同一实例重复出现'],
  'check.credential.ok': ['{name} can be read', '{name} 可正常读取'],
  'check.credential-closed.fail': ['{name} cannot be decrypted', '{name} 无法解密'],
  'check.credential-unknown.warn': [
    '{name} looks encrypted; give --private-key to open it',
    '{name} 似乎已加密；用 --private-key 指定私钥以解密',
  ],
  'check.credential-long.fail': [
    '{name} has {length} characters; at most 128, so 79 bytes of plain text',
    '{name} 有 {length} 个字符；最多 128（明文最多 79 字节）',
  ],
  'check.credential-long.warn': [
    '{name} has {length} characters; 128 are documented',
    '{name} 有 {length} 个字符；文档上限 128',
  ],
  'check.memo-not-escaped.fail': [
    'memo holds characters beyond ASCII that are not escaped as \\uXXXX',
    'memo 含未转义为 \\uXXXX 的非 ASCII 字符',
  ],
  'check.not-ascii.warn': [
    'the answer holds raw characters beyond ASCII; escape them as \\uXXXX to be safe',
    '响应含未转义的非 ASCII 字符；建议转义为 \\uXXXX',
  ],
  'check.usage-missing.warn': [
    'usageInfo is missing; on-demand products and packages report usage',
    '缺少 usageInfo；按需与套餐包商品需返回用量',
  ],
  'check.usage-type.fail': ['usageInfo is no array of objects', 'usageInfo 不是对象数组'],
  'check.usage-value.ok': ['usageValue is a number', 'usageValue 为数字'],
  'check.usage-value-form.fail': [
    'usageValue is no number with at most four decimals',
    'usageValue 不是最多四位小数的数字',
  ],
  'check.usage-time.ok': ['statisticalTime is UTC, yyyyMMddHHmmssSSS', 'statisticalTime 为 UTC yyyyMMddHHmmssSSS'],
  'check.usage-time-form.fail': ['statisticalTime is not yyyyMMddHHmmssSSS', 'statisticalTime 不是 yyyyMMddHHmmssSSS'],
  'reason.no-connection': ['no connection', '无法连接'],
  'reason.connection-lost': ['the connection was cut', '连接被切断'],
  'reason.time-out': ['time-out', '超时'],
  'reason.certificate': ['the certificate is not trusted', '证书不受信任'],
  'reason.too-long': ['the answer is too long', '响应过长'],
  'reason.no-http': ['no HTTP came back', '返回的不是 HTTP'],
  'console.saved': ['Debugging succeeded. The case can be saved.', '调试成功，可保存用例。'],
  'console.time-out': ['The request timed out.', '请求超时。'],
  'console.answered': ['The interface cannot be reached.', '接口无法访问。'],
  'console.status': ['The HTTP status code is not 200.', 'HTTP 状态码不是 200。'],
  'console.content-type': ['The content type of the response is not JSON.', '响应 Content-Type 不是 JSON。'],
  'console.body-sign': ['The response header Body-Sign is missing or wrong.', '响应头 Body-Sign 缺失或错误。'],
  'console.result-code': ['resultCode is not 000000.', 'resultCode 不是 000000。'],
  'console.member': ['A mandatory response parameter is missing or invalid.', '响应缺少必填参数或参数不合法。'],
} as const satisfies Sentences;
