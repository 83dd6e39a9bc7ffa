import type { Sentences } from '../../language/sentence.ts';
import { ACTING_EN, ACTING_ZH, PLACE_EN, PLACE_ZH, WITHOUT_STAGE_EN, WITHOUT_STAGE_ZH } from './place.ts';

/** Operator's commands, and those of the local run. English, Chinese. */
export const operatorSentences = {
  'problem.stage': [
    'koogate.config.ts has no stage "{given}". Take one of: {choices}.',
    'koogate.config.ts 中没有阶段“{given}”。可选：{choices}。',
  ],
  'problem.stage-needed': ['Say which stage: --stage with one of {choices}.', '请指定阶段：--stage，可选 {choices}。'],
  'problem.region': [
    'Stage "{stage}" has no region: set stages.{stage}.region in koogate.config.ts.',
    '阶段“{stage}”没有区域：请在 koogate.config.ts 中设置 stages.{stage}.region。',
  ],
  'problem.parameters': [
    'Where are the secrets of {table}? Name the stage with --stage, or their prefix in Parameter Store with --parameters.',
    '{table} 的密钥在哪里？请用 --stage 指定阶段，或用 --parameters 指定 Parameter Store 前缀。',
  ],
  'problem.marketplace': [
    'There is no marketplace to ask: start KooGate (npm start), name a deployed stage with --stage, or set KOOGATE_OPENAPI_URL.',
    '没有可查询的云商店：请启动 KooGate（npm start），用 --stage 指定已部署的阶段，或设置 KOOGATE_OPENAPI_URL。',
  ],
  'problem.marketplace-said': ['{place}: {message}', '{place}：{message}'],
  'problem.as-said': ['{text}', '{text}'],
  'problem.word': ['"{given}" is not expected here. See --help.', '此处不需要“{given}”。见 --help。'],
  'problem.unreadable': ['{file} cannot be read.', '无法读取 {file}。'],
  'problem.utf-8': ['{file} cannot be read as UTF-8.', '{file} 不是 UTF-8 编码，无法读取。'],
  'problem.json-file': ['{file} cannot be read as JSON: {detail}', '{file} 不是可读的 JSON：{detail}'],
  'problem.message': ['The message must be a JSON object, not {given}', '消息应为 JSON 对象，而不是 {given}'],

  'problem.order-needed': [
    'Which order? koogate order <orderId> [orderLineId], e.g. koogate order MOCKPERIODYEARNEW. See --help.',
    '查询哪个订单？koogate order <orderId> [orderLineId]，例如 koogate order MOCKPERIODYEARNEW。见 --help。',
  ],
  'problem.no-order': ['{place} gave no order ({code}): {message}', '{place} 未返回订单（{code}）：{message}'],
  'order.place': ['asked at {place}', '查询地址：{place}'],
  'help.order': [
    `koogate order: query an order of the marketplace

Usage: koogate order ORDER-ID [ORDER-LINE-ID] [options]

Asks the product's site with the keys of that site's account. Without --stage it asks KOOGATE_OPENAPI_URL, else the stand-in of the KooGate that runs
here, else one started for the moment.

  --product NAME        the product whose site is asked; otherwise the stage's own site
  --stage NAME          a deployed stage: its sites of the marketplace, with its secrets
  --parameters PREFIX   another prefix of the secrets in Parameter Store than the stage's
  --json                prints the order as JSON
  --lang en|zh          language; otherwise by locale (LANG)

Examples:
  koogate order MOCKPERIODYEARNEW
  koogate order CS2601010930 CS2601010930-000001 --stage prod --json`,
    `koogate order：查询云商店订单

用法：koogate order 订单号 [订单行号] [选项]

使用商品所在站点的账号密钥查询。未给 --stage 时，查询 KOOGATE_OPENAPI_URL，否则查询本机运行的 KooGate 的模拟接口，
否则临时启动一个。

  --product 名称        查询该商品所在的站点；默认为阶段自己的站点
  --stage 名称          已部署的阶段：使用其云商店站点与密钥
  --parameters 前缀     使用 Parameter Store 中的其他密钥前缀
  --json                以 JSON 输出订单
  --lang en|zh          语言；默认依系统区域（LANG）

示例：
  koogate order MOCKPERIODYEARNEW
  koogate order CS2601010930 CS2601010930-000001 --stage prod --json`,
  ],

  'problem.retry-needed': [
    'Of which instance? Give the id of an instance, an order or an order line, or --order with --line, --tenant, --license, --event. See --help.',
    '哪个实例？请给出实例、订单或订单行的标识，或 --order 与 --line、--tenant、--license、--event。见 --help。',
  ],
  'problem.no-item': [
    'There is nothing of that id under {products} in {place}.',
    '{place} 的 {products} 中没有该标识的记录。',
  ],
  'retry.nothing': [
    '{product}: nothing had been set aside, and nothing waits for its next attempt.',
    '{product}：没有被搁置的变更，也没有等待下一次尝试的变更。',
  ],
  'retry.woken': [
    '{product}: due at once: {kind} (idempotency key {id})',
    '{product}：立即执行：{kind}（幂等键 {id}）',
  ],
  'retry.queued': [
    '{product}: queued again: {kind} (idempotency key {id})',
    '{product}：已重新排队：{kind}（幂等键 {id}）',
  ],
  'retry.live': ['It is carried out now by {place}.', '现由 {place} 执行。'],
  'retry.later': ['It is carried out when KooGate next runs on {place}.', 'KooGate 下次在 {place} 上运行时执行。'],
  'help.retry': [
    `koogate retry: queue again the changes that were set aside, and carry out at once what waits for its next attempt

Usage: koogate retry ID [options]                               an instance, an order or an order line
       koogate retry --order ORDER-ID --line ORDER-LINE-ID      an order notification
       koogate retry --tenant TENANT-ID                         all records of a tenant
       koogate retry --license CODE                             a license code
       koogate retry --event EVENT-ID [--fingerprint TEXT]      an application for an online license

${WITHOUT_STAGE_EN} Exit code 1 if there is nothing of that id.

  --product NAME        only this product
${ACTING_EN}
${PLACE_EN}

Examples:
  koogate retry d03a5355-9a4c-4e0b-8f3e-1f4d7b1f2a11
  koogate retry --tenant t-100 --product kit --stage prod`,
    `koogate retry：将被搁置的变更重新排队，并立即执行等待下一次尝试的变更

用法：koogate retry 标识 [选项]                               实例、订单或订单行
      koogate retry --order 订单号 --line 订单行号              订单通知
      koogate retry --tenant 租户ID                             某租户的全部记录
      koogate retry --license 授权码                            授权码
      koogate retry --event 事件ID [--fingerprint 文本]         在线 License 申请

${WITHOUT_STAGE_ZH}没有该标识的记录时退出码为 1。

  --product 名称        仅此商品
${ACTING_ZH}
${PLACE_ZH}

示例：
  koogate retry d03a5355-9a4c-4e0b-8f3e-1f4d7b1f2a11
  koogate retry --tenant t-100 --product kit --stage prod`,
  ],

  'help.requeue': [
    `koogate requeue: queue again the changes that were set aside; what waits for its next attempt is left alone

Usage: koogate requeue ID [options]                             an instance, an order or an order line

Takes what koogate retry takes: --order with --line, --tenant, --license, --event. ${WITHOUT_STAGE_EN} Exit code 1 if there is
nothing of that id.

  --product NAME        only this product
${ACTING_EN}
${PLACE_EN}

Examples:
  koogate requeue CS2601010930 --stage prod`,
    `koogate requeue：将被搁置的变更重新排队，不影响等待下一次尝试的变更

用法：koogate requeue 标识 [选项]                             实例、订单或订单行

参数与 koogate retry 相同：--order 与 --line、--tenant、--license、--event。${WITHOUT_STAGE_ZH}没有该标识的记录时退出码为 1。

  --product 名称        仅此商品
${ACTING_ZH}
${PLACE_ZH}

示例：
  koogate requeue CS2601010930 --stage prod`,
  ],

  'problem.usage-needed': [
    'What is to be done with usage? koogate usage with one of {choices}. See --help.',
    '对用量做什么？koogate usage，可选 {choices}。见 --help。',
  ],
  'problem.report-needed': [
    'A report needs an instance, --begin, --end and --value; or --file with a list of reports. See --help.',
    '上报需要实例、--begin、--end 和 --value；或用 --file 给出报告列表。见 --help。',
  ],
  'usage.head.instance': ['instance', '实例'],
  'usage.head.id': ['id', '标识'],
  'usage.head.outcome': ['outcome', '结果'],
  'usage.head.number-or-reason': ['metering number or reason', '话单流水号或原因'],
  'usage.head.begin': ['begin', '开始'],
  'usage.head.end': ['end', '结束'],
  'usage.head.value': ['value', '用量'],
  'usage.head.state': ['state', '状态'],
  'usage.head.package': ['package', '套餐'],
  'usage.head.number': ['metering number', '话单流水号'],
  'usage.head.note': ['note', '说明'],
  'usage.head.records': ['records', '话单'],
  'usage.head.count': ['count', '数量'],
  'usage.outcome.stored': ['stored', '已保存'],
  'usage.outcome.known': ['known', '已存在'],
  'usage.outcome.refused': ['refused', '被拒绝'],
  'usage.state.unchecked': ['unchecked', '未检查'],
  'usage.state.due': ['due', '待推送'],
  'usage.state.accepted': ['accepted', '已接受'],
  'usage.state.rejected': ['rejected', '被退回'],
  'usage.state.postponed': ['postponed', '已推迟'],
  'usage.state.left': ['left', '剩余'],
  'usage.state.duplicate': ['duplicate', '重复'],
  'usage.state.refused': ['refused', '被拒绝'],
  'usage.state.unsettled': ['unsettled', '未确定'],
  'usage.in': ['in {place}', '位于 {place}'],
  'usage.none.of-instance': ['There is no usage of {instance} in {place}.', '{place} 中没有 {instance} 的用量。'],
  'usage.none.day': ['No usage began on {day} in Beijing; {place}.', '{place} 中没有 {day}（北京时间）开始的用量。'],
  'problem.day': [
    '--day "{given}" is not a day. Write it as 2026-01-31.',
    '--day“{given}”不是日期。格式如 2026-01-31。',
  ],
  'usage.none.all': ['There is no usage in {place}.', '{place} 中没有用量。'],
  'usage.none.due': ['There is no usage that is due in {place}.', '{place} 中没有待推送的用量。'],
  'usage.count': ['{count} records in {place}', '{place} 中共 {count} 条'],
  'usage.by': ['{used} by {id}', '{id} 使用 {used}'],
  'usage.total': ['total {total}{shares}, up to {at}', '合计 {total}{shares}，截至 {at}'],
  'usage.pushed': ['pushed to {place}', '已推送至 {place}'],
  'usage.pushed-for': ['pushed to {place} for product {product}', '已为商品 {product} 推送至 {place}'],
  'help.usage': [
    `koogate usage: do by hand what the functions do with usage by themselves

Usage: koogate usage report INSTANCE-ID --begin TIME --end TIME --value NUMBER [--id ID] [--package INSTANCE-ID]
                                      stores one report; without --id it is its period
       koogate usage report --file FILE
                                      stores a list of reports, shaped as for the queue
       koogate usage list [INSTANCE-ID] [--all] [--day 2026-11-30]
                                      what is due; all of one instance; all there is; what began on a day in Beijing
       koogate usage push             pushes what is due, now
       koogate usage push --test [INSTANCE-ID]
                                      one push for the seller console's debugging case; stores nothing
       koogate usage reject KEY [--reason TEXT]
                                      sets a record aside that is due, so that it is not billed
       koogate usage requeue KEY      makes a rejected record due again, or ends its waiting
                                      a KEY is INSTANCE-ID#BEGIN#END, as the list shows it

${WITHOUT_STAGE_EN}
Exit code 1 if a report is refused or conflicts, or something stays due; of a day: if something was not accepted.

  --product NAME        product, if there are several
${ACTING_EN}
${PLACE_EN}

Examples:
  koogate usage report od-1 --begin 2025-09-01T08:00Z --end 2025-09-01T09:00Z --value 12.5 --id r-1
  koogate usage list --all --json
  koogate usage push --stage prod
  koogate usage requeue 'od-1#20250901T080000Z#20250901T090000Z'`,
    `koogate usage：手动执行函数自动完成的用量操作

用法：koogate usage report 实例ID --begin 时间 --end 时间 --value 数值 [--id 标识] [--package 实例ID]
                                      保存一条报告；未给 --id 时以时段为标识
      koogate usage report --file 文件
                                      保存报告列表，格式与队列相同
      koogate usage list [实例ID] [--all] [--day 2026-11-30]
                                      待推送的用量；某实例的全部；所有用量；某日（北京时间）开始的用量
      koogate usage push             立即推送待推送的用量
      koogate usage push --test [实例ID]
                                      为调试用例推送一次；不保存
      koogate usage reject 键 [--reason 文字]
                                      搁置一条待推送的话单，使其不计费
      koogate usage requeue 键       使被退回的话单重新待推送，或结束其等待
                                      键为 实例ID#开始#结束，见列表

${WITHOUT_STAGE_ZH}
报告被拒绝或冲突、或仍有待推送时退出码为 1；给出某日时，有未被接受的用量则为 1。

  --product 名称        商品（有多个时）
${ACTING_ZH}
${PLACE_ZH}

示例：
  koogate usage report od-1 --begin 2025-09-01T08:00Z --end 2025-09-01T09:00Z --value 12.5 --id r-1
  koogate usage list --all --json
  koogate usage push --stage prod
  koogate usage requeue 'od-1#20250901T080000Z#20250901T090000Z'`,
  ],

  'problem.reconcile-words': [
    'reconcile takes no words but, with --json, the file that JSON is written to. See --help.',
    'reconcile 只在 --json 之后接受一个文件名。见 --help。',
  ],
  'problem.not-due': [
    'The last round was finished; there is nothing to go on with.',
    '上一轮已完成，没有可继续的内容。',
  ],
  'problem.slowed-down': [
    'The marketplace asks for fewer calls. Go on later with --resume.',
    '云商店要求减少调用。请稍后用 --resume 继续。',
  ],
  'problem.overtaken': [
    'A later round has begun meanwhile; this one was given up.',
    '其间已开始新的一轮，本轮已放弃。',
  ],
  'reconcile.head.product': ['product', '商品'],
  'reconcile.head.instance': ['instance', '实例'],
  'reconcile.head.difference': ['difference', '差异'],
  'reconcile.head.stored': ['stored', '已存'],
  'reconcile.head.marketplace': ['marketplace', '云商店'],
  'reconcile.head.todo': ['what to do', '处理办法'],
  'reconcile.repaired': ['repaired', '已修复'],
  'reconcile.sum': [
    '{checked} instances in {place} compared with {marketplace}: {found} differences, {repaired} repaired.',
    '已将 {place} 中的 {checked} 个实例与 {marketplace} 核对：{found} 处差异，已修复 {repaired} 处。',
  ],
  'help.reconcile': [
    `koogate reconcile: compare every instance with the order that bought it, and show what differs

Usage: koogate reconcile [--repair [--force]] [--resume] [options]

${WITHOUT_STAGE_EN}

  --repair              puts right what is safe, too
  --force               with --repair: sets ends back, too, where the order shows an earlier one
  --resume              goes on with a round that had to end
  --json [FILE]         prints what was found as JSON, or writes it to the file beside the table
  --stage NAME          a deployed stage: table, region, secrets and site come from koogate.config.ts
  --table NAME          another table than the stage's
  --parameters PREFIX   another prefix of the secrets in Parameter Store than the stage's
  --lang en|zh          language; otherwise by locale (LANG)

Examples:
  koogate reconcile
  koogate reconcile --stage prod --repair --json drift.json`,
    `koogate reconcile：将每个实例与其订单核对，并显示差异

用法：koogate reconcile [--repair [--force]] [--resume] [选项]

${WITHOUT_STAGE_ZH}

  --repair              同时修复可安全修复的差异
  --force               与 --repair 同用：订单显示更早的到期时间时，也改早
  --resume              继续未完成的一轮
  --json [文件]         以 JSON 输出结果，或写入文件（同时显示表格）
  --stage 名称          已部署的阶段：表、区域、密钥与站点取自 koogate.config.ts
  --table 名称          使用阶段之外的表
  --parameters 前缀     使用 Parameter Store 中的其他密钥前缀
  --lang en|zh          语言；默认依系统区域（LANG）

示例：
  koogate reconcile
  koogate reconcile --stage prod --repair --json drift.json`,
  ],

  'problem.import-needed': [
    'Which file? koogate import <file.csv> (npm run import -- <file.csv>). See --help.',
    '导入哪个文件？koogate import <file.csv>（npm run import -- <file.csv>）。见 --help。',
  ],
  'problem.import-refused': [
    '{path} was not imported, nothing was written:\n  {list}',
    '{path} 未导入，未写入任何内容：\n  {list}',
  ],
  'problem.import-broken': [
    'Line {line} could not be written whole: {detail} The {count} lines before it are in, those behind it are not. Run the same again: what is in stays as it is.',
    '第 {line} 行未能完整写入：{detail} 此前 {count} 行已写入，其后各行尚未写入。请重新运行：已写入的内容保持不变。',
  ],
  'import.more': ['… and {count} more', '……另有 {count} 处'],
  'import.conflict': ['line {line}: {why} in {place}', '第 {line} 行：{why}（{place}）'],
  'import.checked': [
    'All {count} lines are fit for {place}. Nothing was written.',
    '全部 {count} 行均可导入 {place}。未写入任何内容。',
  ],
  'import.done': [
    '{added} imported into {place}, {known} had been there already.',
    '已向 {place} 导入 {added} 个，{known} 个原已存在。',
  ],
  'import.fault': ['line {line}: {fault}', '第 {line} 行：{fault}'],
  'import.no-csv': [
    'line {line}: this is no CSV with the same number of columns in each line',
    '第 {line} 行：不是每行列数相同的 CSV',
  ],
  'import.empty': ['there is no line below the header', '标题行之下没有数据'],
  'import.unknown-column': [
    'line 1: there is no column "{name}": {columns} may be given',
    '第 1 行：没有“{name}”列；可用的列为 {columns}',
  ],
  'import.missing-column': ['line 1: the column {name} is missing', '第 1 行：缺少 {name} 列'],
  'import.missing': ['{name} is missing or too long', '{name} 缺失或过长'],
  'import.too-long': ['{name} is too long', '{name} 过长'],
  'import.comma': ['instanceId holds a comma, which joins ids', 'instanceId 含有逗号，而逗号用于连接多个标识'],
  'import.unknown-product': ['product is not one of koogate.config.ts', 'product 不是 koogate.config.ts 中的商品'],
  'import.expiry': [
    'expiry must be yyyyMMddHHmmss (UTC) or ISO 8601 with its zone',
    'expiry 应为 yyyyMMddHHmmss（UTC）或带时区的 ISO 8601',
  ],
  'import.characters': ['{name} has more than {length} characters', '{name} 超过 {length} 个字符'],
  'import.no-url': ['access without url', '登录信息缺少 url'],
  'import.no-product-id': ['productId is missing: the product is sold on demand', '缺少 productId：该商品按需计费'],
  'import.bytes': [
    '{name} has more than {length} bytes, too many for V1.0',
    '{name} 超过 {length} 字节，不适用于 V1.0',
  ],
  'import.repeat.instanceId': [
    'line {line}: the instanceId is that of line {before} too',
    '第 {line} 行：instanceId 与第 {before} 行相同',
  ],
  'import.repeat.order': [
    'line {line}: the order is that of line {before} too',
    '第 {line} 行：订单与第 {before} 行相同',
  ],
  'help.import': [
    `koogate import: bring in instances that were given out before KooGate

Usage: koogate import FILE.csv [--check] [options]      (npm run import -- FILE.csv)
       koogate import ORDERS.csv --orders [--column HEAD] [options]

Each line is checked before the first is written; running it again changes nothing. No value of the file is printed.
Columns: {columns}
${WITHOUT_STAGE_EN}
Exit code 1 if a line is refused.

  --check               looks at everything and writes nothing
  --orders              the file is an export of the seller console's orders (UTF-8 or GBK): says which of them nothing
                        here is about, and which instances it lacks; reads the whole table, writes nothing
  --column HEAD         head of its column with the order numbers, if it is not found
${PLACE_EN}

Examples:
  koogate import instances.csv --check
  koogate import instances.csv --stage prod`,
    `koogate import：导入使用 KooGate 之前已开通的实例

用法：koogate import 文件.csv [--check] [选项]      （npm run import -- 文件.csv）
      koogate import 订单.csv --orders [--column 列名] [选项]

写入之前先检查每一行；重复运行不会产生变化。不会输出文件中的任何值。
可用的列：{columns}
${WITHOUT_STAGE_ZH}
有行被拒绝时退出码为 1。

  --check               只检查，不写入
  --orders              文件是卖家中心导出的订单（UTF-8 或 GBK）：指出哪些订单此处没有记录、哪些实例不在其中；读取全表，
                        不写入
  --column 列名         未能识别时，订单号一列的列名
${PLACE_ZH}

示例：
  koogate import instances.csv --check
  koogate import instances.csv --stage prod`,
  ],

  'problem.server-secrets': [
    'Stage "{stage}" runs on a server. Say where its secrets go: --parameters csms://<region>/<project id>/<prefix>; or copy the file to each server as /etc/koogate/secrets.json.',
    '阶段“{stage}”运行在服务器上。请说明密钥写入何处：--parameters csms://<区域>/<项目 ID>/<前缀>；或将文件复制到每台服务器的 /etc/koogate/secrets.json。',
  ],
  'problem.csms': [
    'The secret "{name}" cannot be read or written: the Cloud Secret Management Service says {code}. Look at HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK and their permissions.',
    '无法读取或写入凭据“{name}”：凭据管理服务返回 {code}。请检查 HUAWEICLOUD_SDK_AK、HUAWEICLOUD_SDK_SK 及其权限。',
  ],
  'problem.parameters-needed': [
    'Say what to do: --init <file>, or --stage <stage> with --file <file>. See --help.',
    '请说明操作：--init <文件>，或 --stage <阶段> 与 --file <文件>。见 --help。',
  ],
  'problem.unwritable': ['{file} cannot be written: {detail}', '无法写入 {file}：{detail}'],
  'problem.credentials-key': [
    '{file} is not a public key in PEM of RSA with at least 3072 bit: {detail}',
    '{file} 不是至少 3072 位的 RSA 公钥（PEM）：{detail}',
  ],
  'problem.secrets-file': [
    '{file} cannot be read: name the secrets file with --file, or make one with --init.',
    '无法读取 {file}：请用 --file 指定密钥文件，或用 --init 生成。',
  ],
  'problem.no-credentials-key': [
    'Product "{product}" encrypts credentials: put the key\'s PEM into marketplace.publicKey of {file}.',
    '商品“{product}”加密登录信息：请将公钥 PEM 填入 {file} 的 marketplace.publicKey。',
  ],
  'problem.sealing-key-lost': [
    '{name} holds the key "{kid}", and the file does not: what it sealed could never be opened again. Add it to the file, below the newer ones; or run koogate reseal first, after which it can go.',
    '{name} 中有密钥“{kid}”，而文件中没有：用它封存的数据将永远无法打开。请将其加入文件，放在较新的密钥之后；或先运行 koogate reseal，之后即可删除该密钥。',
  ],
  'problem.too-large': [
    '{name} would have more than {bytes} bytes: drop keys that nothing needs any more.',
    '{name} 将超过 {bytes} 字节：请删除不再需要的密钥。',
  ],
  'problem.stored-key': [
    'A stored sealing key is not JSON: look at it in Parameter Store before it is replaced.',
    '已存储的封存密钥不是 JSON：替换之前请先在 Parameter Store 中查看。',
  ],
  'parameters.blank': ['(copy from the seller console)', '（请从卖家中心 复制）'],
  'parameters.made': [
    "{file} is made. Copy the access keys of each product and the account's keys from the seller console into it, add the addresses of those who hear of alarms, keep a copy of it in a safe place (without the sealing keys nothing sealed can be opened), and never commit it.",
    '已生成 {file}。请从卖家中心将各商品的接口密钥和账号密钥填入其中，并填写告警接收人的地址，妥善备份（没有封存密钥就无法打开已封存的数据），切勿提交到代码库。',
  ],
  'parameters.written': ['written  {name}', '已写入  {name}'],
  'parameters.to-write': ['to write  {name}', '待写入  {name}'],
  'parameters.to-wait': ['to wait   {name}', '需等待  {name}'],
  'parameters.deferred': [
    'New sealing keys are used only once every function can open what they seal: run this again in 5 minutes.',
    '待所有函数都能打开新密钥封存的数据后才会启用新密钥：请在 5 分钟后再次运行。',
  ],
  'parameters.unwritten': [
    'Nothing was written: say --yes to do so. What is there already is replaced.',
    '未写入任何内容：加 --yes 才会写入，并替换已有内容。',
  ],
  'parameters.no-keys': [
    'Product "{product}" has no access keys in {file}: its calls will be answered with 503.',
    '商品“{product}”在 {file} 中没有接口密钥：其调用将返回 503。',
  ],
  'parameters.unknown': [
    'Product "{product}" of {file} is not in koogate.config.ts.',
    '{file} 中的商品“{product}”不在 koogate.config.ts 中。',
  ],
  'parameters.no-account': [
    'Products are sold on the site {site}, and {file} has no marketplace.sites entry for it: its open APIs cannot be called.',
    '有商品在站点 {site} 销售，而 {file} 的 marketplace.sites 中没有该站点：无法调用其开放接口。',
  ],
  'parameters.no-kit-key': [
    'Product "{product}" has no kitPrivateKey in {file}: applicationSync will be answered with 000005.',
    '商品“{product}”在 {file} 中没有 kitPrivateKey：applicationSync 将返回 000005。',
  ],
  'parameters.no-kit-sealing': [
    '{file} has no sealing.kit: applicationSync will be answered with 000005.',
    '{file} 中没有 sealing.kit：applicationSync 将返回 000005。',
  ],
  'parameters.no-hmac': [
    '{file} has no hmac: histories are kept without a chain, and customers are not found. Add audit and customer, each 32 random bytes in base64.',
    '{file} 中没有 hmac：历史记录不成链，也无法按客户查找。请添加 audit 与 customer，各为 32 个随机字节的 base64。',
  ],
  'help.parameters': [
    `koogate parameters: make a secrets file, and store it in Parameter Store or CSMS

Usage: koogate parameters --init <file> [--credentials-key <public-key.pem>]
           makes a secrets file with fresh sealing keys; type the keys of the seller console into it
       koogate parameters --stage <stage> --file <file> [--region <region>] [--endpoint <url>] [--yes]
           shows what would be written to Parameter Store; --yes writes it

  --parameters PREFIX   another prefix than the stage's; for a server csms://<region>/<project id>/<prefix>, signed with
                        HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK
  --json                prints names and what became of them as JSON; values are never printed
  --lang en|zh          language; otherwise by locale (LANG)

Examples:
  koogate parameters --init secrets.prod.json
  koogate parameters --stage prod --file secrets.prod.json --yes`,
    `koogate parameters：生成密钥文件并写入 Parameter Store 或 CSMS

用法：koogate parameters --init <文件> [--credentials-key <公钥.pem>]
          生成含新封存密钥的密钥文件；请将卖家中心的密钥填入其中
      koogate parameters --stage <阶段> --file <文件> [--region <区域>] [--endpoint <URL>] [--yes]
          显示将写入 Parameter Store 的内容；加 --yes 才会写入

  --parameters 前缀     使用阶段之外的前缀；服务器使用 csms://<区域>/<项目 ID>/<前缀>，
                        以 HUAWEICLOUD_SDK_AK 和 HUAWEICLOUD_SDK_SK 签名
  --json                以 JSON 输出名称和结果；绝不输出值
  --lang en|zh          语言；默认依系统区域（LANG）

示例：
  koogate parameters --init secrets.prod.json
  koogate parameters --stage prod --file secrets.prod.json --yes`,
  ],

  'parameters.blank-address': ['(e-mail address)', '（邮箱地址）'],
  'problem.receiver': [
    'Receiver "{receiver}" of the stage\'s alarms has no e-mail address in {file}: add it as receivers.{receiver}, such as "{receiver}@example.com".',
    '{file} 中没有该阶段告警接收人“{receiver}”的邮箱地址：请以 receivers.{receiver} 填入，例如“{receiver}@example.com”。',
  ],
  'parameters.unnamed': [
    'Receiver "{receiver}" of {file} is not written: the stage\'s receivers do not name it.',
    '{file} 中的接收人“{receiver}”不会写入：该阶段的 receivers 没有列出它。',
  ],
  'problem.deploy-role-needed': [
    'Say which stage and which repository: --stage <stage> --repository <owner>/<name>. See --help.',
    '请指定阶段和仓库：--stage <阶段> --repository <所有者>/<名称>。见 --help。',
  ],
  'help.deploy-role': [
    `koogate deploy-role: print a CloudFormation template with the role that the deploy workflow takes

Usage: koogate deploy-role --stage <stage> --repository <owner>/<name> [--provider-arn <arn>] [--lang en|zh]

The role has the least rights, and its trust is bound to the repository and the stage. Somebody who may make roles
deploys it.

  --provider-arn ARN    GitHub's identity provider, if the account has it already: an account has one at most

Examples:
  koogate deploy-role --stage prod --repository acme/my-shop > deploy-role.yml
  aws cloudformation deploy --template-file deploy-role.yml --stack-name <name> --capabilities CAPABILITY_NAMED_IAM`,
    `koogate deploy-role：打印部署工作流所用角色的 CloudFormation 模板

用法：koogate deploy-role --stage <阶段> --repository <所有者>/<名称> [--provider-arn <ARN>] [--lang en|zh]

该角色只有最小权限，且仅信任该仓库和阶段。由有权创建角色的人部署。

  --provider-arn ARN    账号中已有的 GitHub 身份提供商（每个账号最多一个）

示例：
  koogate deploy-role --stage prod --repository acme/my-shop > deploy-role.yml
  aws cloudformation deploy --template-file deploy-role.yml --stack-name <名称> --capabilities CAPABILITY_NAMED_IAM`,
  ],

  'config.title': ['Stage "{stage}" of {file}', '{file} 的阶段“{stage}”'],
  'config.head.setting': ['setting', '设置'],
  'config.head.value': ['value', '值'],
  'config.head.from': ['from', '来源'],
  'config.head.product': ['product', '商品'],
  'config.head.id': ['id', '标识'],
  'config.head.former-names': ['former names', '曾用名'],
  'config.head.families': ['families', '接口类别'],
  'config.head.login': ['login', '登录'],
  'config.head.site': ['site', '站点'],
  'config.head.seller': ['seller', '卖家代码'],
  'config.warning': ['Warning: {text}', '警告：{text}'],
  'config.problem': ['Problem: {text}', '问题：{text}'],
  'config.good': ['Nothing is missing, and nothing contradicts.', '设置完整且没有矛盾。'],
  'help.config': [
    `koogate config: show what holds in a stage, and where each value comes from

Usage: koogate config --stage NAME [--json] [--lang en|zh]

Reads koogate.config.ts; it holds no secrets, and none are shown. Exit code 1 if a setting is missing or contradicts
another, so that the stage could not be deployed.

Examples:
  koogate config --stage prod
  koogate config --stage prod --json`,
    `koogate config：显示某个阶段的有效设置及其来源

用法：koogate config --stage 名称 [--json] [--lang en|zh]

读取 koogate.config.ts；其中没有密钥，也不会显示密钥。若设置缺失或相互矛盾而无法部署，退出码为 1。

示例：
  koogate config --stage prod
  koogate config --stage prod --json`,
  ],

  'help.start': [
    `koogate start: run the whole system on this machine, with the console, until Ctrl-C

Usage: koogate start [--on offline|server] [--with COMMAND] [--lang en|zh]      (npm start)

Builds the functions and builds them again when their files change. Logs are readable on a terminal, and JSON when
standard error is piped.

  --on offline|server        plays Lambda with serverless offline (default), or runs the server host on PostgreSQL
  --with COMMAND             runs your backend beside it, until it ends; KOOGATE_SELLER_SECRET holds the secret that
                             changes are signed with, and PORT is not passed on

Settings are taken from the environment:

  PORT                       port of the route (default 3000)
  CONSOLE_PORT               port of the console (default 3080, or the next that is free)
  KOOGATE_DATA               folder of the data (default .local)
  KOOGATE_SECRETS            secrets file (default secrets.json in the data folder)
  KOOGATE_OPENAPI_URL        open API of the marketplace in the place of the stand-in
  KOOGATE_SELLER_URL         address of your backend, for all products
  KOOGATE_CONFIG             another koogate.config.ts
  KOOGATE_WATCH=off          does not watch the files
  AWS_ENDPOINT_URL_DYNAMODB  another DynamoDB engine than the embedded one

Examples:
  koogate start
  koogate start --with 'node backend/server.mjs'
  PORT=8080 KOOGATE_DATA=/tmp/shop koogate start --lang zh`,
    `koogate start：在本机运行整个系统（含控制台），直到 Ctrl-C

用法：koogate start [--on offline|server] [--with 命令] [--lang en|zh]      （npm start）

构建函数，并在文件变化时重新构建。日志在终端上以可读形式显示，标准错误被重定向时为 JSON。

  --on offline|server        用 serverless offline 模拟 Lambda（默认），或在 PostgreSQL 上运行服务器主机
  --with 命令                同时运行你的后端，直到结束；KOOGATE_SELLER_SECRET 为签名密钥，不传递 PORT

设置取自环境变量：

  PORT                       接口端口（默认 3000）
  CONSOLE_PORT               控制台端口（默认 3080 或下一个空闲端口）
  KOOGATE_DATA               数据文件夹（默认 .local）
  KOOGATE_SECRETS            密钥文件（默认为数据文件夹中的 secrets.json）
  KOOGATE_OPENAPI_URL        用真实的云商店开放接口代替模拟接口
  KOOGATE_SELLER_URL         你的后端地址（用于所有商品）
  KOOGATE_CONFIG             使用其他 koogate.config.ts
  KOOGATE_WATCH=off          不监视文件
  AWS_ENDPOINT_URL_DYNAMODB  使用内置引擎之外的 DynamoDB

示例：
  koogate start
  PORT=8080 KOOGATE_DATA=/tmp/shop koogate start --lang zh`,
  ],
  'start.starting': ['Starting KooGate …', '正在启动 KooGate……'],
  'start.stopping': ['Stopping …', '正在停止……'],
  'start.backend-ended': ['The backend ended ({how}): {command}', '后端已退出（{how}）：{command}'],
  'start.ended': ['KooGate ended by itself; what it wrote last is above.', 'KooGate 自行退出；最后的输出见上文。'],

  'demo.title': [
    'KooGate demo: this script plays the marketplace, everything else is the real thing',
    'KooGate 演示：此程序扮演云商店，其余均为真实系统',
  ],
  'demo.starting': ['building, starting database, open API and route', '正在构建，并启动数据库、开放接口与接口路由'],
  'demo.route': ['route {route}', '接口 {route}'],
  'demo.open-api': ['open API {openApi}', '开放接口 {openApi}'],
  'demo.database': ['database {database}', '数据库 {database}'],
  'demo.broke': ['the demo comes to its end ({detail})', '演示能够走完（{detail}）'],
  'demo.sum': [
    '{passed} checks passed, {failed} failed, {seconds} s',
    '{passed} 项检查通过，{failed} 项失败，{seconds} 秒',
  ],
  'demo.log': ['What the functions wrote:', '函数的输出：'],
  'help.demo': [
    `koogate demo: play a purchase's whole life against the sample shop, and say whether all was as it should be

Usage: koogate demo [--family NAME] [--on offline|server] [--lang en|zh]      (npm run demo)

Runs on data of its own, beside whatever runs. Exit code 1 if a check fails.

  --family NAME         v2 (default), v1, license, online-license, models, gateway, kit, or all
  --on offline|server   plays Lambda with serverless offline (default), or runs the server host on PostgreSQL

Examples:
  koogate demo
  koogate demo --family all --on server`,
    `koogate demo：对示例商店演示一笔订购的完整生命周期，并检查结果

用法：koogate demo [--family 名称] [--on offline|server] [--lang en|zh]      （npm run demo）

使用自己的数据，不影响正在运行的系统。有检查失败时退出码为 1。

  --family 名称         v2（默认）、v1、license、online-license、models、gateway、kit 或 all
  --on offline|server   用 serverless offline 模拟 Lambda（默认），或在 PostgreSQL 上运行服务器主机

示例：
  koogate demo
  koogate demo --family all --on server`,
  ],
  'help.curl': [
    `koogate curl: print a curl command with a call signed just now, for the KooGate that runs here

Usage: koogate curl [MESSAGE] [--product NAME] [--lang en|zh]      (npm run -s curl -- …)

The signature holds for 60 seconds. Without a message it is a debugging purchase.

Examples:
  koogate curl | sh
  koogate curl '{"activity":"queryInstance","instanceId":"…"}' --product plain | sh`,
    `koogate curl：为本机运行的 KooGate 打印一条刚签名的 curl 命令

用法：koogate curl [消息] [--product 名称] [--lang en|zh]      （npm run -s curl -- …）

签名 60 秒内有效。未给消息时为一次调试订购。

示例：
  koogate curl | sh
  koogate curl '{"activity":"queryInstance","instanceId":"…"}' --product plain | sh`,
  ],
} as const satisfies Sentences;
