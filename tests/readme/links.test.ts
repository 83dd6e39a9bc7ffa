import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from '@jest/globals';
import { COMMANDS } from '../../scripts/koogate.ts';
import { PAGES, parsePage, ROOT } from './markdown.ts';

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** Links of a page that lead to no file, or to no heading of one; addresses elsewhere are not looked at. */
function deadLinks(page: string): string[] {
  return parsePage(page)
    .sections.flatMap(({ links }) => links)
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : relative(ROOT, join(ROOT, dirname(page), path));
      if (!existsSync(join(ROOT, target))) return true;
      if (anchor === undefined || !target.endsWith('.md')) return false;
      return !parsePage(target).sections.some(({ slug }) => slug === anchor);
    });
}

test.each(PAGES)('each link in %s leads to a file, and to a heading that it has', (page) => {
  expect(deadLinks(page)).toEqual([]);
});

test.each(PAGES)('each npm script that %s names exists', (page) => {
  const named = [...parsePage(page).text.matchAll(/\bnpm run ([a-z][\w:-]*)/g)].map(([, name = '']) => name);
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});

test.each(PAGES)('each command of koogate that %s names exists', (page) => {
  const commands = parsePage(page).text.matchAll(/(?<=`|npx |koogate-dev )koogate ([a-z][a-z-]*)(?=[`\s])/g);
  const named = [...commands].map(([, name = '']) => name);
  expect(named.filter((name) => !Object.hasOwn(COMMANDS, name))).toEqual([]);
});

test.each(['README.md', 'README.zh-CN.md'])('%s stays short enough to be read at one go', (page) => {
  expect(parsePage(page).text.split('\n').length).toBeLessThan(170);
});

test('the README leads from the route to its handler in three hops', () => {
  const links = parsePage('README.md').sections.flatMap((section) => section.links);
  expect(links).toContain('serverless.yml');
  expect(readFileSync(join(ROOT, 'serverless.yml'), 'utf8')).toContain('handler: dist/produce.handler');
  expect(readFileSync(join(ROOT, 'handlers/produce.ts'), 'utf8')).toContain("from './create-produce.ts'");
  expect(links).toEqual(expect.arrayContaining(['handlers/produce.ts', 'handlers/create-produce.ts']));
});
