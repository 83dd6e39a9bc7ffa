import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { fulfilKeys } from '../../../lib/fulfilment/fulfil-all.ts';
import { closeTable, openTable, readClosing } from '../../../lib/instances/closing.ts';
import { createGate } from '../../../lib/instances/gate.ts';
import { keys } from '../../../lib/instances/keys.ts';
import { createNotes } from '../../../lib/instances/notes.ts';
import { acceptPurchase, acceptRenewal, acceptStatus, readInstances } from '../../../lib/instances/store.ts';
import { deriveInstanceId } from '../../../lib/protocol/instance-id.ts';
import { Refusal } from '../../../lib/protocol/refusal.ts';
import type { Table } from '../../../lib/table/table.ts';
import { type CopyOptions, copyTable, QUIET_MS } from '../../../scripts/cli/operator/table-copy/copy.ts';
import { hashOf } from '../../../scripts/cli/operator/table-copy/items.ts';
import { createTable } from '../../../scripts/dev/engine.ts';
import { TABLE } from '../../../scripts/dev/local/settings.ts';
import { type Behaviour, world } from '../../fulfilment/world.ts';
import { watched } from '../../instances/support.ts';
import { newTable, sharedPostgres } from '../../support/postgres.ts';
import { startTable } from '../../support/table.ts';
import { koogate } from '../desk.ts';

const started: { stop(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const each of started.splice(0)) await each.stop();
});

/** A fresh table on an engine, and its address for commands. */
async function engineOf(
  name: 'dynoxide' | 'dynalite' | 'postgres',
): Promise<{ table: Table; at: string; env: Record<string, string> }> {
  if (name !== 'postgres') {
    const engine = await startTable(name);
    started.push(engine);
    return { table: engine.table, at: `${engine.engine}#${engine.table.name}`, env: {} };
  }
  const server = await sharedPostgres();
  const table = await newTable(server);
  started.push({ stop: () => table.close() });
  return { table, at: `${server.url}#${table.name}`, env: { PGPASSWORD: server.password } };
}

/** Purchases: the first half before the closing, the last ones while the table is closed. */
const [HALF, LATE, PURCHASES] = [20, 32, 40];
const plenty = () => 1_000_000;

/** One place that an installation lives at: its door, its route's table, and its fulfilment. */
function placeOn(table: Table, time: { now: number }, behaviour: { current: Behaviour }) {
  const w = world(table);
  w.behaviour.current = (call) => behaviour.current(call);
  const gate = createGate(table, () => time.now);
  const deps = { ...w.deps, clock: () => time.now, isOpen: gate.isOpen };
  return {
    table: gate.over(table),
    calls: w.calls,
    deps,
    fulfil: (key: { pk: string; sk: string }) => fulfilKeys(deps, [key], plenty),
  };
}

/** The marketplace: repeats a call at whatever place the address leads to until it is not told to. */
async function untilTaken(call: () => Promise<{ resultCode: string }>, wait: () => Promise<unknown>): Promise<string> {
  for (let tries = 0; tries < 500; tries += 1) {
    try {
      return (await call()).resultCode;
    } catch (error) {
      if (!isRepeatable(error)) throw error;
      await wait();
    }
  }
  throw new Error('A call was never taken.');
}

/** Whether the route answers 000005: the door is closed, or the table out of reach. */
function isRepeatable(error: unknown): boolean {
  return error instanceof Refusal ? error.resultCode === '000005' : Object(error).name === 'TableUnavailable';
}

