import { type AttributeValue, ScanCommand, type ScanCommandOutput } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type Bench, Broken, type Key, same } from './bench.ts';
import { type Probe, probe } from './probe.ts';

/** Keys that one batched read may name. */
const BATCH = 100;
/** Items whose sum no engine gives in one answer: 16 MB is the most that DynamoDB gives. */
const BIG = { items: 60, bytes: 300_000 } as const;
/** Milliseconds within which an index is to show a write; engines document up to two minutes. */
const LONGEST_LAG_MS = 180_000;
/** Attempts at a batch that is answered in parts. */
const MAX_TRIES = 50;

async function putMany(bench: Bench, keys: readonly Key[], item: object): Promise<void> {
  for (let start = 0; start < keys.length; start += 10) {
    await Promise.all(keys.slice(start, start + 10).map((key) => bench.put({ ...key, ...item })));
  }
}

/** Reads a batch until nothing is left unprocessed. */
async function readAll(bench: Bench, keys: readonly Key[]): Promise<{ found: string[]; answers: number }> {
  const found: string[] = [];
  let wanted: readonly Record<string, AttributeValue>[] = keys.map(({ pk, sk }) => marshall({ pk, sk }));
  for (let answers = 1; ; answers += 1) {
    const { Responses, UnprocessedKeys } = await bench.batch(wanted);
    const items = Responses?.[bench.table.name] ?? [];
    found.push(...items.map(({ pk }) => pk?.S ?? ''));
    wanted = UnprocessedKeys?.[bench.table.name]?.Keys ?? [];
    if (wanted.length === 0) return { found, answers };
    if (answers > MAX_TRIES)
      throw new Broken('BatchGetItem of what was left', 'progress', `${wanted.length} keys left`);
    if (items.length === 0) await bench.sleep(20);
  }
}

/** All pages of a query or scan. */
async function paged(
  page: (
    from: Record<string, AttributeValue> | undefined,
  ) => Promise<Pick<ScanCommandOutput, 'Items' | 'LastEvaluatedKey'>>,
): Promise<{ sks: string[]; pks: string[]; pages: number }> {
  const items: Record<string, unknown>[] = [];
  let from: Record<string, AttributeValue> | undefined;
  let pages = 0;
  do {
    const { Items = [], LastEvaluatedKey } = await page(from);
    items.push(...Items.map((item) => unmarshall(item)));
    from = LastEvaluatedKey;
    pages += 1;
  } while (from !== undefined && pages < 1_000);
  return { sks: items.map(({ sk }) => String(sk)), pks: items.map(({ pk }) => String(pk)), pages };
}

function queryDue(bench: Bench, shard: number, now: number, rest: object = {}) {
  const values = { shard, now };
  const names = { dueShard: 'dueShard', dueAt: 'dueAt' };
  return bench.query('#dueShard = :shard AND #dueAt <= :now', { values, names }, { IndexName: 'due', ...rest });
}

function queryOrder(bench: Bench, order: string, line?: string, rest: object = {}) {
  const condition = line === undefined ? '' : ' AND #lineKey = :line';
  const values = { order, ...(line === undefined ? {} : { line }) };
  const names = { orderKey: 'orderKey', ...(line === undefined ? {} : { lineKey: 'lineKey' }) };
  return bench.query(`#orderKey = :order${condition}`, { values, names }, { IndexName: 'order', ...rest });
}

/** Waits until the index gives these sort keys. @returns milliseconds waited */
function untilIndexed(bench: Bench, shard: number, now: number, expected: readonly string[]): Promise<number> {
  return untilFound(bench, 'due', () => queryDue(bench, shard, now), expected);
}

async function untilFound(
  bench: Bench,
  index: string,
  query: () => Promise<Pick<ScanCommandOutput, 'Items'>>,
  expected: readonly string[],
): Promise<number> {
  const since = bench.clock();
  for (;;) {
    const { Items = [] } = await query();
    const found = Items.map((item) => String(unmarshall(item).sk));
    const waited = bench.clock() - since;
    if (JSON.stringify(found) === JSON.stringify(expected)) return waited;
    if (waited > LONGEST_LAG_MS) same(`index ${index} after ${LONGEST_LAG_MS / 1000} s`, found, expected);
    await bench.sleep(Math.min(1_000, 5 + waited / 10));
  }
}

