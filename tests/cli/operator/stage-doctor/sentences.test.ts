import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { allSentences, hasSentence } from '../../../../scripts/cli/messages/index.ts';
import { CHECKS } from '../../../../scripts/cli/operator/stage-doctor/finding.ts';

const folder = new URL('../../../../scripts/cli/operator/stage-doctor/', import.meta.url).pathname;

/** Names of the findings that a module makes, as `check.name`. */
function findingsIn(file: string): string[] {
  const source = readFileSync(join(folder, file), 'utf8');
  const [, check] = /findingsOf\('(\w+)'\)/.exec(source) ?? [];
  const made = [...source.matchAll(/\b(?:good|todo|advice|unknown)\(\s*'([\w-]+)'/g)].map(([, name]) => name);
  return check === undefined ? [] : made.map((name) => `${check}.${name}`);
}

test('each finding of the doctor has words, and each of those that somebody acts on says what to do', () => {
  const made = readdirSync(folder).flatMap(findingsIn);
  expect(made.length).toBeGreaterThan(80);
  expect(made.filter((name) => !hasSentence(`visit.${name}`))).toEqual([]);
  for (const check of CHECKS) {
    expect([check, hasSentence(`visit.check.${check}`), hasSentence(`visit.${check}.failed`)]).toEqual([
      check,
      true,
      true,
    ]);
    expect([check, hasSentence(`visit.${check}.failed.do`)]).toEqual([check, true]);
  }
  const patterned = /^visit\.(check\.|\w+\.(failed|from-|[\w-]+-unseen)|fine|found)/; // put together from parts
  const worded = allSentences.map(([id]) => id).filter((id) => id.startsWith('visit.') && !id.endsWith('.do'));
  expect(worded.filter((id) => !patterned.test(id) && !made.includes(id.replace('visit.', '')))).toEqual([]);
});