describe.each([
  ['dynoxide', 'postgres'],
  ['postgres', 'dynalite'],
] as const)('an installation that moves from %s to %s under load', (fromName, toName) => {
  test('loses nothing and does nothing twice', async () => {
    const [from, to] = [await engineOf(fromName), await engineOf(toName)];
    const time = { now: 1_700_000_000_000 };
    let release = () => {};
    const stalled = new Promise<void>((resolve) => {
      release = resolve;
    });
    // The first attempt at the first purchase is under way when the table is closed, and ends long afterwards.
    const behaviour: { current: Behaviour } = { current: ({ attempt }) => (attempt === 1 ? stalled : undefined) };
    const source = placeOn(from.table, time, behaviour);
    const target = placeOn(to.table, time, behaviour);
    let here = source;
    const turn = () => sleep(10);
    const wait = async () => {
      time.now += 100;
      await turn();
    };
    const taken: string[] = [];
    const underWay: Promise<unknown>[] = [];
    const order = (index: number) => ({ orderId: `O${index}`, orderLineId: `O${index}-1` });
    const idOf = (index: number) => deriveInstanceId('demo', `O${index}`, `O${index}-1`);
    const play = async (index: number) => {
      const id = { product: 'demo', instanceId: idOf(index) };
      const key = keys.instance('demo', id.instanceId);
      const calls = [
        () => acceptPurchase(here.table, { product: 'demo', ...order(index), sentAt: 1 }, time.now),
        () =>
          acceptRenewal(
            here.table,
            { ...id, orderId: `R${index}`, orderLineId: `R${index}-1`, scene: 'RENEWAL', expiresAt: 5, sentAt: 5 },
            time.now,
          ),
        () => acceptStatus(here.table, { ...id, status: 'FREEZE', sentAt: 6 }, time.now),
      ] as const;
      for (const call of calls) {
        taken.push(await untilTaken(call, wait));
        taken.push(await untilTaken(call, wait)); // the marketplace repeats what it has been told
        const run = here.fulfil(key);
        underWay.push(run);
        if (index > 0) await run; // the very first attempt stalls
        await wait();
      }
    };
    const load: Promise<void>[] = [];
    const begin = (first: number, end: number) => {
      for (let index = first; index < end; index += 1) load.push(play(index));
    };
    begin(0, 1);
    for (let turns = 0; source.calls.length === 0 && turns < 1_000; turns += 1) await wait();
    behaviour.current = () => undefined;
    begin(1, HALF);
    await Promise.all(load.slice(1));
    begin(HALF, LATE); // these meet the closing, whichever way

    const closed = await closeTable(from.table, time.now);
    const copying: CopyOptions = {
      ...{ from: from.table, to: to.table, clock: () => time.now, progress: () => {} },
      sleep: async (milliseconds) => {
        release(); // what was under way is recorded at the old place, after the first pass of the copy
        await Promise.all(underWay);
        time.now += milliseconds;
        begin(LATE, PURCHASES); // these find the old place closed
      },
    };
    const copied = await copyTable(copying);
    expect(time.now - closed.since).toBeGreaterThanOrEqual(QUIET_MS);
    await openTable(to.table, time.now);
    const minutes = (time.now - closed.since) / 60_000;
    here = target;
    await Promise.all(load);
    for (let index = 0; index < PURCHASES; index += 1) await target.fulfil(keys.instance('demo', idOf(index)));

    expect(taken.filter((code) => !['000000', '000004'].includes(code))).toEqual([]);
    const ids = Array.from({ length: PURCHASES }, (_, index) => idOf(index));
    const items = await readInstances(to.table, 'demo', ids);
    const unsettled = [...items.values()].filter(({ state, pending }) => state !== 'FROZEN' || pending.length > 0);
    expect([items.size, unsettled]).toEqual([PURCHASES, []]);
    const done = [...source.calls, ...target.calls];
    const kinds = new Map(done.map(({ key, hook }) => [key, hook]));
    const count = (hook: string) => [...kinds.values()].filter((kind) => kind === hook).length;
    expect(['provision', 'renew', 'freeze'].map(count)).toEqual(Array(3).fill(PURCHASES));
    const overlap = target.calls.filter(({ key }) => source.calls.some((call) => call.key === key));
    console.info(
      `${fromName} → ${toName}: ${copied.items} items, ${copied.mended} mended, closed for ${minutes.toFixed(1)} minutes, ` +
        `${source.calls.length} hooks at the old place, ${target.calls.length} at the new one, ${overlap.length} at both`,
    );
    expect(source.calls.length).toBeGreaterThan(0);
    expect(target.calls.length).toBeGreaterThan(0);
    expect(overlap).toEqual([]);
    expect(copied.mended).toBeGreaterThan(0);
  }, 120_000);
});

