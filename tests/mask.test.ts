import { describe, expect, test } from '@jest/globals';
import { MAX_TEXT, mask, maskedJson } from '../lib/mask.ts';

describe('hides', () => {
  test.each([
    '13800138000',
    '+8613800138000',
    '+86 138 0013 8000',
    '137 1234 5678',
    'call 138-0013-8000 now',
    'tel137001380001',
    'tel_13800138000',
    'user-13800138000',
    'a13800138000x',
    '0755-12345678',
    '(0755) 12345678',
    '9876543210',
    '12345678',
  ])('the telephone number in %j', (text) => {
    expect(mask(text)).not.toMatch(/\d{4}/);
  });

  test.each([
    'jane.doe@example.com',
    'john@localhost',
    'john%40example.com',
    'buyer＠example.com',
    '张三@例子.公司',
    "o'neil@example.com",
    '"john doe"@example.com',
  ])('the address in %j, whole', (text) => expect(mask(`to ${text}, soon`)).toBe('to ***@***, soon'));

  test('both in an address of the web', () => {
    expect(mask('https://x.example/?phone=13800138000&mail=a%40b.com')).toBe(
      'https://x.example/?phone=***&mail=***@***',
    );
  });

  test('secrets, before anything else', () => {
    expect(mask('a key-1380013 b', ['key-1380013'])).toBe('a *** b');
  });
});

test.each([
  'CS2211181819B4LVS-000001 87b94795-0603-4e24-8ae5-69420d60e3c8',
  '550e8400-e29b-41d4-a716-446655440000',
  '2023-11-14T22:13:20.123Z and 2023-11-14 22:13',
  'Error: hook answered 503 after 5000 ms (attempt 3)',
  'at file:///app/node_modules/@aws-sdk/client.js:120:33',
  'https://192.168.100.200:8443/path',
])('leaves %j readable', (text) => expect(mask(text)).toBe(text));

describe('a long text', () => {
  test('is cut first, at the end of a word, so that nothing is torn out of its pattern', () => {
    const masked = mask(`${'word '.repeat(MAX_TEXT / 5)}jane.doe@example.com ${'x'.repeat(100_000)}`);
    expect(masked).toMatch(/word …$/);
    expect(masked.length).toBeLessThanOrEqual(MAX_TEXT + 1);
  });

  test('is cut where it holds nothing to hide, too', () => {
    const { text, other } = JSON.parse(maskedJson({ text: 'long '.repeat(100_000), other: 1 }, new Set()));
    expect([text.length <= MAX_TEXT + 1, other]).toEqual([true, 1]);
  });

  test('takes no more looks than a short one, whatever it is made of', () => {
    for (const run of ['f', 'f.', '1', '1 ', '1-2', '"', '%4', '(1', 'a@']) {
      expect(mask(run.repeat(1_000_000)).length).toBeLessThanOrEqual(2 * MAX_TEXT);
    }
  });
});

describe('beside a text that is an id and nothing else', () => {
  const ID = '12345678-1234-4123-8123-138001380001';

  test('nothing is hidden where there is nothing else', () => {
    expect(maskedJson({ id: ID, ids: [ID, ID] }, new Set())).toBe(JSON.stringify({ id: ID, ids: [ID, ID] }));
  });

  test('all else is looked at', () => {
    expect(maskedJson({ id: ID, phone: '13800138000' }, new Set())).toBe(JSON.stringify({ id: ID, phone: '***' }));
    expect(maskedJson({ [ID]: 'a@b.c' }, new Set())).toBe(JSON.stringify({ [ID]: '***@***' }));
    expect(maskedJson({ text: `"${ID}" 13800138000` }, new Set())).toBe(JSON.stringify({ text: `"${ID}" ***` }));
  });

  test('it is hidden if it is a secret', () => {
    expect(maskedJson({ id: ID }, new Set([ID]))).toBe(JSON.stringify({ id: '***' }));
  });
});
