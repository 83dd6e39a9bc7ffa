import type { Sentences } from '../../language/sentence.ts';
import { FAILED_DO } from './visit-failed.ts';

/** Words of `koogate doctor --stage` about settings, secrets, table and account. English, Chinese. */
export const visitSentences = {
  'visit.check.settings': ['settings', '设置'],
  'visit.check.secrets': ['secrets', '密钥文档'],
  'visit.check.keys': ['access keys', '接口密钥'],
  'visit.check.table': ['table', '数据表'],
  'visit.check.account': ['account', '云账号'],
  'visit.check.receivers': ['receivers', '告警接收人'],
  'visit.check.address': ['address', '地址'],
  'visit.check.calls': ['signed calls', '签名调用'],
  'visit.fine': [
    'Stage "{stage}": nothing to do. {advice} to consider, {unknown} could not be told.',
    '阶段“{stage}”：无需处理。{advice} 项建议，{unknown} 项无法判断。',
  ],
  'visit.found': [
    'Stage "{stage}": {todo} to put right, {advice} to consider, {unknown} could not be told.',
    '阶段“{stage}”：{todo} 项需处理，{advice} 项建议，{unknown} 项无法判断。',
  ],

  'visit.settings.problem': ['{text}', '{text}'],
  'visit.settings.warning': ['{text}', '{text}'],
  'visit.settings.sound': ['Nothing is missing, and nothing contradicts.', '设置完整且没有矛盾。'],
  'visit.settings.region': ['Host {host}, region {region}, site {site}.', '主机 {host}，区域 {region}，站点 {site}。'],
  'visit.settings.region-unset': [
    'The settings name no region, so it could not be told where the stage runs.',
    '设置中没有区域，无法判断该阶段运行在何处。',
  ],
  'visit.settings.region-unset.do': ['Set stages.<stage>.region.', '请设置 stages.<阶段>.region。'],
  'visit.settings.hosting': [
    'SaaS products have to run on Huawei Cloud, and whose machine a server is could not be told.',
    'SaaS 商品须运行在华为云上；无法判断服务器属于哪家云。',
  ],
  'visit.settings.hosting.do': [
    'If it is on Huawei Cloud, set stages.{stage}.hostRuleKnown to true.',
    '若已部署在华为云，请将 stages.{stage}.hostRuleKnown 设为 true。',
  ],
  'visit.settings.no-heartbeat': [
    'Nobody outside hears when the sweep ends for good: there is no heartbeat.',
    '没有心跳地址：巡检停止时，外部无人知晓。',
  ],
  'visit.settings.no-heartbeat.do': [
    'Set heartbeat to an address of a service that rings when calls stay away.',
    '请将 heartbeat 设为一个在收不到调用时会告警的服务地址。',
  ],
  'visit.settings.failed': ['Could not be told: {cause}', '无法判断：{cause}'],
  'visit.settings.failed.do': FAILED_DO,

  'visit.secrets.there': ['All {count} that the settings ask for are there.', '设置所需的 {count} 个均已存在。'],
  'visit.secrets.gone': ['{name} is not there.', '缺少 {name}。'],
  'visit.secrets.gone.do': [
    'Type it into the secrets file and store it: koogate parameters --stage <stage> --file <file> --yes.',
    '请写入密钥文件并保存：koogate parameters --stage <阶段> --file <文件> --yes。',
  ],
  'visit.secrets.no-hmac': [
    '{name} is not there: histories are not chained, and customers cannot be found.',
    '缺少 {name}：历史记录不成链，也无法按客户查找。',
  ],
  'visit.secrets.no-hmac.do': [
    'koogate parameters --init makes a file with fresh keys: take its "hmac" over into yours, and store it.',
    'koogate parameters --init 会生成含新密钥的文件：把其中的 hmac 复制到您的文件并保存。',
  ],
  'visit.secrets.unfit': ['{name} is not what it should be. {cause}', '{name} 的内容不符合要求。{cause}'],
  'visit.secrets.unfit.do': ['Correct it in the secrets file, and store it.', '请在密钥文件中更正并保存。'],
  'visit.secrets.unreadable': ['Could not be told: {cause}', '无法判断：{cause}'],
  'visit.secrets.unreadable.do': [
    'Sign in as somebody who may read them: ssm:GetParameters, or the secrets file of the server.',
    '请以有权读取者的身份登录：ssm:GetParameters，或服务器上的密钥文件。',
  ],
  'visit.secrets.failed': ['Could not be told: {cause}', '无法判断：{cause}'],
  'visit.secrets.failed.do': FAILED_DO,

  'visit.table.active': ['{table} is active.', '{table} 可用。'],
  'visit.table.inactive': ['The table is in the state {state}.', '数据表状态为 {state}。'],
  'visit.table.inactive.do': ['Look at it in the console of DynamoDB.', '请在 DynamoDB 控制台查看。'],
  'visit.table.gone': ['There is no table {table}.', '数据表 {table} 不存在。'],
  'visit.table.gone.do': [
    'Deploy the stage, or restore the table; were you signed in to another account or region?',
    '请部署该阶段或恢复数据表；是否登录了其他账号或区域？',
  ],
  'visit.table.unfit': ['The table cannot be relied on. {cause}', '数据表不可靠。{cause}'],
  'visit.table.schema': ['{table} has the newest schema.', '{table} 为最新结构。'],
  'visit.table.no-index': ['{table} lacks the index {index}.', '{table} 缺少索引 {index}。'],
  'visit.table.no-index.do': [
    'Deploy this version, then fill the index: koogate table index --stage <stage>.',
    '请部署此版本，然后填充索引：koogate table index --stage <阶段>。',
  ],
  'visit.table.no-stream': [
    '{table} has no stream: nothing wakes fulfilment but the sweep.',
    '{table} 没有流：只有巡检会触发履约。',
  ],
  'visit.table.no-stream.do': ['Deploy the stage again.', '请重新部署该阶段。'],
  'visit.table.no-expiry': ['{table} does not delete what has expired.', '{table} 不会删除过期数据。'],
  'visit.table.no-expiry.do': ['Switch time to live on for the attribute ttl.', '请为属性 ttl 启用生存时间（TTL）。'],
  'visit.table.expiry': [
    'Whether expired items are deleted could not be told: {cause}',
    '无法判断是否删除过期数据：{cause}',
  ],
  'visit.table.backups': ['Point-in-time recovery is on.', '已启用时间点恢复。'],
  'visit.table.no-backups': ['{table} has no point-in-time recovery.', '{table} 未启用时间点恢复。'],
  'visit.table.no-backups.do': [
    'Switch it on: what was sold cannot be restored otherwise.',
    '请启用，否则已售数据无法恢复。',
  ],
  'visit.table.backups-unseen': ['Whether there are backups could not be told: {cause}', '无法判断是否有备份：{cause}'],
  'visit.table.unprotected': ['{table} may be deleted: deletion protection is off.', '{table} 未启用删除保护。'],
  'visit.table.unprotected.do': ['Switch it on, or deploy the stage again.', '请启用，或重新部署该阶段。'],
  'visit.table.clock-right': [
    'This clock and the database agree ({seconds} s).',
    '本机时钟与数据库一致（{seconds} 秒）。',
  ],
  'visit.table.clock': ['This clock and the database are {seconds} s apart.', '本机时钟与数据库相差 {seconds} 秒。'],
  'visit.table.clock.do': [
    'Let both be set by NTP, and look which of the two is wrong.',
    '请让两者都由 NTP 校时，并查明哪个不准。',
  ],
  'visit.table.closed': [
    '{place} is closed: changes are answered with 000005.',
    '{place} 已关闭：变更会被应答 000005。',
  ],
  'visit.table.closed.do': [
    'Finish the move, or open it: koogate table open.',
    '请完成迁移，或打开它：koogate table open。',
  ],
  'visit.table.products-missing': ['{cause}', '{cause}'],
  'visit.table.failed': ['Could not be told: {cause}', '无法判断：{cause}'],
  'visit.table.failed.do': FAILED_DO,

  'visit.account.stack': ['Stack {stack} in {region}: {status}.', '{region} 的堆栈 {stack}：{status}。'],
  'visit.account.stack-moves': ['Stack {stack} is being changed: {status}.', '堆栈 {stack} 正在变更：{status}。'],
  'visit.account.stack-back': [
    'The last deployment of {stack} was rolled back: {status}.',
    '{stack} 的上次部署已回滚：{status}。',
  ],
  'visit.account.stack-back.do': [
    'See the stack’s events for the cause, and deploy again.',
    '请在堆栈事件中查明原因后重新部署。',
  ],
  'visit.account.stack-failed': ['Stack {stack} is in the state {status}.', '堆栈 {stack} 的状态为 {status}。'],
  'visit.account.stack-failed.do': [
    'See the stack’s events in the console of CloudFormation.',
    '请在 CloudFormation 控制台查看堆栈事件。',
  ],
  'visit.account.no-stack': ['There is no stack {stack} in {region}.', '{region} 中没有堆栈 {stack}。'],
  'visit.account.no-stack.do': [
    'Deploy the stage; or sign in to the account that it is deployed in.',
    '请部署该阶段，或登录其所在的账号。',
  ],
  'visit.account.roles': ['All {count} roles are there.', '{count} 个角色均存在。'],
  'visit.account.role-gone': ['The role {role} was deleted.', '角色 {role} 已被删除。'],
  'visit.account.role-gone.do': [
    'Remove what names it from the stack and deploy again.',
    '请从堆栈移除引用它的部分后重新部署。',
  ],
  'visit.account.roles-unseen': ['Roles could not be looked at: {cause}', '无法查看角色：{cause}'],
  'visit.account.functions': [
    'All {count} functions are there, set for this table.',
    '{count} 个函数均存在，且指向此表。',
  ],
  'visit.account.function-gone': ['The function {function} was deleted.', '函数 {function} 已被删除。'],
  'visit.account.function-gone.do': ['Deploy the stage again.', '请重新部署该阶段。'],
  'visit.account.function-state': [
    'The function {function} is in the state {state}.',
    '函数 {function} 的状态为 {state}。',
  ],
  'visit.account.function-state.do': [
    'Look at it in the console of Lambda, and deploy again.',
    '请在 Lambda 控制台查看并重新部署。',
  ],
  'visit.account.function-set': [
    'The function {function} is set for {found}, and the settings say {expected}.',
    '函数 {function} 指向 {found}，而设置为 {expected}。',
  ],
  'visit.account.function-set.do': ['Deploy the stage with the settings that hold.', '请按当前设置重新部署该阶段。'],
  'visit.account.functions-unseen': ['Functions could not be looked at: {cause}', '无法查看函数：{cause}'],
  'visit.account.limit': ['Concurrent executions of the account: {all}.', '账号的并发执行数：{all}。'],
  'visit.account.limit-low': [
    'The account has {all} concurrent executions for everything; none of them can be reserved.',
    '账号总共只有 {all} 个并发执行数，无法预留。',
  ],
  'visit.account.limit-low.do': [
    'Ask AWS for more (Service Quotas, Lambda, Concurrent executions), 1000 say.',
    '请向 AWS 申请提高配额（Service Quotas，Lambda，Concurrent executions），例如 1000。',
  ],
  'visit.account.limit-reserve': [
    'Other functions of the account could use up all {all} concurrent executions.',
    '账号中的其他函数可能用尽全部 {all} 个并发执行数。',
  ],
  'visit.account.limit-reserve.do': [
    'Set stages.{stage}.reservedConcurrency, to 20 say; {most} at most.',
    '请设置 stages.{stage}.reservedConcurrency，例如 20；最多 {most}。',
  ],
  'visit.account.limit-reserved': [
    '{reserved} of {all} concurrent executions are reserved.',
    '{all} 个并发执行数中已预留 {reserved} 个。',
  ],
  'visit.account.limit-exceeded': [
    '{reserved} concurrent executions are to be reserved of {all}; a hundred have to remain.',
    '设置要求在 {all} 个并发执行数中预留 {reserved} 个，而须保留一百个。',
  ],
  'visit.account.limit-exceeded.do': [
    'Lower reservedConcurrency, or ask AWS for more.',
    '请调低 reservedConcurrency，或向 AWS 申请提高配额。',
  ],
  'visit.account.limit-unseen': ['The account’s limit could not be told: {cause}', '无法判断账号配额：{cause}'],
  'visit.account.failed': ['Could not be told: {cause}', '无法判断：{cause}'],
  'visit.account.failed.do': [
    'Sign in as somebody who may: koogate policy operator --stage <stage> --read prints what it takes.',
    '请以有权者的身份登录：koogate policy operator --stage <阶段> --read 会打印所需权限。',
  ],
} as const satisfies Sentences;
