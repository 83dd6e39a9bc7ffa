import type { Sentences } from '../../language/sentence.ts';

const TARGET_EN = `  --at URL              production address of the server, as the marketplace would call it
  --product NAME        product of the KooGate that runs here, which is found by itself; needed if it has several
  --key CLASS=VALUE     access key; CLASS is base, kit, license or general; again for older keys
  --secrets FILE        secrets file (default: that of the KooGate that runs here, else .local/secrets.json)
  --private-key FILE    opens login data that were encrypted with RSA
  --public-key FILE     public key of the app credential (Kit)
  --body-sign WHAT      required or optional: what a missing Body-Sign means
  --insecure            takes certificates of unknown issuers
  --json                prints JSON for machines
  --lang en|zh          language; otherwise by locale (LANG)
  --no-color            no colours`;

const TARGET_ZH = `  --at URL              服务器的生产系统接口地址（与云商店调用的一致）
  --product 名称        本机运行的 KooGate（自动发现）中的商品；有多个商品时必须给出
  --key 类别=值         接口密钥；类别为 base、kit、license、general；可重复（新的在前）
  --secrets 文件        密钥文件（默认：本机运行的 KooGate 的密钥文件，否则 .local/secrets.json）
  --private-key 文件    用于解密 RSA 加密的登录信息
  --public-key 文件     应用凭证公钥（Kit）
  --body-sign 要求      required 或 optional：缺少 Body-Sign 时如何判定
  --insecure            接受未知颁发者的证书
  --json                输出 JSON
  --lang en|zh          语言；默认依系统区域（LANG）
  --no-color            不使用颜色`;

