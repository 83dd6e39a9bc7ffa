import { anyStory, endsInTime, seeded } from './outage.ts';
import { playStory } from './play-story.ts';

/** Outcome of many outages. */
export interface OutageTally {
  readonly stories: number;
  /** Of those whose outages ended in time. */
  readonly inTime: number;
  readonly lost: number;
  /** Purchases that were saved though an outage went on longer. */
  readonly savedLate: number;
  readonly attempts: number;
  /** Rules that were broken, the first first. */
  readonly broken: readonly string[];
}

/** Plays so many purchases from a seed on: each story has a seed of its own. */
export async function playOutages(stories: number, seed: number): Promise<OutageTally> {
  const tally = { stories: 0, inTime: 0, lost: 0, savedLate: 0, attempts: 0, broken: [] as string[] };
  for (let index = 0; index < stories; index += 1) {
    const random = seeded(seed + index);
    const story = anyStory(random);
    const { isSaved, attempts, tenants, state } = await playStory(story, random);
    const isInTime = endsInTime(story);
    tally.stories += 1;
    tally.attempts += attempts;
    if (isInTime) tally.inTime += 1;
    if (isInTime && !isSaved) tally.lost += 1;
    if (!isInTime && isSaved) tally.savedLate += 1;
    const expected = state === 'ACTIVE' ? 1 : 0;
    if (isInTime && !isSaved) tally.broken.push(`seed ${seed + index} loses its order: ${JSON.stringify(story)}`);
    if (tenants !== expected) tally.broken.push(`seed ${seed + index} leaves ${tenants} tenants at ${state}`);
  }
  return tally;
}
