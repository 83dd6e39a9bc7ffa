import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { MemoryEngine } from '../../../../lib/table/memory.ts';
import type { Table } from '../../../../lib/table/table.ts';
import { playLife } from '../../../../scripts/cli/operator/table-check/life.ts';
import { watched } from '../../../instances/support.ts';

const LIB = new URL('../../../../lib/', import.meta.url);

/** A comparison, a function or an assignment of an expression. */
const PART =
  /(?:NOT )?(?:attribute_exists|attribute_not_exists|contains|begins_with)\(#[^)$]*\)|#[\w.[\]#]+ (?:=|<>|<|<=|>|>=) (?::\w+|list_append\([^)]*\)|if_not_exists\([^)]*\)|#\w+ \+ :\w+)/g;

/** The forms of the parts of a text: names and values do not count, the shape of a path does. */
function formsIn(text: string): string[] {
  return [...text.matchAll(PART)].map(([part]) =>
    part
      .replace(/#\w+/g, 'name')
      .replace(/:\w+/g, 'value')
      .replace(/\[\d+\]/g, '[n]'),
  );
}

test('the life that engines are checked with sends every form of expression that stands in the code', async () => {
  const { table, sent } = watched({ client: new MemoryEngine(), name: 'memory' } satisfies Table);
  await playLife(table, 'test');
  const texts = sent.flatMap(({ input }) =>
    Object.entries(input).flatMap(([name, text]) => (name.endsWith('Expression') ? [String(text)] : [])),
  );
  const played = new Set(texts.flatMap(formsIn));
  const files = readdirSync(LIB, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('table'),
  );
  const written = new Set(files.flatMap((file) => formsIn(readFileSync(new URL(file, LIB), 'utf8'))));
  expect(written.size).toBeGreaterThan(12);
  expect([...written].filter((form) => !played.has(form))).toEqual([]);
  for (const clause of ['SET ', 'REMOVE ', 'ADD ', 'DELETE ']) {
    expect(texts.some((text) => text.includes(clause))).toBe(true);
  }
});
