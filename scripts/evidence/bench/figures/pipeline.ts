import { createHmac } from 'node:crypto';
import type { RouteEvent } from '../../../../lib/middleware/route.ts';
import { answering, cpuRow, sideBySide } from '../compare.ts';
import { lambdaContext, purchase, signedEvent } from '../events.ts';
import { calls, type Figure, type Row } from '../figure.ts';
import { floor } from '../floor.ts';
import { microseconds } from '../format.ts';
import { interleaved } from '../rounds.ts';
import { median, ratiosOf, spreadOf } from '../statistics.ts';
import { inWorld } from '../world.ts';

/** Keys of the product `demo`: one of the class base, one of the class general. Each is tried. */
const KEYS = 2;
/** A little less than the largest body that is looked at. */
const LARGE_BYTES = 200_000;
const WRONG = 'A'.repeat(64);

/** Cost of calls that never reach the table, beside F. */
export const pipeline: Figure = (effort, say) =>
  inWorld(async ({ parameters: { key }, load }) => {
    const log = switchableLog();
    const koogate = load('produce');
    const context = lambdaContext();
    const handle = (event: RouteEvent) => koogate(event, context);
    const count = calls(effort, 1_000, 200);
    const usual = () => signedEvent(key, purchase());
    const besideF = (event: () => RouteEvent, floors = usual) =>
      sideBySide(
        answering('KooGate', count, handle, event),
        answering('F', count, (one) => floor(one, key), floors),
        effort,
      );
    const rows: Row[] = [];

    say('the pipeline without the store');
    const testCall = () => signedEvent(key, purchase({ testFlag: '1' }));
    const silent = (event: RouteEvent) => log.without(() => handle(event));
    const measured = await interleaved(
      [
        answering('KooGate', count, handle, testCall),
        answering('silent', count, silent, testCall),
        answering('F', count, (one) => floor(one, key), testCall),
      ],
      { rounds: effort.rounds, warmUp: 3 },
    );
    const unwritten = median((measured.silent ?? []).map((cost) => cost.cpu));
    rows.push(
      cpuRow('CPU of the pipeline without the store ÷ F', undefined, measured, ['KooGate', 'F'], {
        note: `a debugging call; F has no time window, no validation, no log and no life cycle; less the log’s way out ${microseconds(unwritten)}`,
      }),
    );

    const early = () => Date.now() - 600_000;
    const refusals: Readonly<Record<string, () => RouteEvent>> = {
      time: () => signedEvent(key, purchase(), { at: early() }),
      form: () => ({ ...usual(), rawQueryString: 'timestamp=x&nonce=y&signature=z' }),
      size: tooLarge(signedEvent(key, purchase())),
    };
    for (const [why, event] of Object.entries(refusals)) {
      say(`refused for its ${why}`);
      rows.push(cpuRow(`refused before hashing (${why}) ÷ F`, undefined, await besideF(event), ['KooGate', 'F']));
    }

    say('refused, small and large body');
    rows.push(
      await growth(
        'refused before hashing, body of 200 KB ÷ of 0.2 KB',
        1.2,
        (bytes) => {
          const event = signedEvent(key, padded(bytes), { at: early() });
          return () => event;
        },
        [200, LARGE_BYTES],
        calls(effort, 500, 50),
      ),
    );

    say('wrong signature');
    rows.push(
      cpuRow(
        'wrong signature ÷ F, per key tried',
        undefined,
        await besideF(() => signedEvent(key, purchase(), { signature: WRONG })),
        ['KooGate', 'F'],
        { per: KEYS, note: `${KEYS} keys, each tried on the bytes and on their canonical form` },
      ),
    );
    rows.push(...(await forged()));
    return rows;

    /** A large call with a wrong signature, beside F and beside the HMAC that nobody who checks it can save. */
    async function forged(): Promise<Row[]> {
      say('wrong signature, large bodies');
      const large = (options: { signature?: string }) => {
        const event = signedEvent(key, padded(LARGE_BYTES), options);
        return () => ({ ...event }); // all sides look at it before anything could tell a repeat
      };
      const bytes = Buffer.from(JSON.stringify(padded(LARGE_BYTES)));
      const hash = () => createHmac('sha256', key).update(bytes).digest();
      const each = calls(effort, 40, 10);
      const costs = await interleaved(
        [
          answering('KooGate', each, handle, large({ signature: WRONG })),
          answering('F', each, (one) => floor(one, key), large({})),
          { name: 'HMAC', calls: each, prepare: (several) => Array.from({ length: several }, () => hash) },
        ],
        { rounds: effort.rounds, warmUp: effort.rounds > 3 ? 3 : 1 },
      );
      const note = `${KEYS} keys, each tried on the bytes and on their canonical form`;
      const title = 'wrong signature, 200 KB';
      return [
        cpuRow(`${title} ÷ F, per key tried (linear: the ratio stays)`, undefined, costs, ['KooGate', 'F'], {
          per: KEYS,
        }),
        cpuRow(`${title} ÷ HMAC of its bytes`, { atMost: 20, stretch: 10 }, costs, ['KooGate', 'HMAC'], { note }),
      ];
    }

    async function growth(
      figure: string,
      atMost: number,
      eventOf: (bytes: number) => () => RouteEvent,
      [small, large]: readonly [number, number],
      each: number,
    ): Promise<Row> {
      const [less, more] = [eventOf(small), eventOf(large)].map((event, index) =>
        // the same event again and again: what is measured happens before anything could tell a repeat
        answering(index === 0 ? 'small' : 'large', each, handle, () => ({ ...event() })),
      );
      if (less === undefined || more === undefined) throw new Error('Two sizes are compared.');
      const { rounds } = effort;
      const measured = await interleaved([less, more], { rounds, warmUp: 2 });
      const cpu = (name: string) => (measured[name] ?? []).map((cost) => cost.cpu);
      const ratio = spreadOf(ratiosOf(cpu('large'), cpu('small')));
      return {
        figure,
        value: ratio.median,
        spread: [ratio.low, ratio.high],
        goal: { atMost },
        ours: microseconds(median(cpu('large'))),
        theirs: microseconds(median(cpu('small'))),
      };
    }
  });

function padded(bytes: number): object {
  const message = purchase();
  return { ...message, remark: 'x'.repeat(Math.max(0, bytes - JSON.stringify(message).length)) };
}

/** Larger than anything that is looked at. */
function tooLarge(event: RouteEvent): () => RouteEvent {
  const body = 'x'.repeat(300 * 1024);
  return () => ({ ...event, body });
}

/** The log's way out, which can be shut: tells what writing a line costs. Made before the function takes hold of it. */
function switchableLog() {
  const write = console.log;
  let open = true;
  console.log = (...parts: unknown[]) => {
    if (open) write(...parts);
  };
  return {
    async without<Result>(work: () => Promise<Result>): Promise<Result> {
      open = false;
      try {
        return await work();
      } finally {
        open = true;
      }
    },
  };
}
