import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ITEM_TYPE } from '../../lib/table/item-type.ts';

const read = (page: string) => readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8').split('\n## ');
const [ideas = '', values = ''] = read('glossary.md');
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

test('the Chinese page has the same words in both languages', () => {
  const [chinese = ''] = read('zh/glossary.md');
  expect(rows(chinese).map(([term, word]) => [word, term])).toEqual(rows(ideas).map(([word, term]) => [word, term]));
});
