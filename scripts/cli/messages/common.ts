import type { Sentences } from '../../language/sentence.ts';

/** Sentences of the commands around their results. English, Chinese. */
export const common = {
  'problem.arguments': ['{detail}. See the options with --help.', '{detail}。用 --help 查看选项。'],
  'problem.option': [
    'There is no option {option}. See the options with --help.',
    '没有选项 {option}。用 --help 查看选项。',
  ],
  'problem.option-value': [
    'The option {option} needs a value. See the options with --help.',
    '选项 {option} 需要一个值。用 --help 查看选项。',
  ],
  'problem.option-flag': [
    'The option {option} takes no value. See the options with --help.',
    '选项 {option} 不带值。用 --help 查看选项。',
  ],
  'problem.number': ['{name} takes a whole number of at least {least}.', '{name} 应为不小于 {least} 的整数。'],
  'problem.choice': [
    '{name} "{given}" is not known. Take one of: {choices}.',
    '{name}“{given}”无效。可选：{choices}。',
  ],
  'problem.parameter': [
    '--param "{given}" is not of the form name=text or name:=json.',
    '--param“{given}”格式应为 name=文本 或 name:=JSON。',
  ],
  'problem.parameter-json': ['--param "{given}": what follows := is not JSON.', '--param“{given}”：:= 之后不是 JSON。'],
  'problem.at': [
    'Say whom to call: --at https://your-server/path, or --product NAME for a local KooGate.',
    '请指定调用对象：--at https://服务器/路径，或用 --product 名称 调用本地 KooGate。',
  ],
  'problem.address': ['--at "{at}" is not an http or https address.', '--at“{at}”不是 http 或 https 地址。'],
  'problem.file': ['There is no file {file}.', '文件 {file} 不存在。'],
  'problem.secrets': [
    '{file} is not a secrets file: it holds no JSON object. `koogate keys secrets` makes one.',
    '{file} 不是密钥文件（不是 JSON 对象）。可用 `koogate keys secrets` 生成。',
  ],
  'problem.private-key': [
    '{file} holds no private key that can be read. PEM (PKCS#8) without a pass phrase is needed.',
    '{file} 中没有可读的私钥。需要无口令的 PEM（PKCS#8）。',
  ],
  'problem.public-key': [
    "{file} holds no public key that can be read: PEM, or the seller console's form without BEGIN and END lines.",
    '{file} 中没有可读的公钥：应为 PEM，或卖家中心使用的不含 BEGIN/END 行的形式。',
  ],
  'problem.public-key-missing': [
    "applicationSync encrypts a secret with the app credential's public key: give --public-key FILE.",
    'applicationSync 需用应用凭证公钥加密密钥：请给出 --public-key 文件。',
  ],
  'problem.key': [
    '--key is given as class=value, for instance --key base=… (classes: base, kit, license, general).',
    '--key 的格式为 类别=值，例如 --key base=…（类别：base、kit、license、general）。',
  ],
  'problem.key-missing': [
    'No access key of the class "{keyClass}" is known: give --key {keyClass}=…, or --product NAME with a secrets file.',
    '没有“{keyClass}”类的密钥：请给出 --key {keyClass}=…，或用 --product 名称 配合密钥文件。',
  ],
  'problem.activity': ['"{given}" is no activity. Known are: {choices}.', '“{given}”不是接口名。可选：{choices}。'],
  'problem.activity-family': [
    'The family {family} has no activity "{given}". It has: {choices}.',
    '接口族 {family} 没有“{given}”。可选：{choices}。',
  ],
  'problem.command': [
    '"{given}" is no command. Take one of: {choices}. See `koogate --help`.',
    '“{given}”不是命令。可选：{choices}。见 `koogate --help`。',
  ],
  'problem.aws-credentials': [
    'AWS knows nobody here: sign in (aws sso login, with AWS_PROFILE), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    '没有可用的 AWS 凭证：请登录（aws sso login，并设置 AWS_PROFILE），或设置 AWS_ACCESS_KEY_ID 与 AWS_SECRET_ACCESS_KEY。',
  ],
  'problem.aws': ['AWS refused ({name}): {message}', 'AWS 拒绝了请求（{name}）：{message}'],
  'problem.not-running': [
    'No KooGate runs on the data in {data}: start one with "npm start" or "npx koogate start" (another folder: KOOGATE_DATA), or name a server with --at.',
    '{data} 上没有正在运行的 KooGate：请用“npm start”或“npx koogate start”启动（其他文件夹：KOOGATE_DATA），或用 --at 指定服务器。',
  ],
  'problem.product': [
    'There is no product "{given}". Known are: {choices}.',
    '没有商品“{given}”。已知商品：{choices}。',
  ],
  'problem.product-needed': [
    'Say which product is meant: --product with one of {choices}, or --at with an address.',
    '请指定商品：--product，可选 {choices}；或用 --at 给出地址。',
  ],
  'problem.refused': [
    'nobody answers at {at} (connection refused): start the server, or check --at.',
    '{at} 无人应答（连接被拒绝）：请先启动服务器，或检查 --at。',
  ],
  'problem.server-ended': [
    'The server at {at} has ended during the run: it answered before, and now refuses connections.',
    '{at} 的服务器在运行过程中退出：此前有响应，现在拒绝连接。',
  ],
  'problem.exists': [
    '{file} exists already. Nothing was overwritten: name another file with --out, or move it away.',
    '{file} 已存在，未覆盖。请用 --out 指定其他文件，或先移走它。',
  ],
  'problem.node': [
    'koogate needs Node 22.18 or newer; this is {version}.',
    'koogate 需要 Node 22.18 或更高版本；当前为 {version}。',
  ],
  'call.request': ['Request', '请求'],
  'call.response': ['Response', '响应'],
  'call.checks': ['Checks', '检查'],
  'call.no-body': ['(no body)', '（无内容）'],
  'call.credentials': ['Login data, decrypted', '登录信息（已解密）'],
  'call.good': ['The call succeeded.', '调用成功。'],
  'call.bad': ['The call failed.', '调用失败。'],
  'call.console': ['The seller console would say: {text}', '卖家中心会提示：{text}'],
  'call.http-note': [
    'Note: the marketplace calls https addresses only; http is fine for a local server.',
    '提示：云商店只调用 https 地址；http 仅适用于本地服务器。',
  ],
  'call.cause': ['cause: {text}', '原因：{text}'],
  'call.members': ['instance {instanceId}', '实例 {instanceId}'],
  'problem.needed': ['{name} is needed here. See --help.', '此处需要 {name}。见 --help。'],
  'problem.time': [
    '{name} takes an ISO time, for instance 2025-11-24T16:00:00Z.',
    '{name} 应为 ISO 时间，例如 2025-11-24T16:00:00Z。',
  ],
  'problem.key-file': [
    '{file} holds no key that can be read: PEM, or base64 without BEGIN and END lines.',
    '{file} 中没有可读的密钥：应为 PEM，或不含 BEGIN/END 行的 base64。',
  ],
  'keys.written': ['Written: {files}', '已写入：{files}'],
  'keys.console': [
    'Public key in the form the seller console takes (no BEGIN and END lines):',
    '卖家中心使用的公钥（不含 BEGIN/END 行）：',
  ],
  'keys.good': ['Good: {algorithm} {type} key of {size} bit.', '合格：{algorithm} {type} 密钥，{size} 位。'],
  'keys.bad': [
    'Not good: {algorithm} {type} key of {size} bit. RSA of at least {least} bit is asked for.',
    '不合格：{algorithm} {type} 密钥，{size} 位。要求 RSA 至少 {least} 位。',
  ],
  'doctor.what.query': ['Signature in the query', '查询串签名'],
  'doctor.what.kit': ['Kit signature (x-sign)', 'Kit 签名（x-sign）'],
  'doctor.what.token': ['authToken', 'authToken'],
  'doctor.what.token-header': ['authToken in the header', '请求头 authToken'],
  'doctor.what.nothing': ['Call', '调用'],
  'doctor.what.body-sign': ['Body-Sign', 'Body-Sign'],
  'doctor.what.aes': ['Encrypted value (AES)', '加密值（AES）'],
  'doctor.what.oaep': ['Encrypted value (RSA)', '加密值（RSA）'],
  'doctor.right': ['holds.', '正确。'],
  'doctor.right-but': ['holds, but:', '正确，但是：'],
  'doctor.explained': ['does not hold. One thing explains it:', '不正确。原因如下：'],
  'doctor.explained-several': ['does not hold. Each of these alone explains it:', '不正确。以下任一项均可单独解释：'],
  'doctor.unknown': [
    'unknown. No single deviation explains it: another key, or two things at once.',
    '未知。没有单一偏差能够解释：可能是其他密钥，或同时有两处偏差。',
  ],
  'doctor.unknown.next': [
    'Tried: {tried}. Is one missing that was valid then (--key CLASS=VALUE), and is the body, byte for byte, the one that was signed?',
    '已尝试：{tried}。是否缺少当时有效的密钥（--key 类别=值），请求体是否与签名时逐字节相同？',
  ],
  'problem.product-kind': [
    'Say what is sold: --product-kind with one of {choices}.',
    '请指定商品种类：--product-kind，可选 {choices}。',
  ],
} as const satisfies Sentences;
