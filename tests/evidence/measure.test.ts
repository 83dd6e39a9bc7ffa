import { expect, test } from '@jest/globals';
import { docComments, openings } from '../../scripts/evidence/measure/comments.ts';
import { englishIn, pagesWithoutTwin } from '../../scripts/evidence/measure/pages.ts';

test('doc comments are found on one line and on many, and judged by their first word', () => {
  const source =
    '/** What it is. */\nx;\n  /**\n   * Whether it is.\n   * More.\n   */\n/** Whatever comes. */\n/* What? */';
  const found = docComments(source);
  expect(found).toEqual(['What it is.', 'Whether it is.', 'Whatever comes.']);
  expect(found.filter((text) => openings.test(text))).toHaveLength(2);
});

test('an English sentence on a Chinese page is one of more than six words outside code, quotations and addresses', () => {
  const sentence = 'this is a sentence of seven words';
  expect(englishIn(`中文，${sentence}。`)).toEqual([sentence]);
  const same = ['six words are not enough here', `\`${sentence}\``, `"${sentence}"`, `“${sentence}”`];
  for (const text of [...same, `\`\`\`\n${sentence}\n\`\`\``])
    expect(englishIn(`中文 ${text}`.replace('中文 ```', '```'))).toEqual([]);
});

test('a page has a twin of its name', () => {
  expect(pagesWithoutTwin(['docs/a.md', 'docs/zh/a.md', 'docs/b/c.md'])).toEqual(['docs/b/c.md']);
});
