import type { Sentences } from '../../language/sentence.ts';

const SITE_EN = `  --product NAME        the product whose site is called; otherwise the stage's own site
  --stage NAME          a deployed stage: its sites of the marketplace, with its secrets
  --parameters PREFIX   another prefix of the secrets in Parameter Store than the stage's
  --json                prints the answer as JSON
  --lang en|zh          language; otherwise by locale (LANG)`;

const SITE_ZH = `  --product 名称        调用该商品所在的站点；默认为阶段自己的站点
  --stage 名称          已部署的阶段：使用其云商店站点与密钥
  --parameters 前缀     使用 Parameter Store 中的其他密钥前缀
  --json                以 JSON 输出应答
  --lang en|zh          语言；默认依系统区域（LANG）`;

const WHERE_EN = `Without --stage it calls KOOGATE_OPENAPI_URL, else the stand-in of the KooGate that runs here, else one started for the
moment. Calls that succeed are remembered in the data folder, and koogate certify ticks them off. Exit code 1 if the
marketplace refuses.`;

const WHERE_ZH = `未给 --stage 时，调用 KOOGATE_OPENAPI_URL，否则调用本机运行的 KooGate 的模拟接口，否则临时启动一个。
成功的调用记录在数据文件夹中，koogate certify 会将其打勾。云商店拒绝时退出码为 1。`;

/** Sentences of the commands that call the open APIs. English, Chinese. */
export const openApiSentences = {
  'open-api.place': ['answered by {place}', '应答来自 {place}'],
  'problem.license-needed': [
    'What, and for which codes? koogate license with one of {choices}, and an authorisation code. See --help.',
    '对哪些授权码做什么？koogate license，可选 {choices}，并给出授权码。见 --help。',
  ],
  'problem.license-usage': [
    'Say who used it either with --clients or with --active, not with both.',
    '请只用 --clients 或 --active 之一说明使用情况。',
  ],
  'problem.upload-needed': [
    'What is to be uploaded? koogate upload <file> --event <eventId>, or --text. See --help.',
    '上传什么？koogate upload <文件> --event <事件ID>，或 --text。见 --help。',
  ],
  'upload.hashing': ['reading for the SHA-256', '读取以计算 SHA-256'],
  'upload.sending': ['sending', '发送中'],
  'help.license': [
    `koogate license: activate and query authorisation codes, and report the use of software

Usage: koogate license activate CODE … [--effect TIME] [--again] [--batch]
       koogate license query CODE … [--batch]
       koogate license usage CODE … [--active NUMBER | --clients ID,ID]

One code calls the single API (v1), several or --batch the batch API (v2); the seller console takes either. Test codes: seller
console › application tools › test authorisation codes. A real code can be activated once it has been collected.

${WHERE_EN}

  --effect TIME         begin of the licence (ISO time), not before the order; otherwise now
  --again               an earlier answer was lost: an active licence counts as success
  --active NUMBER       how many clients used it; 1 unless given
  --clients ID,ID       which clients used it
${SITE_EN}

Examples:
  koogate license activate TEST-CODE-1 --stage prod
  koogate license query TEST-CODE-1 --stage prod --product crm
  koogate license usage TEST-CODE-1 --active 12`,
    `koogate license：激活、查询授权码，上报软件使用情况

用法：koogate license activate 授权码 … [--effect 时间] [--again] [--batch]
      koogate license query 授权码 … [--batch]
      koogate license usage 授权码 … [--active 数量 | --clients ID,ID]

一个授权码调用单个接口（v1），多个或 --batch 调用批量接口（v2），卖家中心接受任意一种。测试授权码：卖家中心 › 应用工具 ›
测试授权码。真实授权码须在客户领取后才能激活。

${WHERE_ZH}

  --effect 时间         License 生效时间（ISO 时间），不早于订单；默认为现在
  --again               此前的应答丢失：已激活即视为成功
  --active 数量         使用的客户端数量；默认为 1
  --clients ID,ID       使用的客户端
${SITE_ZH}

示例：
  koogate license activate TEST-CODE-1 --stage prod
  koogate license query TEST-CODE-1 --stage prod --product crm
  koogate license usage TEST-CODE-1 --active 12`,
  ],
  'help.upload': [
    `koogate upload: upload a file or a text for an event of the marketplace

Usage: koogate upload FILE [--event EVENT-ID] [--name NAME] [options]
       koogate upload --text TEXT [--event EVENT-ID] [options]

The file is read while it is sent and never held in memory. It is read twice, since the signature covers its SHA-256, which
is printed. The event id is that of the call that asked for the licence; the debugging case takes any.

${WHERE_EN}

  --event EVENT-ID      eventId of the call; debug-event-0001 unless given
  --name NAME           another name than the file's own
  --text TEXT           a text of at most 1024 characters in the place of a file
${SITE_EN}

Examples:
  koogate upload licence.lic --event evt-1 --stage prod --product crm
  koogate upload --text 'ABCD-EFGH' --stage prod`,
    `koogate upload：为云商店的事件上传文件或文本

用法：koogate upload 文件 [--event 事件ID] [--name 名称] [选项]
      koogate upload --text 文本 [--event 事件ID] [选项]

文件边读边发，不会整体放入内存。因签名包含其 SHA-256，文件会读取两遍；SHA-256 会打印出来。事件 ID 取自申请 License 的调用；
调试用例可用任意值。

${WHERE_ZH}

  --event 事件ID        调用中的 eventId；默认为 debug-event-0001
  --name 名称           使用另一个文件名
  --text 文本           以不超过 1024 个字符的文本代替文件
${SITE_ZH}

示例：
  koogate upload licence.lic --event evt-1 --stage prod --product crm
  koogate upload --text 'ABCD-EFGH' --stage prod`,
  ],
} as const satisfies Sentences;
