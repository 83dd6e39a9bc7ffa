import type { Sentences } from '../../language/sentence.ts';

/** Sentences of `koogate alarms`. English, Chinese. */
export const alarmSentences = {
  'help.alarms': [
    `koogate alarms test: send a test message of each severity to each receiver of a stage, and say what each answered

Usage: koogate alarms test --stage NAME [options]

Receivers are those of koogate.config.ts, with the addresses of the stage's secrets; nothing is kept of it. E-mail of a
stage on AWS goes through the topic of its stack, for which it needs cloudformation:DescribeStackResource and sns:Publish.
Exit code 1 if a receiver could not be told.

  --stage NAME          a deployed stage
  --parameters PREFIX   another prefix of the secrets in Parameter Store than the stage's
  --json                prints JSON for machines
  --lang en|zh          language; otherwise by locale (LANG)

Examples:
  koogate alarms test --stage prod
  KOOGATE_SECRETS=prod.secrets.json koogate alarms test --stage cn`,
    `koogate alarms test：向某个阶段的每个接收人发送各级别的测试消息，并显示各自的应答

用法：koogate alarms test --stage 名称 [选项]

接收人取自 koogate.config.ts，地址取自该阶段的密钥；不留下任何记录。AWS 阶段的邮件经其堆栈的主题发出，需要
cloudformation:DescribeStackResource 和 sns:Publish 权限。有接收人无法送达时退出码为 1。

  --stage 名称          已部署的阶段
  --parameters 前缀     使用 Parameter Store 中的其他密钥前缀
  --json                输出 JSON
  --lang en|zh          语言；默认依系统区域（LANG）

示例：
  koogate alarms test --stage prod
  KOOGATE_SECRETS=prod.secrets.json koogate alarms test --stage cn`,
  ],
  'problem.alarms-needed': [
    'Expected koogate alarms test, found "{given}".',
    '应为 koogate alarms test，而不是“{given}”。',
  ],
  'problem.nobody-hears': [
    'Nobody hears of the alarms of stage "{stage}": name receivers, webhooks or alarms.robots in koogate.config.ts.',
    '阶段“{stage}”的告警没有接收人：请在 koogate.config.ts 中设置 receivers、webhooks 或 alarms.robots。',
  ],
  'alarms.receiver': ['receiver', '接收人'],
  'alarms.critical': ['critical', '严重'],
  'alarms.warning': ['warning', '警告'],
  'alarms.info': ['info', '提示'],
  'alarms.taken': ['taken', '已接收'],
  'alarms.refused': ['NOT TAKEN', '未送达'],
  'alarms.unsent': ['–', '–'],
  'alarms.all-taken': [
    'Every receiver has taken what it is to hear of. Look whether it is in the chats and mailboxes too.',
    '每个接收人均已接收应收的消息。请到群聊和邮箱中确认。',
  ],
  'alarms.some-refused': [
    'Not every receiver could be told: mend its address, or what its answer names.',
    '有接收人无法送达：请修正其地址，或按其应答处理。',
  ],
} as const satisfies Sentences;
