import type { Severity } from '../config/alarm-settings.ts';

/** A text in the two languages of those who read it. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

/** A rule: how bad it is, what it says, and what to do. */
export interface Rule {
  readonly severity: Severity;
  readonly title: Text;
  readonly advice: Text;
}

/** The rules of what the table shows, by id. Figures are in the files beside this one; docs/alarms.md has them all. */
export const RULES = {
  'keys-unavailable': {
    severity: 'critical',
    title: { en: 'Access keys cannot be read; calls are answered 503', zh: '读不到访问密钥，调用一律答 503' },
    advice: {
      en: 'Look at the secrets: does each exist, and may the function or the server read it? Orders are being lost.',
      zh: '检查密钥存放处：各项是否存在、函数或服务器有无读取权限。期间订单会丢失。',
    },
  },
  'wrong-key': {
    severity: 'critical',
    title: { en: 'Timely calls are signed with a key that is not ours', zh: '按时到达的调用所用密钥与我方不符' },
    advice: {
      en: 'Compare the access key in the seller console with the one in the secrets. Failing dial tests take a product off sale. (A stranger can cause this too.)',
      zh: '核对卖家中心与密钥存放处的访问密钥。拨测连续失败会导致商品下架。（他人伪造调用也会引起此告警。）',
    },
  },
  'call-refused': {
    severity: 'critical',
    title: { en: 'Calls that the marketplace has signed are refused', zh: '云商店签名有效的调用被拒绝' },
    advice: {
      en: 'The log line "call" of that time says why. 000002: a member has changed; 000003: an instance is unknown here; 000005: a fault.',
      zh: '查看当时日志中的 call 行。000002：参数有变；000003：此处没有该实例；000005：内部故障。',
    },
  },
  'dial-test-refused': {
    severity: 'warning',
    title: { en: 'Dial tests are refused', zh: '拨测被拒绝' },
    advice: {
      en: 'Five failing days in a row freeze trading. The log line "call" with isTest says why.',
      zh: '连续五天失败将冻结交易。查看日志中 isTest 的 call 行。',
    },
  },
  'slow-answers': {
    severity: 'warning',
    title: { en: 'Answers take more than three seconds', zh: '应答超过三秒' },
    advice: {
      en: 'The marketplace waits five seconds. Look at the table, the secrets and, for products fulfilled inline, the backend.',
      zh: '云商店最多等五秒。检查数据表、密钥存放处；同步开通的商品还要检查后端。',
    },
  },
  'purchase-failing': {
    severity: 'critical',
    title: { en: 'Purchases have waited for ten minutes', zh: '购买已等待十分钟仍未开通' },
    advice: {
      en: 'They are tried every two minutes until the window closes; the reason is below. Mend it, or the orders are lost.',
      zh: '窗口关闭前每两分钟重试一次，原因见下。请尽快排除，否则订单丢失。',
    },
  },
  'change-failing': {
    severity: 'warning',
    title: { en: 'Changes have waited for thirty minutes', zh: '变更已等待三十分钟仍未完成' },
    advice: {
      en: 'They are tried on; the reason is below. koogate retry tries at once.',
      zh: '系统会继续重试，原因见下。koogate retry 可立即重试。',
    },
  },
  'set-aside': {
    severity: 'warning',
    title: { en: 'Changes were set aside', zh: '变更已搁置' },
    advice: {
      en: 'They are not tried again by themselves. Mend the cause, then: koogate retry.',
      zh: '不会自动重试。排除原因后执行 koogate retry。',
    },
  },
  'not-woken': {
    severity: 'warning',
    title: { en: 'Changes wait for the sweep: nothing wakes fulfilment', zh: '变更只能等待定时扫描，即时唤醒失效' },
    advice: {
      en: 'On AWS look at the stream of the table and its event source mapping; on a server at its log. Purchases take up to a minute longer.',
      zh: 'AWS 上检查数据表的流及其事件源映射；服务器上查看日志。购买最多晚一分钟开通。',
    },
  },
  silent: {
    severity: 'critical',
    title: { en: 'No proven call for fourteen hours', zh: '十四小时没有收到签名有效的调用' },
    advice: {
      en: 'Dial tests come twice a day. Look at the domain, its certificate and the address in the seller console; or set onSale to false.',
      zh: '拨测每天两次。检查域名、证书和卖家中心的地址；商品已停售则将 onSale 设为 false。',
    },
  },
  delisting: {
    severity: 'critical',
    title: { en: 'The product comes near to being delisted', zh: '商品接近下架条件' },
    advice: {
      en: 'More than five failed orders in a month, or dial tests that fail on five days in a row, take a product off sale.',
      zh: '一个月内失败订单超过五个，或拨测连续五天失败，商品会被下架。',
    },
  },
  'usage-late': {
    severity: 'warning',
    title: { en: 'Usage is still not pushed', zh: '用量逾期未上报' },
    advice: {
      en: 'Look at meter and its log. After 21 days the marketplace takes it no more.',
      zh: '检查 meter 及其日志。超过 21 天云商店不再接收。',
    },
  },
  'usage-refused': {
    severity: 'warning',
    title: { en: 'Usage is refused and not billed', zh: '用量被拒绝，未计费' },
    advice: {
      en: 'koogate usage list says why; report it corrected, or koogate usage requeue.',
      zh: 'koogate usage list 会说明原因；更正后重新上报，或执行 koogate usage requeue。',
    },
  },
  'usage-unadopted': {
    severity: 'warning',
    title: { en: 'Reports of usage in the table cannot be taken', zh: '表中的用量报告无法采纳' },
    advice: {
      en: 'Look at their product and instance: the log of meter says what is missing.',
      zh: '检查其商品和实例；meter 的日志会说明缺少什么。',
    },
  },
  'early-freeze': {
    severity: 'info',
    title: { en: 'An instance was frozen before the end of its paid period', zh: '实例在付费期结束前被冻结' },
    advice: {
      en: 'It is a violation, or an older freeze that came late: compare it with the order.',
      zh: '可能是违规处理，也可能是迟到的旧冻结：请与订单核对。',
    },
  },
  'unsettled-release': {
    severity: 'info',
    title: { en: 'An instance was released before all its usage was pushed', zh: '实例在用量全部上报前已释放' },
    advice: {
      en: 'Its records stay due. See that they get out: koogate usage list.',
      zh: '其用量记录仍待上报，请确认能够发出：koogate usage list。',
    },
  },
  drift: {
    severity: 'warning',
    title: { en: 'Instances differ from the marketplace’s orders', zh: '实例与云商店订单不一致' },
    advice: {
      en: 'koogate reconcile shows how, and repairs what is safe.',
      zh: 'koogate reconcile 可查看差异并安全修复。',
    },
  },
  'table-unreachable': {
    severity: 'critical',
    title: { en: 'The table cannot be read or written', zh: '数据表无法读写' },
    advice: {
      en: 'Calls are answered 000005 and repeated. Look at throttling, the disk and the connections of the engine.',
      zh: '调用一律答 000005 并会重复。检查限流、磁盘和数据库连接。',
    },
  },
  clock: {
    severity: 'critical',
    title: { en: 'The clock of a server is off; it takes no changes', zh: '服务器时钟偏差过大，暂不接受变更' },
    advice: {
      en: 'Let it be set by NTP (timedatectl set-ntp true).',
      zh: '请启用 NTP 校时（timedatectl set-ntp true）。',
    },
  },
  'receiver-failing': {
    severity: 'warning',
    title: { en: 'A receiver of alarms cannot be told', zh: '有告警接收人无法送达' },
    advice: {
      en: 'The reason is below. koogate alarms test --stage tries all receivers.',
      zh: '原因见下。koogate alarms test --stage 可逐一测试接收人。',
    },
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** Id of a rule. */
export type RuleId = keyof typeof RULES;

/** Findings of a rule, taken together by group: a product, or a product and what distinguishes cases. */
export interface Sighting {
  readonly rule: RuleId;
  readonly group: string;
  /** Number of things found; 1000 may be more. */
  readonly count: number;
  /** Since when the oldest has lain there, Unix milliseconds. */
  readonly since: number;
  /** A few of them, each with a reason; free of secrets and of personal data. */
  readonly about: readonly string[];
}

/** Examples that a sighting names. */
const MOST_NAMED = 5;

/** Takes together what rules find. */
export class Sightings {
  readonly #found = new Map<string, Sighting>();

  add(
    rule: RuleId,
    group: string,
    { since, about, count = 1 }: { since: number; about?: string; count?: number },
  ): void {
    const id = `${rule} ${group}`;
    const before = this.#found.get(id) ?? { rule, group, count: 0, since, about: [] };
    const named = about === undefined || before.about.length >= MOST_NAMED ? before.about : [...before.about, about];
    this.#found.set(id, {
      ...before,
      count: before.count + count,
      since: Math.min(before.since, since),
      about: named,
    });
  }

  get all(): readonly Sighting[] {
    return [...this.#found.values()];
  }
}
