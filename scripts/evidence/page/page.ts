import { chineseOf } from './chinese.ts';
import { CLAIMS } from './claims.ts';
import { type Evidence, type Measured, SOURCES, type Source } from './measured.ts';

/** Languages of the page. */
export type Language = 'english' | 'chinese';

const NOT_MEASURED = 'not measured yet';

const HEADS = {
  english: {
    claims: ['claim', 'shown by', 'figure', 'command', 'date', 'machine', 'verdict'],
    bench: ['figure', 'value (middle half)', 'goal (stretch)', 'verdict', 'KooGate', 'beside', 'date'],
    prove: ['statement', 'KooGate', 'usual stack (R)', 'what was run', 'date'],
    mutate: ['part', 'score', 'goal', 'verdict', 'of which', 'date'],
    coverage: ['what', 'share', 'goal', 'verdict', 'date'],
    command: 'Commands',
    machine: 'Machine',
  },
  chinese: {
    claims: ['承诺', '依据', '数值', '命令', '日期', '机器', '结论'],
    bench: ['指标', '数值（中间一半）', '目标（更高目标）', '结论', 'KooGate', '对照', '日期'],
    prove: ['陈述', 'KooGate', '常见方案（R）', '运行内容', '日期'],
    mutate: ['部分', '得分', '目标', '结论', '其中', '日期'],
    coverage: ['内容', '比例', '目标', '结论', '日期'],
    command: '命令',
    machine: '机器',
  },
} as const;

/** Puts every part that is made by machine into its place in the text; everything else stays. */
export function withSections(text: string, sections: Readonly<Record<string, string>>): string {
  return Object.entries(sections).reduce((page, [name, section]) => withSection(page, name, section), text);
}

/** Parts of the page of proof: the claims, and all results by their source. */
export function proofSections(evidence: Evidence, language: Language): Readonly<Record<string, string>> {
  const results = SOURCES.map((source) => [source, sectionOf(source, evidence[source], language)]);
  return { claims: claimsTable(evidence, language), ...Object.fromEntries(results) };
}

/** The text with a section in its place. @throws Error if it has no such place */
export function withSection(text: string, name: string, section: string): string {
  const [opening, closing] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [begin, end] = [text.indexOf(opening), text.indexOf(closing)];
  if (begin < 0 || end < begin) throw new Error(`The page has no place between "${opening}" and "${closing}".`);
  return `${text.slice(0, begin)}${opening}\n${section}\n${text.slice(end)}`;
}

function claimsTable(evidence: Evidence, language: Language): string {
  const rows = CLAIMS.flatMap((claim) =>
    claim.shownBy.map(([source, title]) => {
      const row = evidence[source].find((one) => one.title === title);
      const spoken = (text: string) => said(text, language);
      const figure = row === undefined ? '–' : figureOf(row, language);
      const [command, date, machine] =
        row === undefined ? [`npm run ${source}`, '–', '–'] : [row.command, dayOf(row.date), shortMachine(row.machine)];
      return [
        claim[language],
        spoken(title),
        figure,
        `\`${command}\``,
        date,
        machine,
        spoken(row?.verdict ?? NOT_MEASURED),
      ];
    }),
  );
  return tableOf([HEADS[language].claims, ...rows]);
}

/** Value of a result, and its goal where it has one. */
function figureOf({ value, goal }: Measured, language: Language): string {
  const text = said(value, language);
  if (goal === undefined || goal === '–') return text;
  return language === 'english' ? `${text}; goal ${goal}` : `${text}；目标 ${goal}`;
}

const CELLS: Readonly<Record<Source, (row: Measured, spoken: (text: string) => string) => readonly string[]>> = {
  bench: (row, spoken) => [
    ...[spoken(row.title), row.value, row.goal ?? '–', spoken(row.verdict), row.ours ?? '', row.beside ?? ''],
    dayOf(row.date),
  ],
  prove: (row, spoken) => [
    ...[spoken(row.title), spoken(row.verdict), spoken(row.beside ?? ''), spoken(row.value), dayOf(row.date)],
  ],
  mutate: (row, spoken) => [
    ...[`\`${row.title}\``, row.value, row.goal ?? '', spoken(row.verdict), spoken(row.note ?? ''), dayOf(row.date)],
  ],
  coverage: (row, spoken) => [
    ...[spoken(row.title), spoken(row.value), row.goal ?? '', spoken(row.verdict), dayOf(row.date)],
  ],
};

/** Table of everything that a command wrote, with the commands and machines; a sentence where it wrote nothing yet. */
function sectionOf(source: Source, rows: readonly Measured[], language: Language): string {
  const spoken = (text: string) => said(text, language);
  if (rows.length === 0) {
    const text = spoken(NOT_MEASURED);
    return language === 'english' ? `\`npm run ${source}\`: ${text}.` : `\`npm run ${source}\`：${text}。`;
  }
  const heads = HEADS[language];
  const cells = CELLS[source];
  const distinct = (values: readonly string[]) => [...new Set(values)];
  const commands = distinct(rows.map(({ command }) => `\`${command}\``)).join(', ');
  const machines = distinct(rows.map(({ machine }) => shortMachine(machine))).join('; ');
  const colon = language === 'english' ? ': ' : '：';
  return [
    tableOf([heads[source], ...rows.map((row) => cells(row, spoken))]),
    '',
    `- ${heads.command}${colon}${commands}`,
    `- ${heads.machine}${colon}${machines}`,
    ...notesOf(source, rows, language),
  ].join('\n');
}

/** Methods of measurement, one line each; in English, since they name parts of the code. */
function notesOf(source: Source, rows: readonly Measured[], language: Language): readonly string[] {
  if (language !== 'english' || source === 'mutate') return [];
  const notes = rows.flatMap(({ title, note }) => (note ? [`- ${title}: ${note}.`] : []));
  return notes.length === 0 ? [] : ['', ...notes];
}

function said(text: string, language: Language): string {
  return language === 'english' ? text : (chineseOf(text) ?? text);
}

function dayOf(date: string): string {
  return date.slice(0, 10);
}

/** The machine without what has nothing to do with a row's claim. */
function shortMachine(machine: string): string {
  return machine.replace(/, load .*$/, '');
}

function tableOf(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows.map((cells) => cells.map((cell) => cell.replaceAll('|', '\\|')));
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
