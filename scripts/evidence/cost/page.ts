import type { Measured } from '../page/measured.ts';
import { ALARMS, type Bill, idleBill, type OrderCost, ordersBill, type SweepCost, total } from './arithmetic.ts';
import { AWS_PRICES } from './prices.ts';

type Language = 'english' | 'chinese';

/** Orders a month that the page counts for. */
export const ORDERS = [100, 10_000, 1_000_000] as const;
/** Calls of the marketplace about one order: the purchase, a repeat, two polls, one later change. */
export const CALLS = 5;
const MONTH_S = 43_800 * 60;
/** Cores of the two smallest servers together. */
const CORES = 4;
const GB = 1e9;

const WORDS = {
  english: {
    prices: ['what', 'dollars', 'for', 'source'],
    bill: ['dollars a month on AWS', 'no order', ...ORDERS.map((orders) => `${orders} orders`)],
    parts: {
      gateway: 'calls at the gateway',
      functions: 'functions',
      table: 'table: units and storage after a year',
      logs: 'log',
      alarms: 'alarms from outside',
      total: 'sum',
    },
    amounts: ['a month on Huawei Cloud', ...ORDERS.map((orders) => `${orders} orders`)],
    calls: 'calls',
    cpu: 'CPU seconds of servers and database',
    share: `of two servers with two cores each, percent`,
    storage: 'table after a year, GB',
    logs: 'log, GB',
    alarms: 'alarms from outside',
    missing: 'not measured yet',
  },
  chinese: {
    prices: ['项目', '美元', '单位', '来源'],
    bill: ['AWS 上每月美元', '无订单', ...ORDERS.map((orders) => `${orders} 个订单`)],
    parts: {
      gateway: '网关调用',
      functions: '函数',
      table: '数据表：容量单位与一年后的存储',
      logs: '日志',
      alarms: '外部告警',
      total: '合计',
    },
    amounts: ['华为云上每月', ...ORDERS.map((orders) => `${orders} 个订单`)],
    calls: '调用',
    cpu: '服务器与数据库的 CPU 秒',
    share: '占两台两核服务器的百分比',
    storage: '一年后的数据表，GB',
    logs: '日志，GB',
    alarms: '外部告警',
    missing: '尚未测量',
  },
} as const;

const CHINESE_UNITS: Readonly<Record<keyof typeof AWS_PRICES, string>> = {
  gateway: '1 000 000 次 HTTP API 调用',
  requests: '1 000 000 次函数运行',
  compute: '1 000 000 GB-秒函数时间',
  writes: '1 000 000 个写请求单位',
  reads: '1 000 000 个读请求单位',
  storage: '每月每 GB 数据表',
  logs: '每 GB 写入的日志',
  alarms: '每月每个告警',
  metrics: '每月每个自定义指标',
};

/** Tables of the page on cost, each computed from measured results and prices. */
export function costSections(bench: readonly Measured[], language: Language): Readonly<Record<string, string>> {
  return { prices: prices(language), aws: aws(bench, language), huawei: huawei(bench, language) };
}

function prices(language: Language): string {
  const rows = (Object.keys(AWS_PRICES) as (keyof typeof AWS_PRICES)[]).map((what) => {
    const { dollars, per, source } = AWS_PRICES[what];
    return [`\`${what}\``, String(dollars), language === 'english' ? per : CHINESE_UNITS[what], `<${source}>`];
  });
  return tableOf([WORDS[language].prices, ...rows]);
}

function aws(bench: readonly Measured[], language: Language): string {
  const { bill, parts, missing } = WORDS[language];
  const [sweep, order] = [sweepCost(bench), orderCost(bench)];
  if (sweep === undefined || order === undefined) return missing;
  const bills = [idleBill(sweep), ...ORDERS.map((orders) => ordersBill(orders, sweep, order))];
  const row = (title: string, of: (bill: Bill) => number) => [title, ...bills.map((one) => of(one).toFixed(2))];
  const names = ['gateway', 'functions', 'table', 'logs', 'alarms'] as const;
  return tableOf([bill, ...names.map((name) => row(parts[name], (one) => one[name])), row(parts.total, total)]);
}

function huawei(bench: readonly Measured[], language: Language): string {
  const words = WORDS[language];
  const purchase = numberIn(bench, 'CPU of servers and database per purchase, two servers ÷ one', 'ours');
  const stored = amountOf(bench, 'bytes that an instance keeps in the table');
  const logged = amountOf(bench, 'bytes that an accepted purchase logs');
  const row = (title: string, of: (orders: number) => number | undefined, digits: number) => [
    title,
    ...ORDERS.map((orders) => of(orders)?.toFixed(digits) ?? words.missing),
  ];
  const cpu = (orders: number) => purchase && (orders * CALLS * purchase) / 1_000;
  const share = (orders: number) => {
    const seconds = cpu(orders);
    return seconds && (100 * seconds) / (MONTH_S * CORES);
  };
  return tableOf([
    words.amounts,
    row(words.calls, (orders) => orders * CALLS, 0),
    row(words.cpu, cpu, 0),
    row(words.share, share, 3),
    row(words.storage, (orders) => stored && (12 * orders * stored) / GB, 2),
    row(words.logs, (orders) => logged && (orders * (CALLS + 1) * logged) / GB, 3),
    row(words.alarms, () => ALARMS, 0),
  ]);
}

function sweepCost(bench: readonly Measured[]): SweepCost | undefined {
  const [reads, writes, bytes, milliseconds] = [
    'read units of a sweep with nothing due',
    'write units of a sweep with nothing due',
    'bytes that a sweep with nothing due logs',
    'time of a sweep with nothing due, ms',
  ].map((title) => amountOf(bench, title));
  if (reads === undefined || writes === undefined || bytes === undefined || milliseconds === undefined)
    return undefined;
  return { reads, writes, bytes, milliseconds };
}

function orderCost(bench: readonly Measured[]): OrderCost | undefined {
  const writes = numberIn(bench, 'units of their whole life ÷ R with the same fulfilment', 'ours');
  const bytes = amountOf(bench, 'bytes that an accepted purchase logs');
  const callMs = wallMs(bench, 'CPU per accepted newInstance ÷ R');
  const storedBytes = amountOf(bench, 'bytes that an instance keeps in the table');
  if (writes === undefined || bytes === undefined || callMs === undefined || storedBytes === undefined)
    return undefined;
  return { calls: CALLS, writes: writes + CALLS - 1, bytes, callMs, attemptMs: ATTEMPT_MS, storedBytes };
}

/** Milliseconds that an attempt is taken to last with the seller's own time: the function waits for it. */
export const ATTEMPT_MS = 500;

function amountOf(bench: readonly Measured[], title: string): number | undefined {
  return numberIn(bench, title, 'value');
}

function numberIn(bench: readonly Measured[], title: string, member: 'value' | 'ours'): number | undefined {
  const [, text] = /(-?\d+(?:\.\d+)?)/.exec(bench.find((row) => row.title === title)?.[member] ?? '') ?? [];
  return text === undefined ? undefined : Number(text);
}

function wallMs(bench: readonly Measured[], title: string): number | undefined {
  const [, text, unit] =
    /, (\d+(?:\.\d+)?) (ms|µs) wall/.exec(bench.find((row) => row.title === title)?.ours ?? '') ?? [];
  return text === undefined ? undefined : Number(text) / (unit === 'ms' ? 1 : 1_000);
}

function tableOf(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
