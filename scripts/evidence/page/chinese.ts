/*
 * The Chinese of what the commands write. `{}` stands for a number, in the order of the English text; a count of result codes
 * (`000000 × 12, 000003 × 4`) is one of them.
 */

const TITLES: Readonly<Record<string, string>> = {
  // bench
  'CPU per accepted newInstance ÷ R': '每次受理 newInstance 的 CPU ÷ R',
  'CPU per repeated newInstance ÷ R’s repeat': '每次重复 newInstance 的 CPU ÷ R 的重复',
  'CPU of the pipeline without the store ÷ F': '不含存储的处理链 CPU ÷ F',
  'refused before hashing (time) ÷ F': '哈希之前拒绝（时间）÷ F',
  'refused before hashing (form) ÷ F': '哈希之前拒绝（格式）÷ F',
  'refused before hashing (size) ÷ F': '哈希之前拒绝（大小）÷ F',
  'refused before hashing, body of {} KB ÷ of {} KB': '哈希之前拒绝，{} KB 请求体 ÷ {} KB 请求体',
  'wrong signature ÷ F, per key tried': '签名错误 ÷ F，按所试密钥数',
  'wrong signature, {} KB ÷ F, per key tried (linear: the ratio stays)':
    '签名错误，{} KB ÷ F，按所试密钥数（线性：比值不变）',
  'wrong signature, {} KB ÷ HMAC of its bytes': '签名错误，{} KB ÷ 其字节的 HMAC',
  'DynamoDB calls, first': 'DynamoDB 调用次数，首次',
  'DynamoDB calls, repeat': 'DynamoDB 调用次数，重复',
  'DynamoDB calls, change': 'DynamoDB 调用次数，变更',
  'DynamoDB calls, test': 'DynamoDB 调用次数，调试',
  'DynamoDB calls, refused': 'DynamoDB 调用次数，拒绝',
  'bundle of produce, KB minified': 'produce 的打包大小，压缩代码后 KB',
  'bundle of produce, KB gzip': 'produce 的打包大小，gzip 后 KB',
  'init over an empty handler ÷ R’s init, wall': '相对空函数的初始化时间 ÷ R 的初始化，耗时',
  'init over an empty handler ÷ R’s init, CPU': '相对空函数的初始化时间 ÷ R 的初始化，CPU',
  'requests/s over HTTP, accepted purchases ÷ R': '经 HTTP 每秒受理的购买 ÷ R',
  'requests/s of the server host on PostgreSQL, accepted purchases ÷ a bare server with one INSERT':
    '服务器主机在 PostgreSQL 上每秒受理的购买 ÷ 只执行一条 INSERT 的服务器',
  'CPU of servers and database per purchase, two servers ÷ one': '每笔购买的服务器与数据库 CPU，两台服务器 ÷ 一台',
  'CPU of server and database per call, full table ÷ empty': '每次调用的服务器与数据库 CPU，满表 ÷ 空表',
  'pages looked at per call, full table ÷ empty': '每次调用读取的数据页，满表 ÷ 空表',
  'statements per call, full table ÷ empty': '每次调用的语句数，满表 ÷ 空表',
  'heap of the server host after collection, {} to {} calls, growth in MB':
    '服务器主机回收后的堆，从 {} 到 {} 次调用，增长 MB',
  'units of {} accepted purchases ÷ R’s accept path': '{} 笔已受理购买的容量单位 ÷ R 的受理过程',
  'units of their whole life ÷ R with the same fulfilment': '这些购买整个过程的容量单位 ÷ 履约相同的 R',
  'batch queryInstance of {} ids ÷ one id (RSA-OAEP on the wire)':
    '批量 queryInstance {} 个实例 ÷ 一个实例（RSA-OAEP 加密传输）',
  'batch queryInstance of {} ids ÷ one id (plain inside TLS)': '批量 queryInstance {} 个实例 ÷ 一个实例（仅 TLS）',
  'heap after collection, {} to {} requests, growth in MB': '回收后的堆，从 {} 到 {} 次请求，增长 MB',
  'authSync of {} users ÷ a bare loop of {} conditional writes': 'authSync {} 个用户 ÷ {} 次条件写入的裸循环',
  'forged Kit call of {} MB (v{}), many members ÷ HMAC of its bytes':
    '伪造的联营调用，{} MB（v{}），成员很多 ÷ 其字节的 HMAC',
  'forged Kit call of {} MB (v{}), few members and long lists ÷ HMAC of its bytes':
    '伪造的联营调用，{} MB（v{}），成员少而列表长 ÷ 其字节的 HMAC',
  'forged Kit call of {} MB (v{}), deep ÷ HMAC of its bytes': '伪造的联营调用，{} MB（v{}），嵌套很深 ÷ 其字节的 HMAC',
  'forged Kit call of {} MB (v{}), long texts ÷ HMAC of its bytes':
    '伪造的联营调用，{} MB（v{}），文本很长 ÷ 其字节的 HMAC',
  'read units of a sweep with nothing due': '无到期项的一次扫描的读单位',
  'write units of a sweep with nothing due': '无到期项的一次扫描的写单位',
  'time of a sweep with nothing due, ms': '无到期项的一次扫描的时间，ms',
  'bytes that a sweep with nothing due logs': '无到期项的一次扫描写入日志的字节',
  'bytes that an accepted purchase logs': '一次受理的购买写入日志的字节',
  'bytes that an instance keeps in the table': '一个实例在数据表中占用的字节',
  'dollars a month of a stage on AWS that sells nothing': 'AWS 上没有销售的阶段每月美元',
  // prove
  'a refused duplicate does not free the holder’s lock': '被拒绝的重复调用不会释放持有者的锁',
  'a worker that was overtaken does not overwrite the stored answer': '被超越的执行者不会覆盖已保存的应答',
  'a call with no time left does not block its repeats': '时间用尽的调用不会阻塞其重复调用',
  'a late failure does not erase a finished record': '迟到的失败不会抹掉已完成的记录',
  'each accepted change has its effect: once per key, in order, recorded by the holder alone':
    '每个已受理的变更都生效：每个键一次，按顺序，只由持有者记录',
  'no order is lost whose outages end {} minutes before the marketplace gives up; no tenant is left over':
    '只要故障在云商店放弃前 {} 分钟结束，订单就不会丢失，也不会留下多余的租户',
  'over a month the figures of delisting are those of its events; each alarm rings in time, once a receiver, and closes':
    '一个月内，下架数字与所发生的事件一致；每个告警按时响起、每个接收方只收到一次，并会关闭',
  'whatever breaks, somebody hears in time: the rules, or what watches from outside; all closes':
    '无论什么出故障，都有人及时得知：靠告警规则，或靠外部监控；修复后全部关闭',
  'killed at any await of accept, fulfil, complete: all is carried out, in order, once':
    '在受理、履约、完成的任一等待处被杀死：全部变更仍按顺序执行一次',
  'on PostgreSQL, server killed in any statement and after it: all is carried out, in order, once':
    '在 PostgreSQL 上，服务器在任一语句中或其后被杀死：全部变更仍按顺序执行一次',
  'on PostgreSQL, database killed in any statement and after it: nothing answered is lost, nothing twice':
    '在 PostgreSQL 上，数据库在任一语句中或其后被杀死：已应答的不丢失，也不重复',
  'the same for a life that ends with a release: nothing comes after it':
    '以释放结束的过程同样如此：释放之后不再有任何动作',
  'concurrent calls over HTTP are answered as if each took place at one moment (life-cycle model)':
    '经 HTTP 并发的调用，其应答如同每个调用都在某一瞬间发生（生命周期模型）',
  'parsers take or refuse any input, and throw nothing else': '解析器对任何输入要么接受要么拒绝，不抛出其他异常',
  'verifiers take no forged signature, and throw nothing': '验签不接受任何伪造的签名，也不抛出异常',
  'the route answers anything: no throw, no unsigned answer, bounded work':
    '路由对任何输入都有应答：不抛出异常，没有未签名的应答，工作量有界',
  'under load with duplicates and faults: nothing lost, nothing twice, no answer unsigned':
    '带有重复与故障的负载下：不丢失，不重复，没有未签名的应答',
  'two servers on one table, one killed again and again: nothing lost, nothing twice, nothing unsigned':
    '两台服务器共用一张表，其中一台反复被杀死：不丢失，不重复，没有未签名的应答',
  'two servers on one table in PostgreSQL answer concurrent calls as if each took place at one moment':
    'PostgreSQL 上共用一张表的两台服务器，对并发调用的应答如同每个调用都在某一瞬间发生',
  'a day of the largest seller: nothing lost, nothing twice, no answer late, the right alarms and no others':
    '最大卖家的一天：不丢失，不重复，没有迟到的应答，该响的告警都响，其他的都不响',
  'concurrent deliveries of one order give one instance and one run of the seller’s code':
    '同一订单的并发投递只得到一个实例，卖家的代码只运行一次',
  'every refusal is signed': '每个拒绝应答都带签名',
  'nothing in the table shows a credential, a phone number, an e-mail address or a key':
    '数据表中看不到任何凭证、手机号、邮箱地址或密钥',
  'no log line shows a credential, a phone number, an e-mail address or a key':
    '日志中看不到任何凭证、手机号、邮箱地址或密钥',
  'found when planted: the fence does not ask who holds the item': '植入后被发现：写入栅栏不检查由谁持有数据项',
  'found when planted: the fence does not ask which change is the head': '植入后被发现：写入栅栏不检查队首是哪个变更',
  'found when planted: a claim does not look for another’s hold': '植入后被发现：领取时不检查他人的租约',
  'found when planted: an order’s mark does not keep it from being accepted again':
    '植入后被发现：订单标记不能阻止再次受理',
  'found when planted: a purchase is put without its condition': '植入后被发现：写入购买时没有条件',
  'found when planted: the instance’s id is made up anew for each delivery': '植入后被发现：每次投递都重新编造实例 ID',
  'found when planted: a FREEZE waits behind a renewal that fails': '植入后被发现：FREEZE 排在失败的续费之后等待',
  'found when planted: status changes overtake whatever fails, purchases too':
    '植入后被发现：状态变更超越任何失败的变更，包括购买',
  'found when planted: orders change places when they are overtaken': '植入后被发现：订单被超越时互换先后',
  'found when planted: an older status is accepted after a newer one': '植入后被发现：较旧的状态在较新的之后被受理',
  'found when planted: a change is accepted and nobody is woken': '植入后被发现：变更已受理，却没有唤醒任何人',
  'found when planted: the index forgets an item of which something is left':
    '植入后被发现：仍有剩余变更的数据项从索引中消失',
  'found when planted: what follows a change is never due': '植入后被发现：后续变更永远不到期',
  'found when planted: all that waits is taken with the head': '植入后被发现：全部等待的变更随队首一并取走',
  'found when planted: the last change is taken without a look for a newer one':
    '植入后被发现：取走最后一个变更时不看是否有更新的',
  'found when planted: a list is replaced without a look for what was appended':
    '植入后被发现：替换列表时不看是否有新追加的变更',
  'found when planted: a released instance takes changes': '植入后被发现：已释放的实例仍接受变更',
  'found when planted: a released instance keeps what it knew of its buyer':
    '植入后被发现：已释放的实例仍保留买家的信息',
  'found when planted: a purchase that fails is not cleaned up': '植入后被发现：失败的购买没有清理',
  'found when planted: the door is left as a late renewal left it':
    '植入后被发现：访问状态停留在迟到的续费所留下的样子',
  'found when planted: a failed attempt counts as an end': '植入后被发现：失败的尝试被当作完成',
  'found when planted: each attempt has a key of its own': '植入后被发现：每次尝试使用不同的键',
  'found when planted: a status is taken for done that is not': '植入后被发现：未完成的状态被当作完成',
  'found when planted: the chain of the history is broken': '植入后被发现：历史的链断开',
  'found when planted: the head of the history stays where it was': '植入后被发现：历史的链头停在原处',
  // mutate and coverage
  'lines of lib/ that tests reach': '测试覆盖的 lib/ 代码行',
  'branches of lib/ that tests reach': '测试覆盖的 lib/ 分支',
};

