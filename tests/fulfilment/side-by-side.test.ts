import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sideBySide } from '../../lib/fulfilment/side-by-side.ts';

test('works on each entry once, never on more than the limit at a time', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 3 })),
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
      async (steps, limit, lazy) => {
        async function* source() {
          yield* steps.entries();
        }
        let running = 0;
        let most = 0;
        const seen: number[] = [];
        await sideBySide(lazy ? source() : [...steps.entries()], limit, async ([index, turns]) => {
          running += 1;
          most = Math.max(most, running);
          for (let turn = 0; turn <= turns; turn += 1) await Promise.resolve();
          seen.push(index);
          running -= 1;
        });
        expect(seen.sort((a, b) => a - b)).toEqual([...steps.keys()]);
        expect(most).toBeLessThanOrEqual(limit);
        if (steps.length >= limit && !lazy) expect(most).toBe(limit);
      },
    ),
  );
});
