import { dirname, join, relative } from 'node:path';
import { expect, test } from '@jest/globals';
import { PAGES, parsePage, ROOT } from './markdown.ts';

/** Pages that stand in both languages, English and Chinese. */
const PAIRS: (readonly [english: string, chinese: string])[] = [
  ['README.md', 'README.zh-CN.md'],
  ...PAGES.filter((page) => page.startsWith('docs/zh/')).map((page) => [page.replace('zh/', ''), page] as const),
];

/** A link as both languages have it: by the path of the English page, without its anchor, a picture without its language. */
function general(page: string, link: string): string {
  if (/^[a-z]+:/.test(link)) return link;
  const [path = ''] = link.split('#');
  const target = path === '' ? page : relative(ROOT, join(ROOT, dirname(page), path));
  return target
    .replace(/^docs\/zh\//, 'docs/')
    .replace('README.zh-CN.md', 'README.md')
    .replace(/-(?:en|zh)\.png$/, '.png');
}

/** What of a page is the same in both languages, section by section. */
function structureOf(page: string) {
  return parsePage(page).sections.map(({ level, text, links }) => ({
    level,
    links: links.map((link) => general(page, link)).sort(),
    tables: (text.match(/(?:^\|.*\n?)+/gm) ?? []).map((table) => table.trim().split('\n').length),
    code: [...new Set(text.match(/`[^`\n]+`/g))].sort(),
  }));
}

/** Links to headings of the same page, as the headings' places in it. */
function innerLinks(page: string): number[] {
  const { sections } = parsePage(page);
  const slugs = sections.map(({ slug }) => slug);
  expect(new Set(slugs).size).toBe(slugs.length);
  return sections.flatMap(({ links }) =>
    links.filter((link) => link.startsWith('#')).map((link) => slugs.indexOf(link.slice(1))),
  );
}

test.each(PAIRS)('%s and %s show pictures in their own language', (english, chinese) => {
  const pictures = (page: string) => parsePage(page).text.match(/-(?:en|zh)\.png/g) ?? [];
  expect(pictures(english).filter((ending) => ending !== '-en.png')).toEqual([]);
  expect(pictures(chinese).filter((ending) => ending !== '-zh.png')).toEqual([]);
});

test('each README leads to the other, right below its title', () => {
  expect(parsePage('README.md').text.split('\n').slice(0, 3)).toEqual(['# KooGate', '', '[中文](README.zh-CN.md)']);
  expect(parsePage('README.zh-CN.md').text.split('\n').slice(0, 3)).toEqual(['# KooGate', '', '[English](README.md)']);
});

test('the README has its sections and code blocks', () => {
  const { sections, fences } = parsePage('README.md');
  expect(sections.length).toBeGreaterThan(5);
  expect(fences.length).toBeGreaterThan(4);
});

test.each(PAIRS)('%s and %s lead to each other, right below their titles', (english, chinese) => {
  const to = (page: string, other: string) => relative(dirname(page), other);
  expect(parsePage(english).text.split('\n')[2]).toBe(`[中文](${to(english, chinese)})`);
  expect(parsePage(chinese).text.split('\n')[2]).toBe(`[English](${to(chinese, english)})`);
});

test.each(PAIRS)('%s and %s show the same code blocks, word for word', (english, chinese) => {
  expect(parsePage(chinese).fences).toEqual(parsePage(english).fences);
});

test.each(PAIRS)(
  '%s and %s have the same headings, links, images, rows of tables and words in code',
  (english, chinese) => {
    expect(structureOf(chinese)).toEqual(structureOf(english));
  },
);

test.each(PAIRS)('links inside %s and %s lead to the same sections in both', (english, chinese) => {
  const places = innerLinks(english);
  expect(places).not.toContain(-1);
  expect(innerLinks(chinese)).toEqual(places);
});

test('pages in Chinese lead to pages in Chinese, wherever there is one', () => {
  const chinese = PAGES.filter((page) => page.startsWith('docs/zh/'));
  const toEnglish = chinese.flatMap((page) =>
    parsePage(page)
      .sections.flatMap(({ links }) => links.map((link) => link.split('#')[0] ?? ''))
      .map((path) => relative(ROOT, join(ROOT, dirname(page), path)))
      .filter((target) => target !== page.replace('zh/', ''))
      .filter((target) => chinese.includes(target.replace(/^docs\//, 'docs/zh/')))
      .map((target) => `${page}: ${target}`),
  );
  expect(toEnglish).toEqual([]);
});
