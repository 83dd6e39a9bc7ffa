import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ROOT } from '../readme/markdown.ts';

/** Links whose text is a name, as [name, path below the root]. */
function namedLinks(page: string): [name: string, file: string][] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(/\[`(\w+)`\]\(([^)]+)\)/g)].map(([, name = '', path = '']) => [
    name,
    join(dirname(page), path),
  ]);
}

/** Files that pass on what others export. */
const PASSING_ON = [
  'handlers/activities/index.ts',
  'lib/middleware/doors/index.ts',
  'lib/instances/store.ts',
  'lib/instances/outbox.ts',
];

/** Called from outside: by Lambda, and by the listener of a server. */
const ENTRIES = ['handlers/produce.ts', 'handlers/create-fulfil.ts', 'handlers/server/http-event.ts'];

const english = namedLinks('docs/architecture.md');

test.each(english)('the way of a purchase: %s is exported by %s', (name, file) => {
  const source = readFileSync(join(ROOT, file), 'utf8');
  expect(source).toMatch(new RegExp(`export (?:async )?(?:function|const|interface|type) ${name}\\b`));
});

test('the Chinese page walks the same way', () => {
  const byName = (links: [string, string][]) => links.map(String).sort();
  expect(byName(namedLinks('docs/zh/architecture.md'))).toEqual(byName(english));
  expect(english.length).toBeGreaterThan(20);
});

test('each step follows from the ones before: a file is imported by one that the page names, or is an entry', () => {
  const files = [...new Set(english.map(([, file]) => file))];
  const sources = [...files, ...PASSING_ON].map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n');
  const unreached = files.filter((file) => !sources.includes(`/${file.split('/').at(-1)}'`));
  expect(unreached.filter((file) => !ENTRIES.includes(file))).toEqual([]);
});
