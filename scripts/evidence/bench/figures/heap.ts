import { collected } from '../collected.ts';
import { lambdaContext, purchase, signedEvent } from '../events.ts';
import { calls, type Figure } from '../figure.ts';
import { inWorld } from '../world.ts';

/** Of ten requests so many reach the table. */
const STORED = 2;
/** Requests under way at a time; the counts are multiples of it. */
const PARALLEL = 20;

/** Checks whether the function keeps anything: its heap after collection, early and late. */
export const heap: Figure = (effort, say) =>
  inWorld(async ({ parameters: { key }, load }) => {
    const koogate = load('produce');
    const context = lambdaContext();
    const [early, late] = [calls(effort, 20_000, 500), calls(effort, 100_000, 2_500)];
    const known = purchase();
    const request = (index: number) => {
      const kind = index % 10;
      if (kind === 0) return signedEvent(key, purchase());
      if (kind < STORED) return signedEvent(key, known);
      if (kind === 2) return signedEvent(key, purchase(), { signature: 'A'.repeat(64) });
      return signedEvent(key, purchase({ testFlag: '1' }));
    };
    const sizes: number[] = [];
    for (let index = PARALLEL; index <= late; index += PARALLEL) {
      await Promise.all(Array.from({ length: PARALLEL }, (_, one) => koogate(request(index - one), context)));
      if (index % 5_000 === 0) say(`heap after ${index} of ${late} requests`);
      if (index === early || index === late) sizes.push(collected());
    }
    const [first = 0, last = 0] = sizes;
    return [
      {
        figure: `heap after collection, ${early} to ${late} requests, growth in MB`,
        value: (last - first) / 1e6,
        goal: { atMost: 2 },
        ours: `${(last / 1e6).toFixed(2)} MB`,
        theirs: `${(first / 1e6).toFixed(2)} MB after ${early}`,
        note: 'of ten requests one purchase, one repeat, one wrong signature, seven debugging calls',
      },
    ];
  });
