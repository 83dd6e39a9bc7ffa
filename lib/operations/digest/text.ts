import type { Message } from '../../alarms/message.ts';
import type { Text } from '../../alarms/rules.ts';
import type { HourOfCalls, KeyUse } from '../calls-seen.ts';
import type { Overview, ProductOverview } from '../overview.ts';
import type { SeenCertificate } from './digest.ts';
import type { FinishedRound } from './round.ts';

/** Figures of a digest. */
export interface DigestFigures {
  readonly overview: Overview;
  /** Absent: the domain is not known here. */
  readonly certificate?: SeenCertificate | undefined;
  /** Absent: no round through the table is done yet. */
  readonly finished?: FinishedRound | undefined;
}

/** Writes a text in one language; the other is written by another of the same names. */
interface Words {
  subject(from: string, day: string): string;
  product(name: string, bought: number | undefined): string;
  waiting(waiting: number, failing: number): string;
  delisting(orders: string, days: string): string;
  dialTest(at: string, code: string): string;
  noDialTest: string;
  calls(verified: number, refused: number, unverified: number): string;
  key(keyClass: string, fingerprint: string, lastAt: string): string;
  older(since: string | undefined): string;
  failing(count: number, first: string): string;
  usage(records: number, deadline: string): string;
  noUsage: string;
  alarms(count: number, rules: string): string;
  noAlarms: string;
  certificate(host: string, days: number, refusal: string): string;
  noCertificate(host: string, problem: string): string;
  unknownCertificate: string;
  audit(histories: number, findings: number): string;
  root(root: string, until: string): string;
  noRoot: string;
}

const EN: Words = {
  subject: (from, day) => `KooGate ${from}: digest of ${day}`,
  product: (name, bought) => `${name}${bought === undefined ? '' : `: ${bought} bought in a day`}`,
  waiting: (waiting, failing) => `  waiting: ${waiting}, of these failing: ${failing}`,
  delisting: (orders, days) =>
    `  delisting: at least ${orders} failed orders this month, ${days} failed dial-test days in a row`,
  dialTest: (at, code) => `  last dial test: ${at}, ${code}`,
  noDialTest: '  last dial test: none for five days',
  calls: (verified, refused, unverified) =>
    `  calls in 24 hours: ${verified} verified, of these ${refused} not answered 000000; ${unverified} unverified`,
  key: (keyClass, fingerprint, lastAt) => `  key ${keyClass} ${fingerprint}: seen last ${lastAt}`,
  older: (since) => (since === undefined ? ', older, still needed' : `, older, may be removed since ${since}`),
  failing: (count, first) => `About to fail: ${count}, first ${first}`,
  usage: (records, deadline) => `Usage waiting: ${records} records, the oldest taken until ${deadline}`,
  noUsage: 'Usage waiting: none',
  alarms: (count, rules) => `Alarms open: ${count} (${rules})`,
  noAlarms: 'Alarms open: none',
  certificate: (host, days, refusal) => `Certificate of ${host}: ${days} days left${refusal}`,
  noCertificate: (host, problem) => `Certificate of ${host}: could not be seen (${problem})`,
  unknownCertificate: 'Certificate: its domain is not in the settings; koogate doctor looks at it',
  audit: (histories, findings) => `Histories: ${histories} verified, ${findings} broken entries`,
  root: (root, until) => `Audit root ${root}, until ${until}`,
  noRoot: 'Audit root: none yet',
};