describe('copying', () => {
  const now = 1_700_000_000_000;
  const clock = () => now;
  const options = (from: Table, to: Table): CopyOptions => ({
    from,
    to,
    clock,
    sleep: async () => {},
    progress: () => {},
  });

  async function filled(count: number): Promise<Table> {
    const { table } = await engineOf('dynoxide');
    const notes = createNotes(table, 'demo');
    for (let index = 0; index < count; index += 1)
      await notes.put(`k${index}`, { index, text: '云\u0000', list: [1.5, ''] });
    return table;
  }

  test('is refused from an open table, and into one that holds something else', async () => {
    const from = await filled(2);
    const { table: to } = await engineOf('dynoxide');
    await expect(copyTable(options(from, to))).rejects.toMatchObject({ why: 'source-open' });
    await closeTable(from, now - QUIET_MS);
    await expect(copyTable(options(from, await filled(1)))).rejects.toMatchObject({ why: 'target-filled' });
  });

  test('goes on where it was broken off, ends equal, and may be run again', async () => {
    const from = await filled(250);
    await closeTable(from, now - QUIET_MS);
    const { table: to } = await engineOf('postgres');
    const dying = watched(to, { kind: 'dies before', at: 160 });
    await expect(copyTable(options(from, dying.table))).rejects.toThrow(/died|dead/);
    const { closed, copy } = (await readClosing(to)) ?? {};
    expect([closed, copy?.complete, (copy?.items ?? 0) > 50]).toEqual([true, false, true]);
    const again = watched(to);
    const copied = await copyTable(options(from, again.table));
    expect(copied).toMatchObject({ items: 250, mended: 0, closedAt: now - QUIET_MS });
    const notes = again.sent.filter(
      ({ name, input }) => name === 'PutItem' && JSON.stringify(Object(input.Item).pk).includes('NOTE#'),
    );
    expect(notes).toHaveLength(250 - (copy?.items ?? 0));
    expect(await readClosing(from)).toMatchObject({ copiedAt: now });
    expect(await copyTable(options(from, to))).toEqual(copied);
    expect(await createNotes(to, 'demo').get('k249')).toEqual({ index: 249, text: '云\u0000', list: [1.5, ''] });
  });

  test('notices an item that the target lost, changed, or has too many', async () => {
    const from = await filled(3);
    await closeTable(from, now - QUIET_MS);
    const { table: to } = await engineOf('dynoxide');
    await copyTable(options(from, to));
    const notes = createNotes(to, 'demo');
    await notes.delete('k0');
    await notes.put('k1', 'other');
    await notes.put('extra', 1);
    expect(await copyTable(options(from, to))).toMatchObject({ items: 3, mended: 3 });
    expect([await notes.get('k1'), await notes.get('extra')]).toEqual([
      { index: 1, text: '云\u0000', list: [1.5, ''] },
      undefined,
    ]);
  });

  test('is not complete if the source was opened meanwhile', async () => {
    const from = await filled(1);
    await closeTable(from, now);
    const { table: to } = await engineOf('dynoxide');
    const sleep = () => openTable(from, now);
    await expect(copyTable({ ...options(from, to), sleep })).rejects.toMatchObject({ why: 'source-open' });
    expect(await readClosing(to)).toMatchObject({ copy: { complete: false } });
  });

  test('hashes an item alike however an engine spells it', () => {
    const one = hashOf({ a: { N: '1.50' }, b: { SS: ['x', 'y'] }, c: { M: { d: { N: '1000' }, e: { NULL: true } } } });
    const other = hashOf({
      c: { M: { e: { NULL: true }, d: { N: '1e3' } } },
      b: { SS: ['y', 'x'] },
      a: { N: '15e-1' },
    });
    expect(one).toEqual(other);
    expect(hashOf({ a: { N: '1' } })).not.toEqual(hashOf({ a: { S: '1' } }));
    expect(hashOf({ a: { N: '10' } })).not.toEqual(hashOf({ a: { N: '1' } }));
    expect(hashOf({ a: { N: '-1' } })).not.toEqual(hashOf({ a: { N: '1' } }));
  });
});

test('the commands close, copy and open', async () => {
  const [from, to] = [await engineOf('dynoxide'), await engineOf('postgres')];
  await createNotes(from.table, 'demo').put('k', 1);
  const { env } = to;
  const run = (...args: string[]) => koogate(['table', ...args], { env });
  expect(await run('copy', '--from', from.at, '--to', to.at)).toMatchObject({
    code: 1,
    notes: expect.stringContaining('close it first'),
  });
  expect(await run('close', from.at)).toMatchObject({ code: 0, out: expect.stringContaining('is closed') });
  const { closed } = JSON.parse((await run('close', from.at, '--json')).out);
  expect(closed).toBe(true);
  await openTable(from.table, Date.now());
  await closeTable(from.table, Date.now() - QUIET_MS); // as if it had been closed long enough
  const copied = await run('copy', '--from', from.at, '--to', to.at, '--json');
  expect(JSON.parse(copied.out)).toMatchObject({ items: 1, mended: 0 });
  const opened = await run('open', to.at, '--json');
  expect(JSON.parse(opened.out)).toMatchObject({ closed: false, minutesClosed: 6 });
  expect(await run('open', from.at)).toMatchObject({ code: 0, notes: expect.stringContaining('do not open both') });
  expect(await run('close')).toMatchObject({ code: 2 });
  expect(await run('close', 'http://127.0.0.1:1')).toMatchObject({
    code: 2,
    notes: expect.stringContaining('ADDRESS#TABLE'),
  });
  expect(await run('close', 'nostage')).toMatchObject({ code: 2 });
});

test('commands that write refuse a closed table', async () => {
  const engine = await startTable('dynoxide');
  started.push(engine);
  await createTable(engine.client, TABLE);
  await closeTable({ client: engine.client, name: TABLE }, Date.now());
  const env = { AWS_ENDPOINT_URL_DYNAMODB: engine.engine };
  const ran = await koogate(['retry', 'i-1'], { env });
  expect(ran).toMatchObject({ code: 1, notes: expect.stringContaining('is closed while it is moved') });
});
