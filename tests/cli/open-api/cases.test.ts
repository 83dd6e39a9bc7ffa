import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { openApisFor } from '../../../scripts/cli/certify/verdict.ts';
import { speaker } from '../../../scripts/cli/messages/index.ts';
import { noteDone, OPEN_API_CASES, readDone, statesOf } from '../../../scripts/cli/open-api/cases.ts';
import { openApiText } from '../../../scripts/cli/report/words.ts';
import { temporaryFolder } from '../../support/command.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const MARKET = 'https://mkt.myhuaweicloud.com';
const HERE = 'http://127.0.0.1:4321';

test('a case is open, then rehearsed at a stand-in, then done at the marketplace, whatever is rehearsed later', () => {
  const stateOf = (product?: string) => statesOf(['order'], readDone(folder.path), product)[0];
  expect(stateOf()).toEqual({ case: 'order', state: 'open' });
  noteDone(folder.path, { case: 'order', product: 'crm', place: HERE, at: 1 });
  expect(stateOf('crm')).toEqual({ case: 'order', state: 'rehearsed', place: HERE, at: 1 });
  expect(stateOf('erp')).toEqual({ case: 'order', state: 'open' });
  noteDone(folder.path, { case: 'order', place: MARKET, at: 2 });
  noteDone(folder.path, { case: 'order', product: 'crm', place: HERE, at: 3 });
  expect([stateOf('crm'), stateOf('erp')]).toEqual(
    Array(2).fill({ case: 'order', state: 'done', place: MARKET, at: 2 }),
  );
});

test('a call that is repeated is remembered once, and what cannot be read counts for nothing', () => {
  for (let at = 10; at < 20; at += 1) noteDone(folder.path, { case: 'upload', place: MARKET, at });
  expect(readDone(folder.path).filter(({ case: name }) => name === 'upload')).toHaveLength(1);
  writeFileSync(join(folder.path, 'open-apis.json'), '[{"case":"order"');
  expect(readDone(folder.path)).toEqual([]);
  expect(statesOf(OPEN_API_CASES, [], undefined).every(({ state }) => state === 'open')).toBe(true);
});

test('a certification asks for the open APIs of the product kind, in the reader’s language', () => {
  const done = [{ case: 'license-activate', place: MARKET, at: Date.UTC(2026, 0, 2, 3, 4) } as const];
  const states = statesOf(openApisFor('license-2'), done, undefined);
  expect(states.map((one) => openApiText(speaker('en'), one))).toEqual([
    `activate a test authorisation code: called at ${MARKET}, 2026-01-02 03:04 UTC`,
    'query a test authorisation code: still to be called: koogate license query CODE',
  ]);
  expect(openApisFor('license-online')).toEqual(['order', 'upload']);
  expect(openApisFor('saas-on-demand')).toEqual(['order', 'usage']);
});
