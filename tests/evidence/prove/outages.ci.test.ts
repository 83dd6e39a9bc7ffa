import { expect, test } from '@jest/globals';
import { anyStory, endsInTime, seeded } from '../../../scripts/evidence/prove/outages/outage.ts';
import { playOutages } from '../../../scripts/evidence/prove/outages/play.ts';
import { playStory } from '../../../scripts/evidence/prove/outages/play-story.ts';

const MINUTE = 60_000;

test('no order is lost whose outages end in time, and no tenant is left over', async () => {
  const { stories, inTime, lost, broken } = await playOutages(12, 1);
  expect(stories).toBe(12);
  expect(inTime).toBeGreaterThan(6);
  expect({ lost, broken }).toEqual({ lost: 0, broken: [] });
}, 60_000);

test('a story is the same each time, and another with another seed', () => {
  expect(anyStory(seeded(7))).toEqual(anyStory(seeded(7)));
  expect(anyStory(seeded(7))).not.toEqual(anyStory(seeded(8)));
});

test('an order is lost when its outage lasts until the marketplace gives up, and what was made is cleaned up', async () => {
  const random = seeded(1);
  const schedule = { ...anyStory(random).schedule, during: 30 * MINUTE };
  const outage = { kind: 'loses answers' as const, from: -MINUTE, until: 31 * MINUTE };
  const story = { outages: [outage], schedule, isPatient: true, phase: 0 };
  expect(endsInTime(story)).toBe(false);
  expect(await playStory(story, random)).toMatchObject({ isSaved: false, tenants: 0, state: 'RELEASED' });
});
