import { expect, test } from '@jest/globals';
import { readXml } from '../../lib/login/xml.ts';

const NS = 'urn:test';

function told(document: string): string[] {
  const found: string[] = [];
  readXml(document, NS, {
    opened: (path, attributes) => found.push(`<${path} ${[...attributes].join(' ')}`),
    closed: (path, text) => found.push(`${path}>${text}`),
  });
  return found;
}

test('elements are told with their paths, attributes and own text', () => {
  expect(told(`<r xmlns="${NS}" a="1 &lt; 2" b='&quot;'>x<i/>y&#65;</r>\n<!-- end -->`)).toEqual([
    '<r a,1 < 2 b,"',
    '<r/i ',
    'r/i>',
    'r>xyA',
  ]);
});

test.each([
  ['elements too deep', `<r xmlns="${NS}">${'<a>'.repeat(16)}${'</a>'.repeat(16)}</r>`],
  ['half a character', `<r xmlns="${NS}">&#xd800;</r>`],
  ['an end of something else', `<r xmlns="${NS}"><a></b></r>`],
  ['another prefix', `<r xmlns="${NS}"><x:a/></r>`],
  ['an end where nothing is open', `<!-- a --></r>`],
])('%s is refused', (_, document) => {
  expect(() => told(document)).toThrow('XML that is not whole');
});

test.each([
  [`<r xmlns="urn:test" ${'a="1" '.repeat(9_000)}`],
  ['<!--'.repeat(15_000)],
  ['&'.repeat(60_000)],
  ['<r '.repeat(20_000)],
])('long nonsense is refused at once, %#', (document) => {
  expect(() => told(document)).toThrow('XML that is not whole');
});