/** Rules about reads of the table, and of its index. */
export const READS: readonly Probe[] = [
  probe('consistent-read', async (bench) => {
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const key = bench.key();
        for (let round = 1; round <= 10; round += 1) {
          await bench.put({ ...key, round });
          same('GetItem after PutItem', (await bench.get(key))?.round, round);
          const { Responses } = await bench.batch([marshall(key)]);
          const [read] = Responses?.[bench.table.name] ?? [];
          same('BatchGetItem after PutItem', read && unmarshall(read).round, round);
        }
      }),
    );
  }),
  probe('batch-read', async (bench) => {
    const keys = Array.from({ length: BATCH }, () => bench.key());
    const there = keys.filter((_, index) => index % 10 !== 0);
    await putMany(bench, there, { text: 'x' });
    const { found } = await readAll(bench, keys);
    same(`BatchGetItem of ${BATCH} keys`, found.sort(), there.map(({ pk }) => pk).sort());
  }),
  probe('query', async (bench) => {
    const { pk } = bench.key();
    const sks = Array.from({ length: 25 }, (_, index) => `S#${String(index).padStart(2, '0')}`);
    await putMany(
      bench,
      sks.map((sk) => ({ pk, sk })),
      { text: 'x' },
    );
    await bench.put({ pk, sk: 'T#' });
    const all = (condition: string, values: object, Limit?: number) =>
      paged((from) =>
        bench.query(
          condition,
          { values: { pk, ...values } },
          {
            ConsistentRead: true,
            ...(Limit && { Limit }),
            ...(from && { ExclusiveStartKey: from }),
          },
        ),
      );
    same('Query of a partition', (await all('#pk = :pk', {})).sks, [...sks, 'T#']);
    same('Query >=', (await all('#pk = :pk AND #sk >= :sk', { sk: 'S#20' })).sks, [...sks.slice(20), 'T#']);
    same('Query >', (await all('#pk = :pk AND #sk > :sk', { sk: 'S#20' })).sks, [...sks.slice(21), 'T#']);
    same('Query begins_with', (await all('#pk = :pk AND begins_with(#sk, :sk)', { sk: 'S#' })).sks, sks);
    const { sks: found, pages } = await all('#pk = :pk', {}, 7);
    same('Query in pages of 7', [found, pages >= 4], [[...sks, 'T#'], true]);
  }),
  probe('scan', async (bench) => {
    const { name: TableName, client } = bench.table;
    const keys = Array.from({ length: 30 }, () => bench.key('SCANNED'));
    await putMany(bench, keys, { text: 'x' });
    const scan = (Limit: number | undefined) =>
      paged((from) =>
        client.send(
          new ScanCommand({
            TableName,
            ConsistentRead: true,
            ...(Limit && { Limit }),
            ...(from && { ExclusiveStartKey: from }),
          }),
        ),
      );
    const wanted = keys.map(({ pk }) => pk).sort();
    for (const limit of [undefined, 11]) {
      const { pks } = await scan(limit);
      const found = pks.filter((pk) => wanted.includes(pk)).sort();
      same(`Scan, limit ${limit ?? 'none'}`, found, wanted);
      same('Scan gives each item once', new Set(pks).size <= pks.length, true);
    }
  }),
  {
    id: 'index',
    try: async (bench) => {
      const shard = Math.floor(bench.clock()) % 1_000_000_007; // nobody else's partition of the index
      const { pk } = bench.key();
      const due = (sk: string, dueAt: number) => bench.put({ pk, sk, dueShard: shard, dueAt, other: 'x' });
      for (const [sk, dueAt] of [
        ['c', 30],
        ['a', 0],
        ['later', 99],
        ['b', 20],
      ] as const)
        await due(sk, dueAt);
      await bench.put({ pk, sk: 'sparse', other: 'x' });
      const addedMs = await untilIndexed(bench, shard, 50, ['a', 'b', 'c']);
      await bench.update({ pk, sk: 'b' }, 'SET #dueAt = :at', { values: { at: 40 } });
      const movedMs = await untilIndexed(bench, shard, 50, ['a', 'c', 'b']);
      await bench.update({ pk, sk: 'a' }, 'REMOVE #dueAt, #dueShard');
      const removedMs = await untilIndexed(bench, shard, 50, ['c', 'b']);
      const { sks } = await paged((from) =>
        queryDue(bench, shard, 50, { Limit: 1, ...(from && { ExclusiveStartKey: from }) }),
      );
      same('index due in pages of 1', sks, ['c', 'b']);
      const { Items: [first] = [] } = await queryDue(bench, shard, 50);
      const { pk: found, sk, dueAt } = first ? unmarshall(first) : {};
      same('entry of the index', { pk: found, sk, dueAt }, { pk, sk: 'c', dueAt: 30 });
      return { figures: { addedMs, movedMs, removedMs } };
    },
  },
  probe('order-index', async (bench) => {
    const { pk } = bench.key();
    for (const [sk, line] of [
      ['second', '2'],
      ['first', '1'],
      ['third', '3'],
    ] as const)
      await bench.put({ pk, sk, orderKey: pk, lineKey: line, other: 'x' });
    await bench.put({ pk, sk: 'sparse', other: 'x' });
    await untilFound(bench, 'order', () => queryOrder(bench, pk), ['first', 'second', 'third']);
    const { Items: one = [] } = await queryOrder(bench, pk, '2');
    same(
      'index order, one line',
      one.map((item) => unmarshall(item).sk),
      ['second'],
    );
    const { sks } = await paged((from) =>
      queryOrder(bench, pk, undefined, { Limit: 1, ...(from && { ExclusiveStartKey: from }) }),
    );
    same('index order in pages of 1', sks, ['first', 'second', 'third']);
    await bench.delete({ pk, sk: 'first' });
    await untilFound(bench, 'order', () => queryOrder(bench, pk), ['second', 'third']);
  }),
  {
    id: 'batch-size',
    try: async (bench) => {
      const keys = Array.from({ length: BIG.items }, () => bench.key());
      await putMany(bench, keys, { body: 'x'.repeat(BIG.bytes) });
      const { found, answers } = await readAll(bench, keys);
      same('BatchGetItem of 18 MB', found.sort(), keys.map(({ pk }) => pk).sort());
      for (const key of keys) await bench.delete(key);
      return { figures: { answers } };
    },
  },
];
