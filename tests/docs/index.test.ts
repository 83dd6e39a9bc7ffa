import { describe, expect, test } from '@jest/globals';
import { PAGES, parsePage } from '../readme/markdown.ts';

describe.each(['docs/', 'docs/zh/'])('the index of %s', (folder) => {
  test('leads to every page beside it', () => {
    const own = PAGES.filter((page) => page.startsWith(folder) && !page.slice(folder.length).includes('/'));
    const links = new Set(
      parsePage(`${folder}README.md`).sections.flatMap(({ links: all }) => all.map((link) => link.split('#')[0])),
    );
    const names = own.map((page) => page.slice(folder.length));
    expect(names.filter((name) => name !== 'README.md' && !links.has(name))).toEqual([]);
  });
});

test('every page stands in Chinese too', () => {
  const all = new Set(PAGES);
  const english = PAGES.filter((page) => page.startsWith('docs/') && !page.startsWith('docs/zh/'));
  expect(english.filter((page) => !all.has(page.replace('docs/', 'docs/zh/')))).toEqual([]);
});
