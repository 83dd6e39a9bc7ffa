import type { Sentences } from '../../language/sentence.ts';

/** Sentences of the command `table`. English, Chinese. */
export const tableSentences = {
  'problem.table-needed': [
    'What is to be done with the table? Expected one of {choices}, found {given}. See koogate table --help.',
    '要对数据表做什么？应为 {choices} 之一，而不是 {given}，参见 koogate table --help。',
  ],
  'problem.table-words': [
    '"{given}" is not understood: only options are expected.',
    '无法识别“{given}”：此处只接受选项。',
  ],
  'problem.table-where': [
    'Which database? Name it with --database postgres://user@host:5432/database, or a stage with host "server" with --stage.',
    '哪个数据库？请用 --database postgres://用户@主机:5432/数据库 指定，或用 --stage 指定 host 为“server”的阶段。',
  ],
  'problem.table-name': [
    'Which table? Name it with --table, or its stage with --stage.',
    '哪张数据表？请用 --table 指定，或用 --stage 指定其阶段。',
  ],
  'problem.database': [
    'Stage "{stage}" runs on a server: name its database with --database or KOOGATE_DATABASE, as postgres://user@host:5432/database.',
    '阶段“{stage}”运行在服务器上：请用 --database 或 KOOGATE_DATABASE 指定其数据库，格式为 postgres://用户@主机:5432/数据库。',
  ],
  'problem.no-table': [
    'The database has no table "{table}": make it with "koogate table create".',
    '数据库中没有数据表“{table}”：请用“koogate table create”创建。',
  ],
  'problem.portable-name': [
    '"{given}" is not a name that every engine takes: expected 3 to 48 letters, digits, hyphens and underscores.',
    '“{given}”不是所有引擎都接受的名称：应为 3 至 48 个字母、数字、连字符或下划线。',
  ],
  'table.created-at': ['The table "{table}" has been created at {endpoint}.', '已在 {endpoint} 创建数据表“{table}”。'],
  'table.there-at': ['The table "{table}" was there already, at {endpoint}.', '{endpoint} 上已存在数据表“{table}”。'],
  'table.created': ['The table "{table}" is at schema version {version}.', '数据表“{table}”的结构版本为 {version}。'],
  'table.there': [
    'The table "{table}" was there already, at schema version {version}.',
    '数据表“{table}”已存在，结构版本为 {version}。',
  ],
  'table.role': [
    'Made the user {role}, without a password: set one before it can sign in (in psql: \\password {role}).',
    '已创建用户 {role}，尚无密码：设置密码后方可登录（psql 中：\\password {role}）。',
  ],
  'table.migrated': [
    'The table "{table}" has been brought to schema version {version}.',
    '数据表“{table}”已迁移到结构版本 {version}。',
  ],
  'table.newest': [
    'The table "{table}" has schema version {version} already.',
    '数据表“{table}”的结构版本已是 {version}。',
  ],
  'table.filled': [
    '{place}: {instances} instances, {filled} of them have been given their keys of the index "order" now.',
    '{place}：共 {instances} 个实例，其中 {filled} 个现已补写索引“order”的键。',
  ],
  'help.table': [
    `koogate table: make, tend and try the table

Usage: koogate table create --database URL [--table NAME]     the table and its users, as far as they are missing
       koogate table create --endpoint URL --table NAME       on an engine with the interface of DynamoDB, e.g. GeminiDB
       koogate table migrate --stage NAME                     to the newest version of its schema
       koogate table index --stage NAME                       lets what older versions have written be found by its order
       koogate table check --endpoint URL | --database URL    tries whether an engine may hold it (see check --help)
       koogate table close | copy | open                      moves it to another engine (see close --help)

create and migrate may run twice, and on two machines at once.

  --database URL        postgres://user@host:5432/database; otherwise KOOGATE_DATABASE. Without the password, which is
                        PGPASSWORD, else database.password of the secrets file (KOOGATE_SECRETS)
  --stage NAME          a stage with host "server", whose table is meant
  --table NAME          another table
  --print               create: prints the SQL instead of running it
  --json                prints JSON for machines
  --lang en|zh          language; otherwise by locale (LANG)

Examples:
  PGPASSWORD=… koogate table create --stage prod --database postgres://root@192.168.0.12:5432/koogate
  koogate table create --print --table my-shop-prod --database postgres://root@192.168.0.12/koogate`,
    `koogate table：创建、维护并检查数据表

用法：koogate table create --database URL [--table 名称]      创建缺少的数据表及其用户
      koogate table create --endpoint 地址 --table 名称       在 DynamoDB 兼容引擎（如 GeminiDB）上创建
      koogate table migrate --stage 名称                      迁移到最新的结构版本
      koogate table index --stage 名称                        使旧版本写入的实例可按订单查到
      koogate table check --endpoint 地址 | --database 地址   检查引擎能否承载数据表（见 check --help）
      koogate table close | copy | open                       迁移到其他引擎（见 close --help）

create 与 migrate 均可重复运行，也可在两台机器上同时运行。

  --database URL        postgres://用户@主机:5432/数据库；默认取 KOOGATE_DATABASE。地址中不含密码，密码取自
                        PGPASSWORD，否则取密钥文件（KOOGATE_SECRETS）的 database.password
  --stage 名称          host 为“server”的阶段，操作其数据表
  --table 名称          指定其他数据表
  --print               create：只输出 SQL，不执行
  --json                输出 JSON
  --lang en|zh          语言；默认依系统区域（LANG）

示例：
  PGPASSWORD=… koogate table create --stage prod --database postgres://root@192.168.0.12:5432/koogate
  koogate table create --print --table my-shop-prod --database postgres://root@192.168.0.12/koogate`,
  ],
} as const satisfies Sentences;
