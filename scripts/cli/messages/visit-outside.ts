import type { Sentences } from '../../language/sentence.ts';
import { FAILED_DO } from './visit-failed.ts';

/** Words of `koogate doctor --stage` about receivers, address and signed calls. English, Chinese. */
export const visitOutsideSentences = {
  'visit.receivers.none': ['Nobody is named to hear of alarms.', '没有告警接收人。'],
  'visit.receivers.none.do': ['Name them in stages.{stage}.receivers.', '请在 stages.{stage}.receivers 中指定。'],
  'visit.receivers.no-topic': ['The topic of the alarms could not be found.', '找不到告警主题。'],
  'visit.receivers.confirmed': ['{confirmed} have confirmed that they take alarms.', '{confirmed} 人已确认接收告警。'],
  'visit.receivers.unconfirmed': [
    '{pending} have not confirmed, and hear of nothing.',
    '{pending} 人尚未确认，收不到告警。',
  ],
  'visit.receivers.unconfirmed.do': [
    'Let them follow the link in the mail of AWS Notifications, in the spam folder perhaps; it is sent again from the console of SNS.',
    '请其点击 AWS Notifications 邮件中的链接（可能在垃圾邮件中）；可在 SNS 控制台重发。',
  ],
  'visit.receivers.lacking': [
    '{confirmed} of {expected} receivers take alarms.',
    '{expected} 个接收人中有 {confirmed} 个接收告警。',
  ],
  'visit.receivers.lacking.do': [
    'Somebody has unsubscribed, or the stage was not deployed since: deploy it again.',
    '有人退订，或尚未重新部署：请重新部署该阶段。',
  ],
  'visit.receivers.mail': ['The mail server {host}:{port} lets KooGate in.', '邮件服务器 {host}:{port} 登录成功。'],
  'visit.receivers.mail-refused': [
    'The mail server {host}:{port} does not take mail: {cause}',
    '邮件服务器 {host}:{port} 不可用：{cause}',
  ],
  'visit.receivers.mail-refused.do': [
    'Correct "mail" of the secrets; from this machine the server may also be out of reach.',
    '请更正密钥中的 mail；也可能只是从本机无法访问该服务器。',
  ],
  'visit.receivers.untried': [
    'Whether {names} can be reached is not tried here: nothing is sent.',
    '不在此尝试 {names} 能否收到：不发送任何内容。',
  ],
  'visit.receivers.untried.do': [
    'Try it: koogate alarms test --stage {stage}.',
    '请尝试：koogate alarms test --stage {stage}。',
  ],
  'visit.receivers.failed': ['Could not be told: {cause}', '无法判断：{cause}'],
  'visit.receivers.failed.do': FAILED_DO,

  'visit.address.from-option': ['{address}, as given.', '{address}（由参数给出）。'],
  'visit.address.from-domain': ['{address}, the stage’s domain.', '{address}（该阶段的域名）。'],
  'visit.address.from-stack': ['{address}, the gateway of the stack.', '{address}（堆栈的网关）。'],
  'visit.address.unset': ['The public address could not be told.', '无法得知公网地址。'],
  'visit.address.unset.do': ['Give it: --at https://market.example.com.', '请给出：--at https://market.example.com。'],
  'visit.address.name': ['{host} is {addresses}.', '{host} 解析为 {addresses}。'],
  'visit.address.no-name': ['{host} has no address in the DNS.', '{host} 在 DNS 中没有地址。'],
  'visit.address.no-name.do': [
    'Point a record of the domain to the stage: the output DomainTarget of the stack, or the server’s address.',
    '请将域名记录指向该阶段：堆栈输出 DomainTarget，或服务器地址。',
  ],
  'visit.address.name-unseen': ['The name {host} could not be looked up: {cause}', '无法解析 {host}：{cause}'],
  'visit.address.bare-ip': [
    '{host} is no name: certificates and moves need one.',
    '{host} 不是域名：证书与迁移都需要域名。',
  ],
  'visit.address.bare-ip.do': ['Give the stage a domain.', '请为该阶段配置域名。'],
  'visit.address.private': [
    'From here {host} is {addresses}, which the marketplace cannot reach.',
    '从本机看 {host} 为 {addresses}，云商店无法访问。',
  ],
  'visit.address.private.do': ['Run the doctor outside your network.', '请在内网之外运行 doctor。'],
  'visit.address.only-ipv6': ['{host} has IPv6 addresses alone: {addresses}.', '{host} 只有 IPv6 地址：{addresses}。'],
  'visit.address.only-ipv6.do': [
    'Add an IPv4 address: no page says that the marketplace calls by IPv6.',
    '请增加 IPv4 地址：没有文档说明云商店会用 IPv6 调用。',
  ],
  'visit.address.no-tls': [
    '{address} has no TLS; the marketplace takes https addresses only.',
    '{address} 没有 TLS；云商店只接受 https 地址。',
  ],
  'visit.address.no-tls.do': [
    'End TLS in front of the server, with a certificate of a known authority.',
    '请在服务器前终结 TLS，并使用公认机构的证书。',
  ],
  'visit.address.no-handshake': ['No TLS with {host}: {cause}', '无法与 {host} 建立 TLS：{cause}'],
  'visit.address.no-handshake.do': [
    'Is it switched on, is port 443 open, is the certificate in place?',
    '是否已启动、443 端口是否开放、证书是否就位？',
  ],
  'visit.address.tls': ['{protocol} is spoken.', '使用 {protocol}。'],
  'visit.address.old-tls': ['Only {protocol} is spoken.', '只支持 {protocol}。'],
  'visit.address.old-tls.do': ['Switch TLS 1.2 and 1.3 on.', '请启用 TLS 1.2 与 1.3。'],
  'visit.address.untrusted': [
    'The certificate is refused ({cause}); it names {names}.',
    '证书不被信任（{cause}）；其名称为 {names}。',
  ],
  'visit.address.untrusted.do': [
    'Install one of a known authority for {host}, with the certificates between.',
    '请为 {host} 安装公认机构签发的证书，并带上中间证书。',
  ],
  'visit.address.certificate': [
    'The certificate of {issuer} holds for {days} days, until {end}.',
    '{issuer} 签发的证书还有 {days} 天，至 {end}。',
  ],
  'visit.address.certificate-soon': [
    'The certificate of {issuer} ends in {days} days, on {end}.',
    '{issuer} 签发的证书将在 {days} 天后（{end}）到期。',
  ],
  'visit.address.certificate-soon.do': [
    'It should have been renewed by now: see why the renewal has not run.',
    '此时应已续期：请查明续期为何没有执行。',
  ],
  'visit.address.certificate-ends': [
    'The certificate of {issuer} ends in {days} days, on {end}.',
    '{issuer} 签发的证书将在 {days} 天后（{end}）到期。',
  ],
  'visit.address.certificate-ends.do': [
    'Renew it now: every call fails afterwards.',
    '请立即续期：到期后所有调用都会失败。',
  ],
  'visit.address.certificate-over': [
    'The certificate of {issuer} ended on {end}.',
    '{issuer} 签发的证书已于 {end} 到期。',
  ],
  'visit.address.certificate-over.do': [
    'Renew it now: no call of the marketplace gets through.',
    '请立即续期：云商店的调用都无法到达。',
  ],
  'visit.address.no-answer': ['{address} does not answer: {cause}', '{address} 没有应答：{cause}'],
  'visit.address.no-answer.do': ['Is it switched on, and open to the internet?', '是否已启动，并对公网开放？'],
  'visit.address.root': ['GET / is answered 200, as the seller console wants.', 'GET / 应答 200，符合卖家中心的要求。'],
  'visit.address.root-gateway': [
    'GET / of the gateway’s own address is answered 404.',
    '网关自身地址的 GET / 应答 404。',
  ],
  'visit.address.root-gateway.do': [
    'The seller console tries the bare address: give the stage a domain of its own.',
    '卖家中心会访问该裸地址：请为该阶段配置自己的域名。',
  ],
  'visit.address.root-refused': [
    'GET / is answered {status}, and the seller console wants 200.',
    'GET / 应答 {status}，而卖家中心要求 200。',
  ],
  'visit.address.root-refused.do': [
    'Let what stands in front pass / on to KooGate, which answers 200.',
    '请让前置代理将 / 转给 KooGate，由其应答 200。',
  ],
  'visit.address.root-unseen': [
    'GET / could not be tried without a certificate that holds.',
    '证书无效，无法尝试 GET /。',
  ],
  'visit.address.latency': ['There and back in {milliseconds} ms.', '往返 {milliseconds} 毫秒。'],
  'visit.address.slow': ['There and back takes {milliseconds} ms.', '往返需 {milliseconds} 毫秒。'],
  'visit.address.slow.do': [
    'The marketplace waits five seconds: is the stage far from here, or its way slow?',
    '云商店等待五秒：是距离远，还是链路慢？',
  ],
  'visit.address.too-slow': [
    'There and back takes {milliseconds} ms; the marketplace waits five seconds.',
    '往返需 {milliseconds} 毫秒；云商店只等待五秒。',
  ],
  'visit.address.too-slow.do': ['Look at what stands in front of the stage.', '请检查该阶段前面的网关与代理。'],
  'visit.address.clock': ['The clocks of the address and of this machine agree.', '该地址与本机的时钟一致。'],
  'visit.address.clock-off': [
    'The clocks of the address and of this machine are {seconds} s apart.',
    '该地址与本机的时钟相差 {seconds} 秒。',
  ],
  'visit.address.clock-off.do': [
    'Let both be set by NTP; which of the two is wrong cannot be told.',
    '请让两者都由 NTP 校时；无法判断哪个不准。',
  ],
  'visit.address.clock-wrong': [
    'The clocks of the address and of this machine are {seconds} s apart; signatures hold for 60 s.',
    '该地址与本机的时钟相差 {seconds} 秒；签名有效期为 60 秒。',
  ],
  'visit.address.clock-wrong.do': [
    'Compare this clock with time.is or NTP: the other one may refuse every call.',
    '请将本机时钟与 NTP 比较：若对方不准，会拒绝所有调用。',
  ],
  'visit.address.no-date': ['Answers have no Date, so its clock could not be told.', '应答没有 Date，无法判断其时钟。'],
  'visit.address.failed': ['Could not be told: {cause}', '无法判断：{cause}'],
  'visit.address.failed.do': FAILED_DO,

  'visit.calls.answered': [
    '{product}, {family}: answered in {milliseconds} ms, verified and signed with {keyClass} {fingerprint}.',
    '{product} 的 {family}：{milliseconds} 毫秒内应答，验签与应答签名均用 {keyClass} {fingerprint}。',
  ],
  'visit.calls.refused': [
    '{product}, {family}: refused (000001). The stage does not verify with {keyClass} {fingerprint}.',
    '{product} 的 {family}：被拒绝（000001）。该阶段不用 {keyClass} {fingerprint} 验签。',
  ],
  'visit.calls.refused.do': [
    'Keys are read again after five minutes. If it stays, the stage reads other secrets, or its clock is wrong.',
    '密钥每五分钟重新读取。若仍如此，则该阶段读取了其他密钥，或其时钟不准。',
  ],
  'visit.calls.keys-gone': [
    '{product}, {family}: answered 503, the stage cannot read its keys.',
    '{product} 的 {family}：应答 503，该阶段读不到密钥。',
  ],
  'visit.calls.keys-gone.do': ['See its log for the secret that it names.', '请在其日志中查看所缺的密钥。'],
  'visit.calls.no-route': [
    '{product}, {family}: answered {code}, nobody serves the path.',
    '{product} 的 {family}：应答 {code}，该路径无人处理。',
  ],
  'visit.calls.no-route.do': [
    'Is the product deployed under this name, and does what stands in front pass /produce/ on?',
    '商品是否以此名称部署？前置代理是否转发 /produce/？',
  ],
  'visit.calls.wrong-answer': ['{product}, {family}: {code}.', '{product} 的 {family}：{code}。'],
  'visit.calls.wrong-answer.do': [
    'koogate certify says what else is wrong; the log line "call" of this moment says why.',
    'koogate certify 会说明其他问题；此刻的 call 日志行说明原因。',
  ],
  'visit.calls.slow': [
    'The slowest answer took {milliseconds} ms; the marketplace waits five seconds.',
    '最慢的应答用了 {milliseconds} 毫秒；云商店只等待五秒。',
  ],
  'visit.calls.slow.do': [
    'The first call after a pause starts a function; look again.',
    '间歇后的首次调用会启动函数；请再试一次。',
  ],
  'visit.calls.no-address': ['Not tried without an address.', '没有地址，未尝试。'],
  'visit.calls.no-keys': ['{product}: not tried without its keys. {cause}', '{product}：没有密钥，未尝试。{cause}'],
  'visit.calls.no-keys.do': ['Sign in as somebody who may read the access keys.', '请以有权读取接口密钥者的身份登录。'],
  'visit.calls.no-key': [
    '{product}, {family}: not tried, there is no key of its class.',
    '{product} 的 {family}：没有该类密钥，未尝试。',
  ],
  'visit.calls.stored': [
    '{product}, {family}: not tried, since kitTest is "store" and the call would be kept.',
    '{product} 的 {family}：kitTest 为 "store"，调用会被保存，未尝试。',
  ],
  'visit.calls.unreachable': [
    'Not tried: {address} cannot be called ({cause}).',
    '未尝试：无法调用 {address}（{cause}）。',
  ],
  'visit.calls.failed': ['Could not be told: {cause}', '无法判断：{cause}'],
  'visit.calls.failed.do': FAILED_DO,
} as const satisfies Sentences;
