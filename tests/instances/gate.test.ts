import { beforeEach, describe, expect, test } from '@jest/globals';
import { createMeter } from '../../handlers/create-meter.ts';
import { createReconcile } from '../../handlers/create-reconcile.ts';
import { fulfilItem } from '../../lib/fulfilment/fulfil-item.ts';
import { ClosingChanged, closeTable, openTable, replaceClosing } from '../../lib/instances/closing.ts';
import { createGate, LOOK_MS } from '../../lib/instances/gate.ts';
import { keys } from '../../lib/instances/keys.ts';
import { acceptPurchase, claimNonce, readInstances } from '../../lib/instances/store.ts';
import { MemoryEngine } from '../../lib/table/memory.ts';
import type { Table } from '../../lib/table/table.ts';
import { world } from '../fulfilment/world.ts';
import { usageWorld } from '../usage/world.ts';
import { newOrder, watched } from './support.ts';

let engine: Table;
let time: { now: number };
beforeEach(() => {
  engine = { client: new MemoryEngine(), name: 'memory' };
  time = { now: 1_700_000_000_000 };
});

const clock = () => time.now;
const buy = (table: Table) => acceptPurchase(table, { product: 'demo', ...newOrder(), sentAt: 1 }, clock());

/** A process's door, and what it sends. */
function door() {
  const { table, sent } = watched(engine);
  const gate = createGate(table, clock);
  return { gate, table: gate.over(table), sent };
}

describe('the door of a table', () => {
  test('costs one look in half a minute, beside the write', async () => {
    const { table, sent } = door();
    for (let call = 0; call < 5; call += 1) await buy(table);
    expect(sent.map(({ name }) => name).sort()).toEqual(['GetItem', ...Array(5).fill('PutItem')]);
    time.now += LOOK_MS;
    await buy(table);
    await buy(table);
    expect(sent.filter(({ name }) => name === 'GetItem')).toHaveLength(2);
  });

  test('is seen closed within half a minute, whatever a process remembers', async () => {
    const { table } = door();
    await buy(table);
    await closeTable(engine, clock());
    await buy(table);
    time.now += LOOK_MS;
    await expect(buy(table)).rejects.toMatchObject({ resultCode: '000005' });
  });

  test('answers 000005 to the very first call of a process, and writes no more once it knows', async () => {
    await closeTable(engine, clock());
    const { table, sent } = door();
    await expect(buy(table)).rejects.toMatchObject({ resultCode: '000005' });
    for (let call = 0; call < 3; call += 1) await expect(buy(table)).rejects.toMatchObject({ resultCode: '000005' });
    time.now += LOOK_MS;
    await expect(buy(table)).rejects.toMatchObject({ resultCode: '000005' });
    expect(sent.filter(({ name }) => name === 'PutItem')).toHaveLength(1);
  });

  test('leaves reads and nonces alone', async () => {
    await closeTable(engine, clock());
    const { table } = door();
    expect(await claimNonce(table, 'demo', 'n', clock())).toBe(true);
    expect((await readInstances(table, 'demo', ['i'])).size).toBe(0);
  });

  test('opens again', async () => {
    await closeTable(engine, clock());
    const { table } = door();
    await expect(buy(table)).rejects.toMatchObject({ resultCode: '000005' });
    await openTable(engine, clock());
    time.now += LOOK_MS;
    expect(await buy(table)).toMatchObject({ accepted: true });
  });

  test('lets nothing through that it could not look at', async () => {
    const { table } = watched(engine, { kind: 'dies before', at: 1 });
    await expect(buy(createGate(table, clock).over(table))).rejects.toThrow('died');
  });
});

describe('while the table is closed', () => {
  test('fulfilment begins nothing', async () => {
    const w = world(engine);
    const { instanceId } = await buy(engine);
    const key = keys.instance('demo', instanceId);
    const plenty = () => 1_000_000;
    expect(await fulfilItem({ ...w.deps, isOpen: async () => false }, key, plenty)).toMatchObject({ attempts: 0 });
    expect(await fulfilItem({ ...w.deps, isOpen: async () => true }, key, plenty)).toMatchObject({ attempts: 1 });
  });

  test('reports of usage are handed back, and nothing is pushed', async () => {
    const { deps } = usageWorld(engine);
    const meter = createMeter({ ...deps, isOpen: async () => false });
    const context = { getRemainingTimeInMillis: () => 1_000_000 };
    const Records = [{ messageId: 'm', body: '{}' }] as never;
    expect(await meter({ Records }, context)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm' }] });
    await expect(meter({ reports: [{}] }, context)).rejects.toThrow('closed');
    expect(await meter({}, context)).toMatchObject({ accepted: 0 });
  });

  test('nothing is compared with orders', async () => {
    const { log } = world(engine);
    const reconcile = createReconcile({ table: engine, log, isOpen: async () => false } as never);
    expect(await reconcile({}, { getRemainingTimeInMillis: () => 1_000_000 })).toEqual({ end: 'closed' });
  });
});

describe('closing', () => {
  test('happens once, and says since when', async () => {
    const first = await closeTable(engine, clock());
    time.now += 1_000;
    expect(await closeTable(engine, clock())).toEqual(first);
    expect(await openTable(engine, clock())).toMatchObject({ closed: false, since: time.now, id: first.id });
    expect(await closeTable(engine, clock())).not.toMatchObject({ id: first.id });
  });

  test('is refused under somebody else’s write', async () => {
    const first = await closeTable(engine, clock());
    await openTable(engine, clock());
    await expect(replaceClosing(engine, first, first)).rejects.toThrow(ClosingChanged);
  });
});
