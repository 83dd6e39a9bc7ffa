import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Plan } from '../../../scripts/evidence/prove/schedules/plan.ts';
import { play } from '../../../scripts/evidence/prove/schedules/play.ts';
import { runSchedule } from '../../../scripts/evidence/prove/schedules/run-schedule.ts';

const calm: Plan = {
  purchases: ['async'],
  deliveries: [],
  workers: [1_000_000],
  window: 10_800_000,
  tableFaults: [],
  hookFaults: [],
  stubborn: [],
};

/** Plays one plan in an order that is the same each time. */
async function inOneOrder(plan: Partial<Plan>) {
  const [scheduler] = fc.sample(fc.scheduler(), { numRuns: 1, seed: 1 });
  if (scheduler === undefined) throw new Error('fast-check gave no scheduler.');
  return runSchedule({ ...calm, ...plan }, scheduler);
}

test('every accepted change has its effect once, in order, whatever happens in whichever order', async () => {
  const { schedules, accepted, calls } = await play(1_000);
  expect(schedules).toBe(1_000);
  expect(accepted).toBeGreaterThan(schedules);
  expect(calls).toBeGreaterThan(schedules);
}, 600_000);

test('a schedule without faults calls one hook for each change', async () => {
  const deliveries = [
    { what: 'renew', order: 1, copies: 2 },
    { what: 'upgrade', order: 1, copies: 1 },
  ] as const;
  expect(await inOneOrder({ deliveries })).toEqual({ accepted: 3, calls: 3, late: 0 });
});

test('a worker without time attempts nothing, and leaves the item to whoever has time', async () => {
  expect(await inOneOrder({ workers: [0, 0] })).toEqual({ accepted: 1, calls: 1, late: 0 });
});

test('a worker that stands still past its hold has its effect once, though the hook is called twice', async () => {
  expect(await inOneOrder({ workers: [1_000_000, 1_000_000], hookFaults: ['stalls after'] })).toMatchObject({
    accepted: 1,
    late: 0,
  });
});
