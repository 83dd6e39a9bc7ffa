import { SEVERITIES, type Severity } from '../config/alarm-settings.ts';
import { RULES, type Sighting, type Text } from './rules.ts';

/** Status of an alarm in a message: newly opened, still open, or closed. */
export type Turn = 'opened' | 'open' | 'closed';

/** One alarm in a message. */
export interface News {
  readonly turn: Turn;
  readonly sighting: Sighting;
}

/** Message to the receivers: everything that one check of the rules has brought, in both languages. */
export interface Message {
  /** Name of the installation, its stage. */
  readonly from: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly news: readonly News[];
  /** The worst of it. */
  readonly severity: Severity;
  readonly subject: Text;
  readonly text: Text;
  /** Figures of the daily digest, which has no news. */
  readonly digest?: object;
}

const SEVERITY: Readonly<Record<Severity, Text>> = {
  critical: { en: 'critical', zh: '严重' },
  warning: { en: 'warning', zh: '警告' },
  info: { en: 'info', zh: '提示' },
};

const TURNS: Readonly<Record<Turn, Text>> = {
  opened: { en: 'NEW', zh: '新告警' },
  open: { en: 'STILL OPEN', zh: '仍未恢复' },
  closed: { en: 'CLOSED', zh: '已恢复' },
};

/** Writes the message. */
export function messageOf(from: string, at: number, news: readonly News[]): Message {
  return {
    ...{ from, at, news },
    severity: SEVERITIES.find((one) => news.some(({ sighting: { rule } }) => RULES[rule].severity === one)) ?? 'info',
    subject: { en: subjectIn('en', from, news), zh: subjectIn('zh', from, news) },
    text: { en: textIn('en', news), zh: textIn('zh', news) },
  };
}

/** Writes a message that tries out whether a receiver can be told of a severity. */
export function testMessage(from: string, at: number, severity: Severity): Message {
  const { en, zh } = SEVERITY[severity];
  return {
    ...{ from, at, severity, news: [] },
    subject: { en: `KooGate ${from}: TEST (${en})`, zh: `KooGate ${from}：测试（${zh}）` },
    text: {
      en: `A test of severity ${en}: nothing has happened, and nothing is to be done.`,
      zh: `级别为“${zh}”的测试：没有发生任何事，无需处理。`,
    },
  };
}

function subjectIn(language: keyof Text, from: string, news: readonly News[]): string {
  const [first] = news;
  const title =
    first === undefined ? '' : `${TURNS[first.turn][language]}: ${RULES[first.sighting.rule].title[language]}`;
  return `KooGate ${from}: ${title}${news.length > 1 ? ` (+${news.length - 1})` : ''}`;
}

function textIn(language: keyof Text, news: readonly News[]): string {
  return news.map((one) => linesOf(language, one).join('\n')).join('\n\n');
}

function linesOf(language: keyof Text, { turn, sighting }: News): readonly string[] {
  const { rule, group, count, since, about } = sighting;
  const { title, advice, severity } = RULES[rule];
  const words = { en: ['Severity', 'number', 'since', 'What to do'], zh: ['级别', '数量', '起始时间', '处理'] };
  const [grade, number, from, rest] = words[language];
  const head = `[${TURNS[turn][language]}] ${title[language]} (${rule}${group === '' ? '' : `, ${group}`})`;
  if (turn === 'closed') return [head];
  return [
    head,
    `${grade}: ${SEVERITY[severity][language]}, ${number}: ${count}, ${from} ${new Date(since).toISOString()}`,
    ...about.map((one) => `  - ${one}`),
    `${rest}: ${advice[language]}`,
  ];
}
