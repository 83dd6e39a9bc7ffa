import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parsePage, ROOT } from './markdown.ts';

const page = parsePage('docs/settings.md').text;

/** Names of the members of an interface, read from its source. */
function membersOf(file: string, name: string): string[] {
  const source = readFileSync(join(ROOT, 'lib/config', file), 'utf8');
  const body = new RegExp(`^export interface ${name} \\{\\n(.*?)^\\}`, 'ms').exec(source)?.[1] ?? '';
  return [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, member = '']) => member);
}

test.each([
  ['config.ts', 'ConfigSettings', 4],
  ['config.ts', 'StageSettings', 14],
  ['products.ts', 'Product', 15],
])('docs/settings.md names every setting of %s, %s', (file, name, atLeast) => {
  const members = membersOf(file, name).filter((member) => member !== 'name');
  expect(members.length).toBeGreaterThanOrEqual(atLeast);
  expect(members.filter((member) => !page.includes(`\`${member}\``))).toEqual([]);
});

test('docs/settings.md names every variable that the local run reads', () => {
  const source = readFileSync(join(ROOT, 'scripts/dev/local/settings.ts'), 'utf8');
  const variables = new Set([...source.matchAll(/\benv\.([A-Z_]+)/g)].map(([, name = '']) => name));
  expect(variables.size).toBeGreaterThan(5);
  expect([...variables].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
