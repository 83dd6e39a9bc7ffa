import { type Bench, same } from './bench.ts';
import { type Probe, probe } from './probe.ts';

/** Writers that start at the same time. */
const WRITERS = 50;
/** Writers that read first, and read again after each loss. */
const READERS = 10;
/** Races of each kind. */
const ROUNDS = 3;

/** Answers to fifty writers that were started at once. */
function race<Result>(writer: (index: number) => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: WRITERS }, (_, index) => writer(index)));
}

async function rounds(attempt: () => Promise<void>): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) await attempt();
}

function winners(all: readonly { readonly done: boolean }[]): number {
  return all.filter(({ done }) => done).length;
}

const numbers = Array.from({ length: WRITERS }, (_, index) => index + 1);

function sorted(found: readonly unknown[]): number[] {
  return found.map(Number).sort((a, b) => a - b);
}

/** Rules about writers that meet at one item: as if one came after the other. */
export const RACES: readonly Probe[] = [
  probe('race-put', (bench: Bench) =>
    rounds(async () => {
      const key = bench.key();
      const condition = 'attribute_not_exists(#pk)';
      const all = await race((writer) => bench.put({ ...key, writer }, { condition }));
      same(`winners of ${WRITERS} PutItem if absent`, winners(all), 1);
      const winner = all.findIndex(({ done }) => done);
      same('item afterwards', await bench.get(key), { ...key, writer: winner });
    }),
  ),
  probe('race-claim', (bench) =>
    rounds(async () => {
      const key = bench.key();
      await bench.put({ ...key, dueShard: 1, dueAt: 0, attempts: 0 });
      const rule = (owner: string) => ({
        condition:
          'attribute_exists(#dueShard) AND #dueAt <= :now AND (attribute_not_exists(#leaseOwner) OR #leaseUntil < :now)',
        values: { owner, until: 2_000, one: 1, now: 1_000 },
      });
      const update = 'SET #leaseOwner = :owner, #leaseUntil = :until, #dueAt = :until, #attempts = #attempts + :one';
      const all = await race((writer) => bench.update(key, update, rule(`owner-${writer}`)));
      same(`winners of ${WRITERS} claims`, winners(all), 1);
      const { leaseOwner, attempts } = (await bench.get(key)) ?? {};
      same(
        'item afterwards',
        { leaseOwner, attempts },
        { leaseOwner: `owner-${all.findIndex(({ done }) => done)}`, attempts: 1 },
      );
    }),
  ),
  probe('race-append', (bench) =>
    rounds(async () => {
      const key = bench.key();
      await bench.put({ ...key, pending: [] });
      const update = 'SET #pending = list_append(#pending, :changes)';
      await race((writer) => bench.update(key, update, { values: { changes: [writer + 1] } }));
      same(`members after ${WRITERS} list_append`, sorted((await bench.get(key))?.pending as unknown[]), numbers);
    }),
  ),
  probe('race-counter', (bench) =>
    rounds(async () => {
      const key = bench.key();
      const all = await race(() => bench.update(key, 'ADD #turn :one', { values: { one: 1 } }));
      same(`${WRITERS} ADD, read afterwards`, (await bench.get(key))?.turn, WRITERS);
      same('images that the writers got', sorted(all.map(({ item }) => item?.turn)), numbers);
    }),
  ),
  probe('race-head', (bench) =>
    rounds(async () => {
      const key = bench.key();
      await bench.put({ ...key, pending: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] });
      const rule = { condition: 'attribute_exists(#pending[1]) AND #pending[0].#id = :id', values: { id: 'a' } };
      const all = await race(() => bench.update(key, 'REMOVE #pending[0]', rule));
      same(`winners of ${WRITERS} REMOVE #pending[0]`, winners(all), 1);
      same('list afterwards', (await bench.get(key))?.pending, [{ id: 'b' }, { id: 'c' }]);
    }),
  ),
  probe('race-version', (bench) =>
    rounds(async () => {
      const key = bench.key();
      await bench.put({ ...key, version: 0, sum: 0 });
      const write = async (writer: number) => {
        for (;;) {
          const { version, sum } = (await bench.get(key)) as { version: number; sum: number };
          const values = { read: version, next: version + 1, sum: sum + writer + 1 };
          const rule = { condition: '#version = :read', values };
          if ((await bench.update(key, 'SET #version = :next, #sum = :sum', rule)).done) return;
          await bench.sleep(writer);
        }
      };
      await Promise.all(Array.from({ length: READERS }, (_, writer) => write(writer)));
      const { version, sum } = (await bench.get(key)) ?? {};
      same('version and sum afterwards', { version, sum }, { version: READERS, sum: (READERS * (READERS + 1)) / 2 });
    }),
  ),
];