const ZH: Words = {
  subject: (from, day) => `KooGate ${from}：${day} 每日简报`,
  product: (name, bought) => `${name}${bought === undefined ? '' : `：一天内订购 ${bought}`}`,
  waiting: (waiting, failing) => `  待处理：${waiting}，其中失败 ${failing}`,
  delisting: (orders, days) => `  下架指标：本月失败订单至少 ${orders}，拨测连续失败天数 ${days}`,
  dialTest: (at, code) => `  最近拨测：${at}，${code}`,
  noDialTest: '  最近拨测：五天内没有',
  calls: (verified, refused, unverified) =>
    `  24 小时调用：签名有效 ${verified}，其中未答 000000 的 ${refused}；签名无效 ${unverified}`,
  key: (keyClass, fingerprint, lastAt) => `  密钥 ${keyClass} ${fingerprint}：最近使用 ${lastAt}`,
  older: (since) => (since === undefined ? '，较旧，仍需保留' : `，较旧，自 ${since} 起可删除`),
  failing: (count, first) => `即将失败：${count}，最先 ${first}`,
  usage: (records, deadline) => `待上报用量：${records} 条，最早一条截止 ${deadline}`,
  noUsage: '待上报用量：无',
  alarms: (count, rules) => `未恢复的告警：${count}（${rules}）`,
  noAlarms: '未恢复的告警：无',
  certificate: (host, days, refusal) => `${host} 的证书：剩余 ${days} 天${refusal}`,
  noCertificate: (host, problem) => `${host} 的证书：无法读取（${problem}）`,
  unknownCertificate: '证书：设置中没有域名；可用 koogate doctor 检查',
  audit: (histories, findings) => `历史记录：已验证 ${histories} 项，异常条目 ${findings}`,
  root: (root, until) => `审计根 ${root}，截至 ${until}`,
  noRoot: '审计根：尚无',
};

/** Writes the digest in both languages. */
export function digestMessage(from: string, figures: DigestFigures): Message {
  const { at } = figures.overview;
  const day = new Date(at + 8 * 3_600_000).toISOString().slice(0, 10); // in Beijing
  const both = (write: (words: Words) => string): Text => ({ en: write(EN), zh: write(ZH) });
  return {
    ...{ from, at, news: [], severity: 'info', digest: figures },
    subject: both((words) => words.subject(from, day)),
    text: both((words) => textOf(figures, words)),
  };
}

function textOf({ overview, certificate, finished }: DigestFigures, words: Words): string {
  const { products, failing, usage, alarms } = overview;
  const [first] = failing;
  const general = [
    ...(first === undefined ? [] : [words.failing(failing.length, `${first.id}: ${first.reason}`)]),
    usage.records === 0 ? words.noUsage : words.usage(usage.records, timeOf(usage.deadline)),
    alarms.length === 0
      ? words.noAlarms
      : words.alarms(alarms.length, [...new Set(alarms.map(({ rule }) => rule))].join(', ')),
    certificateLine(certificate, words),
    ...(finished === undefined
      ? [words.noRoot]
      : [words.audit(finished.histories, finished.findings), words.root(finished.root, timeOf(finished.until))]),
  ];
  return [...products.map((one) => productLines(one, finished, words)), general]
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function productLines(one: ProductOverview, finished: FinishedRound | undefined, words: Words): readonly string[] {
  const { product, waiting, failing, delisting, lastDialTest, calls, keys } = one;
  const { failedOrders, mostFailedOrders, failedDays, mostFailedDays } = delisting;
  const sum = (count: (hour: HourOfCalls) => number) => calls.reduce((all, hour) => all + count(hour), 0);
  const verified = sum((hour) => hour.verified);
  const accepted = sum(({ codes }) => (codes.real['000000'] ?? 0) + (codes.test['000000'] ?? 0));
  return [
    words.product(product, finished && (finished.bought[product] ?? 0)),
    words.waiting(waiting, failing),
    words.delisting(`${failedOrders} / ${mostFailedOrders}`, `${failedDays} / ${mostFailedDays}`),
    lastDialTest === undefined ? words.noDialTest : words.dialTest(timeOf(lastDialTest.at), lastDialTest.resultCode),
    words.calls(
      verified,
      verified - accepted,
      sum((hour) => hour.unverified),
    ),
    ...keys.map((key) => keyLine(key, words)),
  ];
}

function keyLine({ keyClass, fingerprint, lastAt, isNewest, removableSince }: KeyUse, words: Words): string {
  const line = words.key(keyClass, fingerprint, timeOf(lastAt));
  return isNewest ? line : `${line}${words.older(removableSince === undefined ? undefined : timeOf(removableSince))}`;
}

function certificateLine(certificate: SeenCertificate | undefined, words: Words): string {
  if (certificate === undefined) return words.unknownCertificate;
  const { host } = certificate;
  if ('problem' in certificate) return words.noCertificate(host, certificate.problem);
  const { daysLeft, refusal } = certificate;
  return words.certificate(host, daysLeft, refusal === undefined ? '' : ` (${refusal})`);
}

function timeOf(ms: number | undefined): string {
  return ms === undefined ? '–' : `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')}Z`;
}
