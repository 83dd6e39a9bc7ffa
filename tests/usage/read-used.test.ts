import { expect, test } from '@jest/globals';
import { readUsed } from '../../lib/usage/read-used.ts';

const NOON = Date.parse('2026-06-01T12:00:00Z');
const asked = new Set(['i-1']);

test('what was asked about is read, at the moment that it names or now', () => {
  const usage = [
    { instanceId: 'i-1', value: '3.5' },
    { instanceId: 'i-1', relatedInstanceId: 'p', value: 2 },
  ];
  expect([...readUsed({ usage: [...usage, { instanceId: 'other', value: 1 }] }, asked, NOON).keys()]).toEqual(['i-1']);
});

test.each([
  ['a text', /check usage\.$/],
  [{}, /check usage\.$/],
  [{ usage: [{ instanceId: 'i-1', value: '123456789' }] }, /check usage\.0\.value\.$/],
  [{ usage: [{ instanceId: 'i-1', value: 1, dashboardUrl: 'http://x' }] }, /check usage\.0\.dashboardUrl\.$/],
])('%j is refused with the members that are wrong', (answer, sentence) => {
  expect(() => readUsed(answer, asked, NOON)).toThrow(sentence);
});
