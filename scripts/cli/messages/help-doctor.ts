import type { Sentences } from '../../language/sentence.ts';

/** Help of `koogate doctor`. English, Chinese. */
export const doctorHelp = {
  'help.doctor': [
    `koogate doctor: look at a deployed stage, or say which single deviation explains a wrong signature

Usage: koogate doctor [--request FILE] [--key CLASS=VALUE] [options]      (reads standard input without --request)
       koogate doctor --kind body-sign --body FILE --header 'sign_type="HMAC-SHA256", signature= "…"'
       koogate doctor --kind aes|oaep --value TEXT
       koogate doctor --stage NAME [--at ADDRESS] [--secrets FILE] [--only CHECK,…]

Takes a pasted curl command (for cmd and PowerShell too), Invoke-WebRequest, a HAR file or entry, a gateway event,
a log line in JSON, or a raw HTTP request.
Says "unknown" rather than guess. Never prints keys, plain texts or the text that is signed.

  --request FILE        the call; "-" or nothing reads standard input
  --computed TEXT       explain this signature, which your server computed, instead of the call's own
  --class CLASS         class of the key, where the activity does not tell
  --received TIME       when the call arrived (ISO time), for the 60 s window
  --kind KIND           request (default), body-sign, aes, oaep
  --body FILE           the answer's bytes; --header TEXT its Body-Sign; --time-stamp TEXT the call's timeStamp
  --value TEXT          the encrypted value; --encrypt-type 1|2 (256 or 128 bit)
  --private-key FILE    for oaep; --hashes sha256/sha1 for hash and MGF1 hash
  --key, --product, --secrets, --json, --lang, --no-color as everywhere

With --stage it looks at a deployed stage from outside and from the account, and changes nothing: settings, secrets, keys,
table, account, receivers, address (DNS, TLS, certificate, GET /, latency, clock), calls (one signed debugging call for each
family). Exit code 0: nothing to do; 1: something to put right.

  --stage NAME          the stage; --database, --table, --parameters as with other commands
  --at ADDRESS          its public address, where settings and stack do not tell it (servers)
  --secrets FILE        compares the access keys of this file with those of the stage, by fingerprints
  --only CHECK,…        only these checks

Examples:
  koogate doctor --stage prod
  koogate doctor --stage cn --at https://market.example.com --only address,calls --json
  pbpaste | koogate doctor --key base=3f0a…
  koogate doctor --request call.har --product demo
  koogate doctor --request call.txt --computed 5F3C… --key base=3f0a… --key kit=91b1…
  koogate doctor --kind aes --value A1b2C3d4E5f6G7h8bqt2… --key base=3f0a…`,
    `koogate doctor：检查已部署的阶段，或说明签名不符的单一原因

用法：koogate doctor [--request 文件] [--key 类别=值] [选项]      （未给 --request 时读标准输入）
      koogate doctor --kind body-sign --body 文件 --header 'sign_type="HMAC-SHA256", signature= "…"'
      koogate doctor --kind aes|oaep --value 文本
      koogate doctor --stage 名称 [--at 地址] [--secrets 文件] [--only 检查项,…]

可接受粘贴的 curl 命令（包括 cmd 与 PowerShell 的）、Invoke-WebRequest、HAR 文件或条目、网关事件、JSON 日志行、原始 HTTP 请求。
无法确定时回答“未知”，不猜测。绝不输出密钥、明文或签名文本。

  --request 文件        调用内容；“-”或不给则读标准输入
  --computed 文本       解释你的服务器算出的签名，而不是调用自带的签名
  --class 类别          密钥类别（接口名无法判断时）
  --received 时间       调用到达时间（ISO），用于 60 秒时间窗
  --kind 种类           request（默认）、body-sign、aes、oaep
  --body 文件           响应内容；--header 文本 为其 Body-Sign；--time-stamp 文本 为调用的 timeStamp
  --value 文本          加密值；--encrypt-type 1|2（256 或 128 位）
  --private-key 文件    用于 oaep；--hashes sha256/sha1 指定哈希与 MGF1 哈希
  --key、--product、--secrets、--json、--lang、--no-color 同其他命令

给出 --stage 时，从外部和云账号检查已部署的阶段，不作任何更改：settings（设置）、secrets（密钥文档）、keys（接口密钥）、
table（数据表）、account（云账号）、receivers（告警接收人）、address（DNS、TLS、证书、GET /、延迟、时钟）、
calls（每类接口一次签名的调试调用）。退出码 0：无需处理；1：有问题需处理。

  --stage 名称          阶段；--database、--table、--parameters 同其他命令
  --at 地址             公网地址，用于设置与堆栈都无法得知时（服务器）
  --secrets 文件        以指纹比对此文件与该阶段的接口密钥
  --only 检查项,…       仅这些检查

示例：
  koogate doctor --stage prod
  koogate doctor --stage cn --at https://market.example.com --only address,calls --json
  pbpaste | koogate doctor --key base=3f0a…
  koogate doctor --request call.har --product demo
  koogate doctor --request call.txt --computed 5F3C… --key base=3f0a… --key kit=91b1…
  koogate doctor --kind aes --value A1b2C3d4E5f6G7h8bqt2… --key base=3f0a…`,
  ],
} as const satisfies Sentences;
