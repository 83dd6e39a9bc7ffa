import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { returnPath } from '../../lib/login/return-path.ts';

const site = new URL('https://app.example.com/home');
const piece = fc.constantFrom(
  '/',
  '\\',
  '.',
  '..',
  '//',
  'evil.example.com',
  '@',
  ':',
  '?',
  '#',
  '%2f',
  '%5c',
  '%09',
  '\t',
  '\n',
  'a',
  'https:',
  '//evil.example.com',
  '＠',
  '。',
);

test('whatever is asked for, nothing but a path of the site comes out, however often it is read again', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(piece, { maxLength: 8 }).map((parts) => parts.join('')),
        fc.string(),
      ),
      (text) => {
        const path = returnPath(text, site);
        if (path === undefined) return;
        const url = new URL(path, site);
        expect(url.origin).toBe(site.origin);
        expect(`${url.pathname}${url.search}${url.hash}`).toBe(path);
        expect(returnPath(path, site)).toBe(path);
      },
    ),
    { numRuns: 5_000 },
  );
});

test.each(['/', '/orders', '/a/b?c=d&e=%2F%2F#f', '/x/../y'])('%s is a way on the site', (text) => {
  expect(returnPath(text, site)).toBe(new URL(text, site).href.slice(site.origin.length));
});

test.each([
  '',
  'orders',
  '//evil',
  '/\\evil',
  '/x/..//evil',
  'https://app.example.com/',
  '/a b',
  '/ä',
  `/${'x'.repeat(2_048)}`,
  undefined,
])('%s is none', (text) => {
  expect(returnPath(text, site)).toBeUndefined();
});
