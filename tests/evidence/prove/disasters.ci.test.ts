import { expect, test } from '@jest/globals';
import { DISASTERS, type Disaster } from '../../../scripts/evidence/prove/disasters/disasters.ts';
import { faultsOf, play, playNothing } from '../../../scripts/evidence/prove/disasters/play.ts';

const ALL = Object.entries<Disaster>(DISASTERS);

test.each(ALL)('%s: the rules that must ring do so in time, no other does, and all close', async (_, disaster) => {
  expect(faultsOf(await play(disaster, 'inside'), disaster.inside)).toEqual([]);
});

test.each(ALL)('%s: with nobody hearing the rules, what watches from outside rings', async (name, disaster) => {
  if (name === 'marketplace silent') return; // nothing outside knows of it, however long it lasts
  expect(faultsOf(await play(disaster, 'outside'), disaster.outside)).toEqual([]);
});

test('without a cause nothing rings, so that each of these would be red', async () => {
  expect([...(await playNothing(ALL.map(([, disaster]) => disaster)))]).toEqual([]);
});
