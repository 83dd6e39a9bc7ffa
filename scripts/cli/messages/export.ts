import type { Sentences } from '../../language/sentence.ts';
import { PLACE_EN, PLACE_ZH, WITHOUT_STAGE_EN, WITHOUT_STAGE_ZH } from './place.ts';

/** Commands that hand out what is kept: export, report, policy. English, Chinese. */
export const exportSentences = {
  'export.done': ['{count} instances of {place}.', '{place} 的 {count} 个实例。'],
  'problem.report-of': [
    'Report what? koogate report with the id of an instance, an order or an order line. See --help.',
    '报告什么？koogate report 加实例、订单或订单行的标识。见 --help。',
  ],
  'report.written': [
    'Written to {file}. Read it before you send it: your own code may have put anything into reasons.',
    '已写入 {file}。发送前请通读：您的代码可能在原因中写入任何内容。',
  ],
  'problem.policy-needed': [
    'Expected koogate policy operator --stage NAME with either --read or --write. See --help.',
    '应为 koogate policy operator --stage 名称，并给出 --read 或 --write 之一。见 --help。',
  ],
  'problem.policy-aws': [
    'Stage "{stage}" is not on AWS: on a server the users of the database decide, see koogate table create.',
    '阶段“{stage}”不在 AWS 上：在服务器上由数据库用户的权限决定，见 koogate table create。',
  ],
  'help.export': [
    `koogate export: write all instances as CSV or as lines of JSON

Usage: koogate export [options]

${WITHOUT_STAGE_EN} Reads the whole table. Nothing sealed is written. CSV opens in a spreadsheet as it is: UTF-8 with a
mark, and no cell is taken for a formula.

  --format csv|jsonl    csv unless --json is given
  --state STATE         only PENDING, ACTIVE, FROZEN, RELEASED or FAILED ones
  --affected            only those at which something failed or was set aside
  --product NAME        only this product
  --out FILE            a new file, for its owner alone; otherwise standard output
${PLACE_EN}

Examples:
  koogate export --stage prod --out instances.csv
  koogate export --stage prod --format jsonl --state FROZEN`,
    `koogate export：以 CSV 或逐行 JSON 导出全部实例

用法：koogate export [选项]

${WITHOUT_STAGE_ZH}读取全表，不写出任何封存数据。CSV 可直接用电子表格打开：UTF-8 带标记，单元格不会被当作公式。

  --format csv|jsonl    默认 csv；给出 --json 时为 jsonl
  --state 状态          仅 PENDING、ACTIVE、FROZEN、RELEASED 或 FAILED
  --affected            仅有失败或被搁置变更的实例
  --product 名称        仅此商品
  --out 文件            新文件，仅所有者可读；默认为标准输出
${PLACE_ZH}

示例：
  koogate export --stage prod --out instances.csv
  koogate export --stage prod --format jsonl --state FROZEN`,
  ],
  'help.report': [
    `koogate report: write what is known of an instance, for the marketplace's support

Usage: koogate report ID [options]          an instance, an order or an order line

${WITHOUT_STAGE_EN} Ids, states, times, attempts and reasons as JSON. Personal data in texts are masked; nothing
sealed is opened, and who acted is left out.

  --out FILE            a new file, for its owner alone; otherwise standard output
  --line LINE           one line of the order
  --product NAME        only this product
  --scan                looks through the whole table if nothing is found
${PLACE_EN}

Examples:
  koogate report CS2601010930 --stage prod --out support.json`,
    `koogate report：输出某个实例的已知信息，供云商店支持人员使用

用法：koogate report 标识 [选项]            实例、订单或订单行

${WITHOUT_STAGE_ZH}以 JSON 输出标识、状态、时间、尝试与原因。文本中的个人数据会被遮盖；不打开任何封存数据，也不含操作人。

  --out 文件            新文件，仅所有者可读；默认为标准输出
  --line 订单行         仅该订单行
  --product 名称        仅此商品
  --scan                未找到时查找全表
${PLACE_ZH}

示例：
  koogate report CS2601010930 --stage prod --out support.json`,
  ],
  'help.policy': [
    `koogate policy: print the IAM policy of a person on duty

Usage: koogate policy operator --stage NAME --read|--write

With --read: find, show, status, export, report and audit verify. With --write also retry, requeue and set-aside. Neither
opens what is sealed. AWS alone; on a server the users of the database decide.

  --stage NAME          a stage on AWS
  --lang en|zh          language; otherwise by locale (LANG)

Examples:
  koogate policy operator --stage prod --read > on-duty.json`,
    `koogate policy：打印值班人员的 IAM 策略

用法：koogate policy operator --stage 名称 --read|--write

--read：find、show、status、export、report 与 audit verify。--write 另含 retry、requeue 与 set-aside。两者都不能打开封存数据。
仅用于 AWS；在服务器上由数据库用户的权限决定。

  --stage 名称          AWS 上的阶段
  --lang en|zh          语言；默认依系统区域（LANG）

示例：
  koogate policy operator --stage prod --read > on-duty.json`,
  ],
} as const satisfies Sentences;
