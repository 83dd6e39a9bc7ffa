import { expect, test } from '@jest/globals';
import { CASES } from '../../../scripts/evidence/prove/faults/cases.ts';
import { koogateFindings } from '../../../scripts/evidence/prove/faults/koogate.ts';

test('the four classic faults of idempotency layers find nothing here', async () => {
  const findings = await koogateFindings();
  expect(findings).toEqual(Object.fromEntries(Object.keys(CASES).map((name) => [name, undefined])));
}, 300_000);
