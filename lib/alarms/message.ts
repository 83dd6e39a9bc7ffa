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
  readonly subject: Text;
  readonly text: Text;
}

const TURNS: Readonly<Record<Turn, Text>> = {
  opened: { en: 'NEW', zh: '新告警' },
  open: { en: 'STILL OPEN', zh: '仍未恢复' },
  closed: { en: 'CLOSED', zh: '已恢复' },
};

/** Writes the message. */
export function messageOf(from: string, at: number, news: readonly News[]): Message {
  return {
    ...{ from, at, news },
    subject: { en: subjectIn('en', from, news), zh: subjectIn('zh', from, news) },
    text: { en: textIn('en', news), zh: textIn('zh', news) },
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
  const { title, advice } = RULES[rule];
  const [number, from, rest] = { en: ['Number', 'since', 'What to do'], zh: ['数量', '起始时间', '处理'] }[language];
  const head = `[${TURNS[turn][language]}] ${title[language]} (${rule}${group === '' ? '' : `, ${group}`})`;
  if (turn === 'closed') return [head];
  return [
    head,
    `${number}: ${count}, ${from} ${new Date(since).toISOString()}`,
    ...about.map((one) => `  - ${one}`),
    `${rest}: ${advice[language]}`,
  ];
}
