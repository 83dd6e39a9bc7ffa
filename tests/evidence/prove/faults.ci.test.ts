import { expect, test } from '@jest/globals';
import { inWorld } from '../../../scripts/evidence/bench/world.ts';
import { CASES } from '../../../scripts/evidence/prove/faults/cases.ts';
import { koogateFindings } from '../../../scripts/evidence/prove/faults/koogate.ts';

test('the four classic faults of idempotency layers find nothing here', async () => {
  const findings = await koogateFindings();
  expect(findings).toEqual(Object.fromEntries(Object.keys(CASES).map((name) => [name, undefined])));
}, 300_000);

test('variables of a world end with it, so that what runs next finds its own engine', async () => {
  const before = { ...process.env };
  await inWorld(async ({ endpoint }) => expect(process.env.AWS_ENDPOINT_URL_DYNAMODB).toBe(endpoint));
  expect({ ...process.env }).toEqual(before);
});
