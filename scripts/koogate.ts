import { type Commands, main } from './cli/main.ts';

/*
 * Composition root of the command `koogate`, and the only file above all floors: which sub-commands there are. Each is
 * loaded when it is called, so that `koogate --help` stays quick.
 */

/** Sub-commands in the order in which the help lists them, each with a summary in English and Chinese. */
export const COMMANDS: Commands = {
  start: {
    summary: ['run the whole system on this machine, with the console', '在本机运行整个系统（含控制台）'],
    load: async () => (await import('./console/start.ts')).start,
  },
  demo: {
    summary: ["play a purchase's whole life against the sample shop", '对示例商店演示一笔订购的完整生命周期'],
    load: async () => (await import('./cli/commands/demo.ts')).demo,
  },
  curl: {
    summary: ['print a curl command with a call signed just now', '打印一条刚签名的 curl 命令'],
    load: async () => (await import('./cli/commands/curl.ts')).curl,
  },
  simulate: {
    summary: [
      'send one signed call and check the answer; "simulate life" plays a whole life',
      '发送一次签名调用并检查应答；simulate life 模拟完整生命周期',
    ],
    load: async () => (await import('./cli/commands/simulate.ts')).simulate,
  },
  certify: {
    summary: ['rehearse the debugging cases that the seller console asks for', '预演卖家中心要求的调试用例'],
    load: async () => (await import('./cli/commands/certify.ts')).certify,
  },
  chaos: {
    summary: [
      'duplicates, replays, cut lines, malformed bodies: does state stay right?',
      '重复、重放、断线、畸形请求：状态是否仍然正确？',
    ],
    load: async () => (await import('./cli/commands/chaos.ts')).chaos,
  },
  doctor: {
    summary: ['look at a deployed stage, or explain a wrong signature', '检查已部署的阶段，或说明签名为何不符'],
    load: async () => (await import('./cli/operator/doctor.ts')).doctorOrStage,
  },
  keys: {
    summary: ['make and check access keys, RSA pairs, secrets files', '生成并检查接口密钥、RSA 密钥对、密钥文件'],
    load: async () => (await import('./cli/commands/keys.ts')).keys,
  },
  config: {
    summary: ['show what holds in a stage, and where each value comes from', '显示某个阶段的有效设置及其来源'],
    load: async () => (await import('./cli/operator/config.ts')).config,
  },
  order: {
    summary: ['query an order of the marketplace', '查询云商店订单'],
    load: async () => (await import('./cli/operator/order.ts')).order,
  },
  license: {
    summary: ['activate and query authorisation codes, report software usage', '激活、查询授权码，上报软件使用情况'],
    load: async () => (await import('./cli/operator/license.ts')).license,
  },
  upload: {
    summary: ['upload a file or a text for an event', '为事件上传文件或文本'],
    load: async () => (await import('./cli/operator/upload.ts')).upload,
  },
  console: {
    summary: [
      'open the page of a deployed installation: orders, histories, trouble',
      '打开已部署系统的网页：订单、历史与故障',
    ],
    load: async () => (await import('./console/deployed/command.ts')).consoleOf,
  },
  find: {
    summary: ['find instances by order, order line, instance or customer', '按订单、订单行、实例或客户查找实例'],
    load: async () => (await import('./cli/operator/find.ts')).find,
  },
  show: {
    summary: ['show one instance with its history', '查看一个实例及其历史'],
    load: async () => (await import('./cli/operator/show.ts')).show,
  },
  status: {
    summary: ['show what waits, fails and is about to fail', '查看待处理、失败及即将失败的变更'],
    load: async () => (await import('./cli/operator/status.ts')).status,
  },
  alarms: {
    summary: ['send a test message to each receiver of alarms', '向每个告警接收人发送测试消息'],
    load: async () => (await import('./cli/operator/alarms.ts')).alarms,
  },
  'set-aside': {
    summary: ['set aside the change that an instance is stuck at', '搁置阻塞实例的变更'],
    load: async () => (await import('./cli/operator/set-aside.ts')).setAsideChange,
  },
  requeue: {
    summary: ['queue changes again, and leave alone what waits', '仅将被搁置的变更重新排队'],
    load: async () => (await import('./cli/operator/retry.ts')).requeueAside,
  },
  audit: {
    summary: ['verify that no history was changed', '验证历史记录未被更改'],
    load: async () => (await import('./cli/operator/audit.ts')).audit,
  },
  export: {
    summary: ['write all instances as CSV or JSON lines', '以 CSV 或逐行 JSON 导出全部实例'],
    load: async () => (await import('./cli/operator/export.ts')).exportAll,
  },
  erase: {
    summary: ['erase a customer from the live table', '从在用数据表中删除某个客户的数据'],
    load: async () => (await import('./cli/operator/erase.ts')).erase,
  },
  report: {
    summary: ["write what is known of an instance for the marketplace's support", '输出实例信息供云商店支持人员使用'],
    load: async () => (await import('./cli/operator/report.ts')).report,
  },
  policy: {
    summary: ['print the IAM policy of a person on duty', '打印值班人员的 IAM 策略'],
    load: async () => (await import('./cli/operator/policy.ts')).policy,
  },
  retry: {
    summary: ['queue changes again that were set aside', '将被搁置的变更重新排队'],
    load: async () => (await import('./cli/operator/retry.ts')).retry,
  },
  usage: {
    summary: ['report, list and push usage', '上报、列出并推送用量'],
    load: async () => (await import('./cli/operator/usage.ts')).usage,
  },
  reconcile: {
    summary: ['compare instances with the orders that bought them', '将实例与其订单核对'],
    load: async () => (await import('./cli/operator/reconcile.ts')).reconcileOrders,
  },
  reseal: {
    summary: ['seal everything anew under the newest keys', '用最新的密钥重新封存所有数据'],
    load: async () => (await import('./cli/operator/reseal.ts')).resealAll,
  },
  import: {
    summary: ['bring in instances that were given out before KooGate', '导入使用 KooGate 之前已开通的实例'],
    load: async () => (await import('./cli/operator/import.ts')).importInstances,
  },
  table: {
    summary: ['create, migrate, check and move the table', '创建、升级、检查并迁移数据表'],
    load: async () => (await import('./cli/operator/table.ts')).table,
  },
  'deploy-role': {
    summary: [
      'print the role of the deploy workflow, for CloudFormation',
      '打印部署工作流所用角色的 CloudFormation 模板',
    ],
    load: async () => (await import('./cli/operator/deploy-role.ts')).printDeployRole,
  },
  new: {
    summary: ['make a repository for your own shop', '新建自己的店铺仓库'],
    load: async () => (await import('./cli/new/new-shop.ts')).newShop,
  },
  upgrade: {
    summary: ['take a newer KooGate', '升级 KooGate'],
    load: async () => (await import('./cli/new/upgrade.ts')).upgrade,
  },
  build: {
    summary: ['build the functions, or the server host as one file', '构建函数，或将服务器主机构建为单个文件'],
    load: async () => (await import('./cli/operator/serve.ts')).build,
  },
  serve: {
    summary: ['run the server host of a stage', '运行某个阶段的服务器主机'],
    load: async () => (await import('./cli/operator/serve.ts')).serve,
  },
  parameters: {
    summary: ['make a secrets file, and store it in Parameter Store', '生成密钥文件并写入 Parameter Store'],
    load: async () => (await import('./cli/operator/parameters.ts')).parameters,
  },
};

/** Entry of the executable. */
export async function koogate(argv: readonly string[]): Promise<void> {
  await main(argv, COMMANDS);
}
