import type { Sentences } from '../../language/sentence.ts';

/** Sentences of `koogate table check`. English, Chinese. */
export const tableCheckSentences = {
  'problem.engine-needed': [
    'Which engine? Give --endpoint http://127.0.0.1:8000 for one with the interface of DynamoDB, or --database ' +
      'postgres://user@host:5432/database.',
    '检查哪个引擎？DynamoDB 兼容引擎请用 --endpoint http://127.0.0.1:8000，PostgreSQL 请用 --database ' +
      'postgres://用户@主机:5432/数据库。',
  ],
  'problem.endpoint': [
    '"{given}" is not an address of an engine: expected http:// or https:// with host and port, without user and path. ' +
      'User and password are AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    '“{given}”不是引擎地址：应为 http:// 或 https:// 加主机与端口，不含用户与路径。' +
      '用户与密码由 AWS_ACCESS_KEY_ID 与 AWS_SECRET_ACCESS_KEY 给出。',
  ],
  'problem.scratch-exists': [
    'There is a table {table} already: the check makes a table of its own and removes it. Name another with --table.',
    '表 {table} 已存在：检查会新建自己的表并在结束后删除。请用 --table 指定其他名称。',
  ],

  'table-check.fit': ['{engine} keeps every rule that KooGate relies on.', '{engine} 满足 KooGate 所依赖的全部规则。'],
  'table-check.unfit': [
    '{engine} breaks {rules} of the rules that KooGate relies on: do not use it.',
    '{engine} 违反了 KooGate 所依赖的 {rules} 条规则：请勿使用。',
  ],
  'table-check.left': [
    'The table {table} could not be removed ({detail}): remove it yourself.',
    '未能删除表 {table}（{detail}）：请自行删除。',
  ],
  'table-check.broken': ['{request}: expected {expected}, found {found}', '{request}：应为 {expected}，实为 {found}'],
  'table-check.error': ['the engine answered {error}', '引擎应答 {error}'],
  'table-check.no-old-image': [
    'The old item does not come with a failed condition: KooGate reads it, one round trip more for a repeat.',
    '条件不满足时不返回旧数据：KooGate 会再读一次，重复调用多一次往返。',
  ],
  'table-check.no-ttl': [
    'Expired items are not deleted by the engine: the table grows, nothing else.',
    '引擎不删除过期数据：表会增大，别无影响。',
  ],

  'table-check.put-if-absent': [
    'a put under attribute_not_exists takes place once',
    '带 attribute_not_exists 的写入仅成功一次',
  ],
  'table-check.old-image': ['the old item comes with a failed condition', '条件不满足时返回旧数据'],
  'table-check.new-image': ['an update gives back the whole new item', '更新返回完整的新数据'],
  'table-check.conditions': [
    'comparisons, functions, AND, OR and NOT mean what they say',
    '比较、函数、AND、OR、NOT 语义正确',
  ],
  'table-check.condition-on-nothing': ['conditions on an item that is not there', '对不存在的数据的条件'],
  'table-check.several-clauses': ['SET, REMOVE, ADD and DELETE in one update', '一次更新中的 SET、REMOVE、ADD、DELETE'],
  'table-check.invalid-update': [
    'an update that cannot be carried out is an error and changes nothing',
    '无法执行的更新应报错且不改变任何数据',
  ],
  'table-check.delete': ['a deleted item is gone, and may be deleted again', '删除后数据消失，可重复删除'],
  'table-check.list-position': ['attribute_exists on a position of a list', '对列表位置的 attribute_exists'],
  'table-check.list-member': ['a condition on a member of a list', '对列表成员的条件'],
  'table-check.list-remove': ['REMOVE of the first member moves the others up', '移除首个成员后其余前移'],
  'table-check.list-append': ['list_append adds at the end', 'list_append 追加到末尾'],
  'table-check.map-member': ['members of a map, whatever their names', '任意名称的映射成员'],
  'table-check.if-not-exists': ['if_not_exists sets once', 'if_not_exists 仅设置一次'],
  'table-check.counter': ['counters by + and ADD', '用 + 与 ADD 计数'],
  'table-check.sets': [
    'string sets grow, shrink and go with their last member',
    '字符串集合的增减，最后一个成员移除后集合消失',
  ],
  'table-check.text': [
    'texts and keys in any characters, NUL included, sorted by their bytes',
    '任意字符（含 NUL）的文本与键，按字节排序',
  ],
  'table-check.empty-values': ['empty texts, lists and maps', '空文本、空列表与空映射'],
  'table-check.numbers': ['numbers up to 2⁵³ − 1 are kept and compared exactly', '至 2⁵³ − 1 的数字精确存储与比较'],
  'table-check.key-length': ['keys of 1600 and 1000 bytes', '1600 与 1000 字节的键'],
  'table-check.attribute-name': [
    'attribute names of 255 bytes, and of any characters inside a map',
    '255 字节的属性名，以及映射内任意字符的名称',
  ],
  'table-check.item-size': ['items of nearly 400 KB', '接近 400 KB 的数据'],
  'table-check.consistent-read': ['a consistent read gives what was just written', '一致性读取返回刚写入的数据'],
  'table-check.batch-read': ['100 keys in one read', '一次读取 100 个键'],
  'table-check.batch-size': ['a batch that is too large is answered in parts', '过大的批量读取分多次返回'],
  'table-check.query': ['queries of a partition, in order and in pages', '按序分页查询一个分区'],
  'table-check.scan': ['a scan gives every item', '扫描返回全部数据'],
  'table-check.index': ['the sparse index due follows the table', '稀疏索引 due 跟随表变化'],
  'table-check.order-index': ['the index order finds what has its keys', '索引 order 可查到带有其键的项'],
  'table-check.race-put': ['50 writers put one item: one wins', '50 个写入者写同一数据：仅一个成功'],
  'table-check.race-claim': ['50 workers claim one item: one wins', '50 个工作者争用同一数据：仅一个成功'],
  'table-check.race-append': ['50 writers append to one list: nothing is lost', '50 个写入者追加同一列表：无一丢失'],
  'table-check.race-counter': ['50 writers count: each gets its own number', '50 个写入者计数：各得其数'],
  'table-check.race-head': ['50 workers take the head of a list: one wins', '50 个工作者移除列表首项：仅一个成功'],
  'table-check.race-version': [
    '10 writers read and write under a version: nothing is lost',
    '10 个写入者按版本读写：无一丢失',
  ],
  'table-check.life': [
    "every request of KooGate's own, compared with its model",
    'KooGate 自身的全部请求，与其模型逐一比较',
  ],
  'table-check.durability': ['nothing that was answered is lost in a crash', '已应答的数据不会因崩溃丢失'],
  'table-check.version': ['versions never repeat, not even after a deletion', '版本号永不重复，删除后亦然'],
  'table-check.clock': ['its clock agrees with this one', '其时钟与本机一致'],
  'table-check.ttl': ['items with a passed ttl are deleted in time', '过期数据会被删除'],

  'help.table-check': [
    `koogate table check: try whether an engine keeps every rule that KooGate relies on

Usage: koogate table check --endpoint URL | --database URL [options]

Makes a table of its own, tries every rule on it (expressions, races of 50 writers, sizes, characters, the lag of the
index, a whole life of an installation), and removes it. Exit code 1 if a rule is broken.

  --endpoint URL        an engine with the interface of DynamoDB: GeminiDB, DynamoDB Local, dynalite …
                        User and password: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; the file of a certificate
                        authority of its own: NODE_EXTRA_CA_CERTS
  --database URL        postgres://user@host:5432/database, whose user may create schemas; the password is PGPASSWORD,
                        else database.password of the secrets file
  --table NAME          name of the table that is made; it must not be there
  --json                prints JSON for machines
  --lang en|zh          language; otherwise by locale (LANG)

Examples:
  koogate table check --endpoint http://127.0.0.1:8000
  koogate table check --endpoint https://192.168.0.10:8000 --json
  koogate table check --database postgres://root@192.168.0.12:5432/koogate`,
    `koogate table check：检查引擎是否满足 KooGate 所依赖的全部规则

用法：koogate table check --endpoint 地址 | --database 地址 [选项]

新建自己的表，逐条检查规则（表达式、50 个写入者的竞争、大小、字符、索引延迟、一个安装的完整生命周期），随后删除该表。
有规则被违反时退出码为 1。

  --endpoint 地址       DynamoDB 兼容引擎：GeminiDB、DynamoDB Local、dynalite 等
                        用户与密码：AWS_ACCESS_KEY_ID 与 AWS_SECRET_ACCESS_KEY；自有证书机构的文件：
                        NODE_EXTRA_CA_CERTS
  --database 地址       postgres://用户@主机:5432/数据库，用户须可创建 schema；密码取自 PGPASSWORD，
                        否则取密钥文件的 database.password
  --table 名称          新建的表的名称，须不存在
  --json                输出 JSON
  --lang en|zh          语言；默认依系统区域（LANG）

示例：
  koogate table check --endpoint http://127.0.0.1:8000
  koogate table check --endpoint https://192.168.0.10:8000 --json
  koogate table check --database postgres://root@192.168.0.12:5432/koogate`,
  ],
} as const satisfies Sentences;
