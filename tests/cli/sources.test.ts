import { expect, test } from '@jest/globals';
import { found } from '../../scripts/cli/certify/finding.ts';
import { sourceOf } from '../../scripts/cli/checks/sources.ts';
import { allSentences } from '../../scripts/cli/messages/index.ts';

const names = allSentences.map(([name]) => name);
const advice = (prefix: RegExp) => names.filter((name) => prefix.test(name) && sourceOf(name) === undefined).sort();

test('every check that fails a call names the page that demands it', () => {
  expect(names.filter((name) => /^check\..*\.fail$/.test(name)).length).toBeGreaterThan(30);
  expect(advice(/^check\..*\.fail$/)).toEqual([]);
});

test('what no page demands is advice, and nothing else is', () => {
  expect(advice(/^finding\./)).toEqual(
    [
      'canonical-refused',
      'decrypts-first',
      'departments-refused',
      'long-value-refused',
      'missing-accepted',
      'refusal-code',
      'unknown-instance-empty',
      'unknown-member-refused',
    ].map((name) => `finding.${name}`),
  );
  expect(found('finding.decrypts-first').severity).toBe('warn');
  expect(found('finding.forged-empty').severity).toBe('fail');
  expect(sourceOf('finding.forged-empty')).toMatch(/^https:\/\/support\.huaweicloud\.com\/.*476\.html$/);
});

test('no page orders calls by the moment at which they were signed, so the last arrival may win', () => {
  const expected = ['older-date-won', 'older-status-won', 'overtaken-took-effect'].map((name) => `chaos.${name}`);
  expect(advice(/^chaos\./)).toEqual(expect.arrayContaining(expected));
});
