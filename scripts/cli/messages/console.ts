import type { Sentences } from '../../language/sentence.ts';
import { PLACE_EN, PLACE_ZH, WITHOUT_STAGE_EN, WITHOUT_STAGE_ZH } from './place.ts';

const withoutJson = (text: string) => text.replace(/^.*--json.*\n/m, '');

/** The command `console`. English, Chinese. */
export const consoleSentences = {
  'deployed.open': ['The page of {place}:\n\n  {url}\n', '{place} 的网页：\n\n  {url}\n'],
  'deployed.reads': [
    'It only reads. --write lets it act, and open login data. Ctrl-C ends it.',
    '仅可查看。加 --write 可执行操作并查看登录信息。按 Ctrl-C 结束。',
  ],
  'deployed.writes': [
    'It may act; each action leaves an entry in the history. Ctrl-C ends it.',
    '可执行操作；每次操作都会写入历史记录。按 Ctrl-C 结束。',
  ],
  'help.console': [
    `koogate console: open the page of a deployed installation

Usage: koogate console [--stage NAME | --database URL] [--write] [options]

Orders and instances, what happened to each, what waits, fails and is about to fail; with --write also retry, set
aside, queue again, settle usage and open login data. It reads the table with your own credentials (those of the AWS
tools, or the database's), listens on this machine alone, and ends with Ctrl-C. ${WITHOUT_STAGE_EN}

  --write               may act; otherwise every action is refused
  --as NAME             who acts; otherwise the user of this system
${withoutJson(PLACE_EN)}

  CONSOLE_PORT          port of the page (default 3080, or the next that is free)

Examples:
  koogate console --stage prod
  koogate console --stage prod --write
  koogate console --database postgres://reader@db.internal:5432/koogate --table koogate-prod`,
    `koogate console：打开已部署系统的网页

用法：koogate console [--stage 名称 | --database URL] [--write] [选项]

查看订单与实例、每个实例的历史，以及待处理、失败和即将失败的变更；加 --write 还可重试、搁置、重新排队、处理用量
并查看登录信息。使用您自己的凭证（AWS 工具的凭证或数据库账号）读取数据表，只监听本机，按 Ctrl-C 结束。
${WITHOUT_STAGE_ZH}

  --write               允许执行操作；否则拒绝一切操作
  --as 名称             操作人；默认为本系统的用户
${withoutJson(PLACE_ZH)}

  CONSOLE_PORT          网页端口（默认 3080 或下一个空闲端口）

示例：
  koogate console --stage prod
  koogate console --stage prod --write
  koogate console --database postgres://reader@db.internal:5432/koogate --table koogate-prod`,
  ],
} as const satisfies Sentences;
