import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const FENCE = /^```.*\n[\s\S]*?^```$/gm;
const LINK = /\]\(([^)]+)\)/g;
const LANGUAGES = /^\[(?:English|中文)\]\(README[\w.-]*\)$/m;

const english = parse('README.md');
const chinese = parse('README.zh-CN.md');

function parse(file: string) {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  const prose = text.replace(FENCE, '').replace(LANGUAGES, '');
  const sections = prose.split(/^(?=#+ )/m).map((section) => {
    const targets = [...section.matchAll(LINK)].map(([, target = '']) => target);
    return {
      level: section.indexOf(' '),
      slug: slugOf(section.slice(0, section.indexOf('\n'))),
      links: targets.filter((target) => !target.startsWith('#')).sort(),
      anchors: targets.filter((target) => target.startsWith('#')).map((target) => decodeURI(target.slice(1))),
      tables: (section.match(/(?:^\|.*\n?)+/gm) ?? []).map((table) => table.trim().split('\n').length),
      code: [...new Set(section.match(/`[^`\n]+`/g))].sort(),
    };
  });
  return { text, fences: text.match(FENCE), sections };
}

/** The anchor that GitHub gives a heading. */
function slugOf(heading: string): string {
  const words = heading.replace(/^#+ /, '').trim().toLowerCase();
  return words.replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '').replaceAll(' ', '-');
}

test('each README leads to the other, right below its title', () => {
  expect(english.text.split('\n').slice(0, 3)).toEqual(['# KooGate', '', '[中文](README.zh-CN.md)']);
  expect(chinese.text.split('\n').slice(0, 3)).toEqual(['# KooGate', '', '[English](README.md)']);
});

test('the Chinese README has the same levels of headings', () => {
  expect(english.sections.length).toBeGreaterThan(10);
  expect(chinese.sections.map(({ level }) => level)).toEqual(english.sections.map(({ level }) => level));
});

test('the Chinese README shows the same code blocks, word for word', () => {
  expect(english.fences?.length).toBeGreaterThan(5);
  expect(chinese.fences).toEqual(english.fences);
});

test.each(english.sections.map((section, index) => [section.slug, section, index] as const))(
  'the Chinese of "%s" has the same links, images, rows of tables and words in code',
  (_, { links, tables, code }, index) => {
    expect(chinese.sections[index]).toMatchObject({ links, tables, code });
  },
);

test('links inside a README lead to the same sections in both', () => {
  const places = ({ sections }: typeof english) => {
    const slugs = sections.map(({ slug }) => slug);
    expect(new Set(slugs).size).toBe(slugs.length);
    return sections.map(({ anchors }) => anchors.map((anchor) => slugs.indexOf(anchor)));
  };
  expect(places(english).flat().length).toBeGreaterThan(0);
  expect(places(english).flat()).not.toContain(-1);
  expect(places(chinese)).toEqual(places(english));
});
