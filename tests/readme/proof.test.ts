import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { chineseOf } from '../../scripts/evidence/page/chinese.ts';
import { CLAIMS } from '../../scripts/evidence/page/claims.ts';
import { merged, readEvidence, SOURCES } from '../../scripts/evidence/page/measured.ts';
import { withSection, withSections } from '../../scripts/evidence/page/page.ts';
import { MADE_PAGES } from '../../scripts/evidence/page/write.ts';
import { ROOT } from './markdown.ts';

const read = (page: string) => readFileSync(join(ROOT, page), 'utf8');
const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ');
const evidence = readEvidence();

/** The points at the top of a README, without their titles in bold. */
function promisesOf(readme: string): string {
  const [top = ''] = read(readme).split('\n## ');
  return oneLine(top.slice(top.indexOf('\n* **'))).replaceAll(/\* \*\*[^*]*\*\*/g, '');
}

test.each([
  ['README.md', 'english'],
  ['README.zh-CN.md', 'chinese'],
] as const)(
  'each sentence of the promises in %s is a claim, and each claim is a sentence of it',
  (readme, language) => {
    const page = oneLine(read(readme));
    expect(CLAIMS.map((claim) => claim[language]).filter((claim) => !page.includes(claim))).toEqual([]);
    const left = CLAIMS.reduce((text, claim) => text.replaceAll(claim[language], ''), promisesOf(readme));
    expect(left.replaceAll(/[\s;:；：]/g, '')).toBe('');
  },
);

test('each claim is shown by results that a command wrote', () => {
  const shown = CLAIMS.flatMap(({ english, shownBy }) =>
    shownBy.map(([source, title]) => ({ english, source, title })),
  );
  const unmeasured = shown.filter(({ source, title }) => !evidence[source].some((row) => row.title === title));
  expect(unmeasured).toEqual([]);
  expect(CLAIMS.filter(({ shownBy }) => shownBy.length === 0)).toEqual([]);
});

describe('each result', () => {
  const rows = SOURCES.flatMap((source) => evidence[source].map((row) => ({ source, ...row })));

  test('has its command, date, machine and verdict, and is the only one of its name', () => {
    for (const { source, command, date, machine, verdict } of rows) {
      expect(command).toMatch(new RegExp(`^npm run ${source}( |$)`));
      expect(new Date(date).toISOString()).toBe(date);
      expect(`${machine}${verdict}`).not.toBe('');
    }
    const names = rows.map(({ source, title }) => `${source} ${title}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test('has a Chinese name', () => {
    const titles = rows.filter(({ source }) => source !== 'mutate').map(({ title }) => title);
    expect(titles.filter((title) => chineseOf(title) === undefined)).toEqual([]);
  });
});

describe.each(MADE_PAGES)('$file', ({ file, sections }) => {
  const page = read(file);
  const made = sections(evidence);

  test('is what npm run proof makes of the results', () => expect(withSections(page, made)).toBe(page));

  test('has no row but those that are made', () => {
    const prose = Object.keys(made).reduce((text, name) => withSection(text, name, ''), page);
    expect(prose.match(/^\|.*$/gm)).toBeNull();
  });
});

test('a page without a place for a part is refused', () => {
  expect(() => withSection('# Proof', 'bench', '')).toThrow('no place between "<!-- bench -->"');
});

test('groups that were not measured again keep their results, and those that are no more go', () => {
  const row = (group: string, title: string) => ({
    ...{ group, title, value: '1', verdict: 'met', command: 'npm run bench', date: '', machine: '' },
  });
  const now = merged([row('b', 'old b'), row('a', 'old a'), row('gone', 'x')], [row('b', 'new b')], ['a', 'b']);
  expect(now.map(({ title }) => title)).toEqual(['old a', 'new b']);
});

test('numbers of a figure or of what was run stand in the Chinese where they belong', () => {
  expect(chineseOf('200 deliveries at the same time: 1 instance, 1 run')).toBe('同时投递 200 次：1 个实例，运行 1 次');
  expect(chineseOf('8 refused calls: 000001 × 2, 000002 × 4')).toBe('8 个被拒绝的调用：000001 × 2, 000002 × 4');
  expect(chineseOf('something new')).toBeUndefined();
});