const VALUES: Readonly<Record<string, string>> = {
  'one case, on a real engine': '一个场景，在真实引擎上',
  '{} random schedules: {} changes, {} effects asked for, seeds from {}':
    '{} 个随机调度：{} 个变更，请求生效 {} 次，种子从 {} 开始',
  '{} purchases, {} of them with outages that end in time, {} attempts, seeds from {}':
    '{} 笔购买，其中 {} 笔的故障及时结束，共 {} 次尝试，种子从 {} 开始',
  '{} purchases in 30 days, {} figures compared, {} alarms': '30 天内 {} 笔新购，核对 {} 个数字，{} 个告警',
  '{} disasters, each with one of the two systems heard, and a day without any':
    '{} 种灾难，每种都只有两套系统之一可被听到，另有平安无事的一天',
  '{} processes killed, one at each moment, the engine restarted on its file each time':
    '杀死 {} 个进程，每个等待处一个，每次都在其文件上重启引擎',
  '{} processes killed, with a statement on its way or just answered, transactions included':
    '杀死 {} 个进程，语句正在途中或刚得到应答，包括事务',
  '{} databases killed with all their processes and recovered from their log, the server living on':
    '杀死 {} 个数据库及其全部进程，并从日志恢复，服务器继续运行',
  '{} histories of {} calls by {} clients, {} answers: {}': '{} 段历史，每段 {} 个调用、{} 个客户端，共 {} 个应答：{}',
  '{} inputs for each of: query string, times, body and messages, canonical form, V{} query string, Kit bodies':
    '各 {} 个输入：查询串、时间、请求体与消息、规范形式、V{} 查询串、联营请求体',
  '{} inputs for each of: signature of a call, texts as signatures': '各 {} 个输入：调用的签名、当作签名的文本',
  '{} inputs for each of: route': '{} 个输入：路由',
  '{} min at {} calls/s: {} orders, {} deliveries, {} repeats, {} hang-ups, {} faults of table and seller; p{} {} ms, p{} {} ms':
    '{} 分钟，每秒 {} 个调用：{} 个订单，{} 次投递，{} 次重复，{} 次挂断，{} 个数据表与卖家故障；p{} {} ms，p{} {} ms',
  '{} min at {} calls/s: {} orders, {} deliveries, {} repeats, {} hang-ups, {} kills; p{} {} ms, p{} {} ms':
    '{} 分钟，每秒 {} 个调用：{} 个订单，{} 次投递，{} 次重复，{} 次挂断，{} 次杀死；p{} {} ms，p{} {} ms',
  '{} products, {} min at {} calls/s: {} orders, {} deliveries, {} servers killed, the database once; {} % refused with {}; p{} {} ms, p{} {} ms':
    '{} 个商品，{} 分钟，每秒 {} 个调用：{} 个订单，{} 次投递，杀死服务器 {} 次，数据库一次；{} % 以 {} 拒绝；p{} {} ms，p{} {} ms',
  '{} deliveries at the same time: {} instance, {} run': '同时投递 {} 次：{} 个实例，运行 {} 次',
  'broke a rule in {} of {} random schedules': '在 {} / {} 个随机调度中违反规则',
  '{} refused calls: {}': '{} 个被拒绝的调用：{}',
  '{} items, looked through for {} secrets': '{} 个数据项，查找 {} 个秘密',
  '{} lines, looked through for {} secrets': '{} 行日志，查找 {} 个秘密',
  '{} changes noticed, {} explained in place, {} not noticed, {} cannot be loaded, {} not tried':
    '{} 处改动被发现，{} 处就地说明，{} 处未被发现，{} 处无法加载，{} 处未尝试',
  '{} % ({} of {})': '{} %（{} / {}）',
};

const VERDICTS: Readonly<Record<string, string>> = {
  met: '达到',
  'stretch met': '超过目标',
  missed: '未达到',
  'not judged': '不评判',
  holds: '成立',
  BROKEN: '不成立',
  'not run': '未运行',
  'not measured yet': '尚未测量',
};

const BLANKS = /\d{6} × \d+(?:, \d{6} × \d+)*|\d+(?:[.,]\d+)*/g;

/** Key of a text in the tables: its numbers left out. */
function patternOf(text: string): string {
  return text.replaceAll(BLANKS, '{}');
}

/** Finds the Chinese of a figure, a statement, what was run, or a verdict; undefined where there is none. */
export function chineseOf(text: string): string | undefined {
  const pattern = patternOf(text);
  const chinese = TITLES[pattern] ?? VALUES[pattern] ?? VERDICTS[text];
  const numbers = text.match(BLANKS) ?? [];
  let next = 0;
  return chinese?.replaceAll('{}', () => numbers[next++] ?? '');
}
