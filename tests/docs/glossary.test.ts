import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ITEM_TYPE } from '../../lib/table/item-type.ts';

const [ideas = '', values = ''] = readFileSync(new URL('../../docs/glossary.md', import.meta.url), 'utf8').split(
  '\n## ',
);
const rows = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
    .map((line) => line.slice(2, -2).split(' | '));

test('every idea has its word, its Chinese, its meaning, and the words retired for it', () => {
  expect(rows(ideas).length).toBeGreaterThan(80);
  for (const cells of rows(ideas)) {
    expect(cells).toHaveLength(4);
    for (const cell of cells) expect(cell.trim()).not.toBe('');
  }
});

test('a word stands for one idea', () => {
  const words = rows(ideas).map(([word]) => word);
  expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
});

test('the values of type are those that are stored', () => {
  const named = rows(values).flatMap(([cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, value]) => value));
  expect(named.sort()).toEqual(Object.values(ITEM_TYPE).sort());
});