/** Help texts. English, Chinese. */
export const help = {
  'help.main': [
    `koogate: Huawei Cloud Marketplace on your desk

Usage: koogate COMMAND [options]

{commands}

simulate, certify, chaos, doctor and keys work with any seller's server. Everywhere: --help with examples, --lang en|zh,
--json where there are data. Exit code 0: success, 1: problems found, 2: usage error.`,
    `koogate：把华为云云商店搬到桌面

用法：koogate 命令 [选项]

{commands}

simulate、certify、chaos、doctor、keys 适用于任何卖家的服务器。所有命令：--help（含示例）、--lang en|zh，
有数据时可用 --json。退出码：0 成功，1 发现问题，2 用法错误。`,
  ],
  'help.simulate': [
    `koogate simulate ACTIVITY: sign and send one call, check the answer

Usage: koogate simulate ACTIVITY [--at URL] [--key CLASS=VALUE] [options]
       koogate simulate life --help       (a purchase's whole life)
       koogate simulate order --help      (an order that the stand-in gives out)

A debugging call (testFlag 1) unless --real is given.

  --real                a real call: no testFlag
  --family NAME         saas-v2, saas-v1, kit-v2, kit-v1, license-2, license-online, license-1, order-notify,
                        maas
                        (default: the first family that has the activity)
  --charging MODE       period, once, on-demand, package or trial
  --param NAME=TEXT     sets a member of the call; NAME:=JSON for numbers, lists, objects
  --without NAME        leaves a member out
${TARGET_EN}

Examples:
  koogate simulate newInstance --product demo
  koogate simulate queryInstance --at https://seller.example.com/saas --key base=3f0a… --param instanceId=abc
  koogate simulate newInstance --family saas-v1 --at http://localhost:8080/saas --key base=3f0a…
  koogate simulate updateInstanceStatus --real --product demo --param instanceId=abc --param status=UNFREEZE
  koogate simulate authSync --at https://seller.example.com/saas --key kit=91b1… --json`,
    `koogate simulate 接口：签名并发送一次调用，检查响应

用法：koogate simulate 接口 [--at URL] [--key 类别=值] [选项]
      koogate simulate life --help       （一笔订购的完整生命周期）
      koogate simulate order --help      （由替身提供的订单）

默认是调试调用（testFlag 为 1），除非给出 --real。

  --real                真实调用：不带 testFlag
  --family 接口族       saas-v2、saas-v1、kit-v2、kit-v1、license-2、license-online、license-1、order-notify、maas
                        （默认：含该接口的第一个接口族）
  --charging 计费模式   period、once、on-demand、package、trial
  --param 名称=文本     设置调用参数；数字、列表、对象用 名称:=JSON
  --without 名称        去掉某个参数
${TARGET_ZH}

示例：
  koogate simulate newInstance --product demo
  koogate simulate queryInstance --at https://seller.example.com/saas --key base=3f0a… --param instanceId=abc
  koogate simulate newInstance --family saas-v1 --at http://localhost:8080/saas --key base=3f0a…
  koogate simulate updateInstanceStatus --real --product demo --param instanceId=abc --param status=UNFREEZE
  koogate simulate authSync --at https://seller.example.com/saas --key kit=91b1… --json`,
  ],
  'help.certify': [
    `koogate certify: rehearse the debugging cases that the seller console asks for

Usage: koogate certify --product-kind KIND [--at URL] [--key CLASS=VALUE] [options]

Sends every case alone and again, then all cases in random orders, and asks how the server behaves beyond them:
forged calls, refusals, time window, odd bodies, traces of debugging calls. Sends debugging calls, reads, and calls
about instances that exist nowhere, so it may be pointed at a live server. Says READY only of what calls have shown:
authentication, idempotency, isolation of debugging calls, life cycle. Stops with exit code 1 at the first connection refused.

  --product-kind KIND   saas-period, saas-once, saas-on-demand, joint (or joint-period, joint-once, joint-on-demand),
                        license-2, license-online, saas-v1-period, saas-v1-once, saas-v1-on-demand, saas-v1-joint,
                        license-1, order-notify, maas; api and agents: a server behind a gateway, see below
  --seed NUMBER         repeats the random orders of an earlier run
  --orders NUMBER       how many random orders (default 3)
  --junit FILE          writes JUnit XML
  --html FILE           writes a report in one HTML file
  --limit MS            time limit of an answer (default 5000)
  --other-at URL        address of another product with other keys: calls signed for this one must be refused there
                        (found by itself where KooGate runs here)
${TARGET_EN}

Servers behind API Gateway (api) or the Agents gateway (agents) are called as the gateway calls them, some twenty times.
Most calls are forged, and a server that answers one is never ready; the others reach your code and may cost.
  --key NAME=SECRET     key that you entered at the gateway
  --header NAME         header with the proof (default Authorization)
  --method M, --body T  the call (default POST, {})
  --billed PATHS        members that are billed, with commas between them (agents: tokens; api: none)

Examples:
  koogate certify --product-kind saas-period --product demo
  koogate certify --product-kind agents --at https://model.example.com/chat --key my-app=… --body '{"prompt":"hi"}'
  koogate certify --product-kind saas-v1-once --at https://seller.example.com/saas --key base=3f0a… --html report.html
  koogate certify --product-kind joint --product demo --public-key app.public.pem --junit koogate.xml --seed 7`,
    `koogate certify：预演卖家中心要求的调试用例

用法：koogate certify --product-kind 种类 [--at URL] [--key 类别=值] [选项]

每个用例先单独调用、再重复一次，然后以随机顺序调用全部用例；并检查用例之外的行为：
伪造的调用、拒绝、时间窗、各种请求体、调试调用的残留。只发送调试调用、查询以及针对不存在实例的调用，
可用于在线服务器。只有身份验证、幂等、调试调用隔离、生命周期均由调用证明，才会判定通过。连接被拒绝时立即停止，退出码为 1。

  --product-kind 种类   saas-period、saas-once、saas-on-demand、joint（或 joint-period、joint-once、joint-on-demand）、
                        license-2、license-online、saas-v1-period、saas-v1-once、saas-v1-on-demand、saas-v1-joint、
                        license-1、order-notify、maas；api 和 agents：网关后的服务器，见下文
  --seed 数字           重现之前的随机顺序
  --orders 数字         随机顺序的轮数（默认 3）
  --junit 文件          写出 JUnit XML
  --html 文件           写出单文件 HTML 报告
  --limit 毫秒          响应时限（默认 5000）
  --other-at URL        另一商品（密钥不同）的地址：为本商品签名的调用在那里必须被拒绝
                        （本机运行 KooGate 时自动找到）
${TARGET_ZH}

API 网关（api）或 Agents 网关（agents）后的服务器按网关的方式调用约二十次。
大多数调用是伪造的，应答任何一个都不能通过；其余调用会到达您的代码，可能产生费用。
  --key 名称=密钥值     在网关填写的密钥
  --header 名称         携带凭证的请求头（默认 Authorization）
  --method 方法、--body 文本  调用（默认 POST、{}）
  --billed 路径         计费字段，以逗号分隔（agents：token；api：无）

示例：
  koogate certify --product-kind saas-period --product demo
  koogate certify --product-kind agents --at https://model.example.com/chat --key my-app=… --body '{"prompt":"hi"}'
  koogate certify --product-kind saas-v1-once --at https://seller.example.com/saas --key base=3f0a… --html report.html
  koogate certify --product-kind joint --product demo --public-key app.public.pem --junit koogate.xml --seed 7`,
  ],
  'help.keys': [
    `koogate keys: make and check what the seller console asks for

Usage: koogate keys access                    a new access key (for local use; the real one comes from the console)
       koogate keys rsa [--bits 3072] [--out NAME]
                                              a pair: NAME.private.pem (PKCS#8), NAME.public.pem, and the seller console's
                                              form of the public key without BEGIN and END lines
       koogate keys check FILE                size and form of a key file
       koogate keys secrets --product NAME [--out .local/secrets.json]
                                              a whole secrets file for a local run; nothing is overwritten

  --json, --lang, --no-color as everywhere

Examples:
  koogate keys rsa --out app-credential
  koogate keys check app-credential.public.pem
  koogate keys secrets --product demo`,
    `koogate keys：生成并检查卖家中心需要的密钥

用法：koogate keys access                    新的接口密钥（本地使用；正式密钥来自卖家中心）
      koogate keys rsa [--bits 3072] [--out 名称]
                                              密钥对：名称.private.pem（PKCS#8）、名称.public.pem，
                                              以及卖家中心使用的公钥（不含 BEGIN/END 行）
      koogate keys check 文件                 密钥文件的长度与格式
      koogate keys secrets --product 名称 [--out .local/secrets.json]
                                              本地运行用的完整密钥文件；不会覆盖已有文件

  --json、--lang、--no-color 同其他命令

示例：
  koogate keys rsa --out app-credential
  koogate keys check app-credential.public.pem
  koogate keys secrets --product demo`,
  ],
} as const satisfies Sentences;

export const targetHelp = { en: TARGET_EN, zh: TARGET_ZH };
