import type { Sentences } from '../../language/sentence.ts';

/** Probes, what they find, and the words around them. English, Chinese. */
export const chaosSentences = {
  'chaos.title': ['Chaos: {family} at {at}', '混沌测试：{family}，{at}'],
  'chaos.good': ['Nothing went wrong.', '未发现问题。'],
  'chaos.bad': ['{count} probes found something wrong.', '{count} 项探测发现问题。'],
  'chaos.skipped': [
    '{count} probes are not for this family, or need more keys',
    '{count} 项探测不适用于此接口族，或需要更多密钥',
  ],
  'chaos.unclear.state': [
    'answered well, but whether state stayed right cannot be seen from outside: give --state or --state-table',
    '响应正常，但从外部看不到状态是否正确：请给出 --state 或 --state-table',
  ],
  'probe.duplicates': ['the same call twenty times at once', '同一调用同时到达二十次'],
  'probe.repeat-later': ['a purchase repeated after it succeeded', '订购成功后再次到达'],
  'probe.retry-storm': ['sixty retries', '六十次重试'],
  'probe.lost-answer': ['the answer to a purchase is lost, then a retry', '订购响应丢失后重试'],
  'probe.impatience': ['callers hang up at once and call again', '调用方立即挂断并重拨'],
  'probe.duplicate-renewal': ['the same renewal ten times at once', '同一续费同时到达十次'],
  'probe.two-lines': ['two lines of one order at once', '同一订单的两行同时到达'],
  'probe.withdrawn-renewal': ['a renewal is bought and given back', '续费后退续费'],
  'probe.kit-repeats': ['every call of the Kit three times, deletes too', '联营 Kit 的每个调用各三次，含删除'],
  'probe.kit-opposites': ['users and departments come and go at once', '用户与部门同时新增和删除'],
  'probe.kit-many-users': ['more than five hundred users in one call', '一次调用超过五百个用户'],
  'probe.replayed-read': ['a recorded queryInstance is sent again', '重放录制的 queryInstance'],
  'probe.replayed-freeze': ['a recorded FREEZE is sent again after UNFREEZE', 'UNFREEZE 之后重放录制的 FREEZE'],
  'probe.replay-after-rotation': [
    'the older key: accepted, answered with it, its calls not replayable',
    '旧密钥：可接受、以其签名响应、其调用不可重放',
  ],
  'probe.overtaken-freeze': [
    'a FREEZE arrives after the UNFREEZE that was signed later',
    '较早签名的 FREEZE 晚于 UNFREEZE 到达',
  ],
  'probe.overtaken-renewal': ['an older renewal arrives after a newer one', '较早的续费晚于较新的续费到达'],
  'probe.concurrent-opposites': [
    'FREEZE and UNFREEZE at once, the newest has to win',
    'FREEZE 与 UNFREEZE 并发，最新者应生效',
  ],
  'probe.wrong-key': ['wrong keys', '错误的密钥'],
  'probe.clocks': [
    'wrong clocks: an hour, two minutes, 65 seconds, a month',
    '时钟错误：一小时、两分钟、65 秒、一个月',
  ],
  'probe.tampering': ['a byte, a digit or a parameter changed on the way', '途中被改动一个字节、数字或参数'],
  'probe.doubled-parameters': ['a stale timestamp with a fresh one beside it', '过期 timestamp 旁边再加一个新的'],
  'probe.after-release': ['calls after the release', '释放之后的调用'],
  'probe.unknown-instances': ['calls for an instance nobody bought', '针对从未订购实例的调用'],
  'probe.debugging-calls': ['debugging calls on a real instance', '对真实实例的调试调用'],
  'probe.malformed': ['malformed bodies, rightly signed', '签名正确的畸形请求体'],
  'probe.malformed-query': ['malformed queries', '畸形查询串'],
  'probe.methods': ['other methods', '其他请求方法'],
  'probe.cut-connections': ['connections cut in the middle of the body', '请求体中途断线'],
  'probe.slow-body': ['a body that drips', '缓慢到达的请求体'],
  'probe.huge-body': ['a body of 10 MB', '10 MB 的请求体'],
  'probe.one-key': ['one customer’s key asked for again and at the same time', '同一客户的密钥被重复并同时申请'],
  'probe.replayed-key': ['a recorded applyApikey is sent again', '重放录制的 applyApikey'],
  'probe.control': ['an instance bought at the start is as it was', '开始时订购的实例保持不变'],
  'chaos.many-keys': [
    'one customer was given {count} keys in {calls} calls; each customer has one',
    '同一客户在 {calls} 次调用中得到 {count} 个密钥；每位客户只应有一个',
  ],
  'chaos.shared-key': ['two customers were given the same key', '两位客户得到同一个密钥'],
  'chaos.many-ids': [
    '{calls} calls of one purchase got {count} instanceIds: a second instance was made',
    '同一订购的 {calls} 次调用得到 {count} 个 instanceId：产生了第二个实例',
  ],
  'chaos.repeat-refused': [
    '{count} repeats were refused ({code}); a repeat answers as the first call did',
    '{count} 次重复被拒绝（{code}）；重复调用应与首次响应一致',
  ],
  'chaos.slow': ['{count} answers came after the time limit', '{count} 次响应超时'],
  'chaos.does-not-sell': [
    'a real newInstance was refused, so nothing more could be tried',
    '真实 newInstance 被拒绝，无法继续',
  ],
  'chaos.line-refused': [
    'a further line of the same order was refused ({code}); each line is a purchase of its own',
    '同一订单的另一订单行被拒绝（{code}）；每个订单行都是独立的订购',
  ],
  'chaos.lines-share-id': [
    'two lines of one order got one instanceId: the second purchase was never made',
    '同一订单的两行得到同一个 instanceId：第二笔订购没有执行',
  ],
  'chaos.withdrawal-refused': ['a withdrawn renewal was refused ({code})', '退续费被拒绝（{code}）'],
  'chaos.withdrawal-ignored': ['a withdrawn renewal left the later expiry in place', '退续费后到期时间没有恢复'],
  'chaos.kit-refused': [
    '{activity}, flag {flag}, was refused when repeated ({code}); repeats and deletes always succeed',
    '重复的 {activity}（flag {flag}）被拒绝（{code}）；重复与删除应始终成功',
  ],
  'chaos.kit-at-once': [
    '{count} calls about one user or department were refused when they came at once ({code})',
    '针对同一用户或部门的调用同时到达时，{count} 次被拒绝（{code}）',
  ],
  'chaos.kit-many-users-refused': [
    'authSync of {count} users was refused ({code}); no page names a limit',
    '{count} 个用户的 authSync 被拒绝（{code}）；文档未规定上限',
  ],
  'chaos.renewed-twice': [
    'the renewal was not carried out exactly once: the expiry is another',
    '续费未恰好执行一次：到期时间不符',
  ],
  'chaos.renewal-refused': ['a renewal was refused', '续费被拒绝'],
  'chaos.replay-gives-credentials': [
    'a replayed call gave credentials: nonces are not remembered',
    '重放的调用返回了登录信息或密钥：未记录 nonce',
  ],
  'chaos.replay-changed-state': [
    'the replayed FREEZE took effect: the instance is {state}',
    '重放的 FREEZE 生效：实例状态为 {state}',
  ],
  'chaos.older-key-refused': ['the older key is refused: a rotation would leave a gap', '旧密钥被拒绝：轮换期间会中断'],
  'chaos.answer-signed-with-other-key': [
    'a call with the older key was answered with the signature of another',
    '用旧密钥的调用，响应却以其他密钥签名',
  ],
  'chaos.overtaken-took-effect': [
    'the overtaken FREEZE took effect: the instance is {state}',
    '被超越的 FREEZE 生效：实例状态为 {state}',
  ],
  'chaos.older-date-won': ['the older renewal set the expiry', '较早的续费决定了到期时间'],
  'chaos.older-status-won': ['an older status won: the instance is {state}', '较早的状态生效：实例状态为 {state}'],
  'chaos.wrong-key-taken': ['{count} calls with a wrong key were accepted', '{count} 次错误密钥的调用被接受'],
  'chaos.wrong-time-taken': ['{count} calls outside the time window were accepted', '{count} 次时间窗之外的调用被接受'],
  'chaos.tampered-taken': ['{count} calls that were changed on the way were accepted', '{count} 次被篡改的调用被接受'],
  'chaos.refused-but-done': ['a call that had to be refused took effect', '应拒绝的调用却生效了'],
  'chaos.half-call-done': ['half a call took effect', '不完整的调用却生效了'],
  'chaos.release-refused': [
    'a release was refused ({code}); repeats succeed without repeating work',
    '释放被拒绝（{code}）；重复释放应直接成功',
  ],
  'chaos.revived': ['a released instance was renewed or unfrozen', '已释放的实例被续费或解冻'],
  'chaos.credentials-after-release': [
    'login data of a released instance are still given out',
    '已释放实例的登录信息仍被返回',
  ],
  'chaos.unknown-taken': [
    '{activity} of an unknown instance was answered with success; 000003 fits',
    '对未知实例的 {activity} 返回成功；应为 000003',
  ],
  'chaos.unknown-released': [
    'releaseInstance of an unknown instance was answered with success; 000003 is documented',
    '对未知实例的 releaseInstance 返回成功；文档为 000003',
  ],
  'chaos.test-refused': ['the debugging call {activity} was refused', '调试调用 {activity} 被拒绝'],
  'chaos.test-touched-state': ['a debugging call changed a real instance', '调试调用改变了真实实例'],
  'chaos.malformed-broke': ['{name}: the server broke ({what})', '{name}：服务器出错（{what}）'],
  'chaos.malformed-leaked': ['{name}: a stack trace came back', '{name}：返回了堆栈信息'],
  'chaos.malformed-taken': ['{name}: answered with success', '{name}：返回成功'],
  'chaos.malformed-lenient': ['{name}: taken, which nothing forbids', '{name}：被接受（文档未禁止）'],
  'chaos.malformed-internal': [
    '{name}: answered 000005; 000002 says whose fault it is',
    '{name}：返回 000005；000002 更能说明问题',
  ],
  'chaos.method-taken': ['{name} was answered with success', '{name} 返回成功'],
  'chaos.not-alive': ['afterwards a right call fails ({code})', '之后正常调用失败（{code}）'],
  'chaos.slow-body-broke': [
    'a body that drips broke the call (HTTP {status})',
    '缓慢的请求体导致失败（HTTP {status}）',
  ],
  'chaos.huge-body-broke': ['10 MB broke the server (HTTP {status})', '10 MB 请求体导致服务器出错（HTTP {status}）'],
  'chaos.huge-body-hung': ['10 MB made the server hang', '10 MB 请求体导致服务器挂起'],
  'chaos.control-changed': [
    'an instance that nobody touched has changed ({code})',
    '未被触碰的实例发生了变化（{code}）',
  ],
  'problem.state': [
    '{address} does not answer with JSON that holds a "state".',
    '{address} 未返回含 "state" 的 JSON。',
  ],
  'problem.chaos-real': [
    '{at} is not on this machine. chaos makes real purchases: say --real if the server is yours and may be shaken.',
    '{at} 不在本机。chaos 会发起真实订购：若该服务器属于你且允许测试，请加 --real。',
  ],
  'help.chaos': [
    `koogate chaos: do to a server what networks, retries and strangers do

Usage: koogate chaos [--at URL] [--key CLASS=VALUE] [--family NAME] [options]

Makes real calls with order numbers of its own: instances are bought, frozen, renewed, released. Servers that are not
on this machine need --real. Stops with exit code 1 at the first connection refused.

  --family NAME         saas-v2 (default), saas-v1, license-online, kit-v2, license-2, order-notify …
  --probe NAME          only this probe; may be repeated
  --state URL           tells what is stored: {instanceId} is filled in, the answer is JSON with "state"
                        (ACTIVE, FROZEN, RELEASED or NONE) and perhaps "expiresAt" (yyyyMMddHHmmss, UTC)
  --state-table NAME    the same from KooGate's own table; --endpoint URL names the DynamoDB endpoint, --database URL the
                        PostgreSQL database (its password: PGPASSWORD, else database.password of the secrets file)
                        (default: table and endpoint of the KooGate that runs here, if it is the one called)
  --patience MS         how long to wait for a new instance to be ready (default 20000)
  --real                needed for servers on other machines
  --at, --product, --key, --secrets, --private-key, --insecure, --json, --lang, --no-color as in certify

Examples:
  koogate chaos --product demo
  koogate chaos --at http://localhost:8080/saas --key base=3f0a… --state 'http://localhost:8080/debug/{instanceId}'
  koogate chaos --at https://staging.example.com/saas --key base=3f0a… --real --probe duplicates --probe retry-storm`,
    `koogate chaos：像网络、重试和陌生人那样对待服务器

用法：koogate chaos [--at URL] [--key 类别=值] [--family 接口族] [选项]

以自编订单号发起真实调用：实例会被订购、冻结、续费、释放。非本机服务器需加 --real。
连接被拒绝时立即停止，退出码为 1。

  --family 接口族       saas-v2（默认）、saas-v1、license-online、kit-v2、license-2、order-notify 等
  --probe 名称          只做这一项探测；可重复
  --state URL           用于查看已存状态：填入 {instanceId}，返回含 "state" 的 JSON
                        （ACTIVE、FROZEN、RELEASED 或 NONE），可含 "expiresAt"（yyyyMMddHHmmss，UTC）
  --state-table 表名    从 KooGate 自己的表读取；--endpoint URL 指定 DynamoDB 地址，--database URL 指定 PostgreSQL
                        数据库（密码取自 PGPASSWORD，否则取密钥文件的 database.password）
                        （默认：若调用的是本机运行的 KooGate，则用它的表和地址）
  --patience 毫秒       等待新实例就绪的时间（默认 20000）
  --real                非本机服务器必须给出
  --at、--product、--key、--secrets、--private-key、--insecure、--json、--lang、--no-color 同 certify

示例：
  koogate chaos --product demo
  koogate chaos --at http://localhost:8080/saas --key base=3f0a… --state 'http://localhost:8080/debug/{instanceId}'
  koogate chaos --at https://staging.example.com/saas --key base=3f0a… --real --probe duplicates --probe retry-storm`,
  ],
} as const satisfies Sentences;
