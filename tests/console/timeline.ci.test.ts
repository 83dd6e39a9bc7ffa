import { afterEach, describe, expect, test } from '@jest/globals';
import { recordAlone } from '../../lib/operations/record-action.ts';
import type { Seller } from '../../lib/seller/contract.ts';
import { clearRehearsals } from '../../scripts/console/clear.ts';
import { listSubjects } from '../../scripts/console/table-items.ts';
import { readTimeline, type SentCall } from '../../scripts/console/timeline.ts';
import { freshOrderId, isRehearsal } from '../../scripts/marketplace/calls/subject.ts';
import { type Installation, startInstallation } from '../support/installation.ts';

let installation: Installation;
afterEach(() => installation.stop());

/** A seller whose next attempts go wrong as told. */
function faultySeller(faults: ('broken' | 'failed')[]): Seller {
  const next = async () => {
    const fault = faults.shift();
    if (fault === 'broken') throw new Error('the database is away');
    if (fault === 'failed') return { failed: { reason: 'the licence server says no' } };
    return undefined;
  };
  return {
    async provision() {
      await next();
      return { access: { frontEndUrl: 'https://acme.example.com', userName: 'owner', password: 'Initial-1234' } };
    },
    renew: next,
    freeze: next,
    unfreeze: next,
    upgrade: next,
    release: async () => {},
  } as Seller;
}

const buy = { activity: 'newInstance', orderId: 'CS1', orderLineId: 'CS1-000001' };

async function timeline(calls: SentCall[] = []) {
  const [subject] = await listSubjects(installation.engine.table, 'demo');
  if (subject === undefined) throw new Error('There is no instance.');
  const found = await readTimeline(installation.engine.table, subject.key, calls);
  if (found === undefined) throw new Error('There is no timeline.');
  return found;
}

describe('the timeline of an instance', () => {
  test('tells of the purchase, what waits, its retries with their reasons, and its end', async () => {
    installation = await startInstallation({ demo: { seller: faultySeller(['broken']) } });
    const { json } = await installation.call(buy);
    const [subject] = await listSubjects(installation.engine.table, 'demo');
    expect(subject).toMatchObject({ id: json.instanceId, kind: 'instance', state: 'PENDING', waiting: 1, setAside: 0 });
    expect((await timeline()).events).toMatchObject([
      { what: 'accepted', change: 'provision', orderId: 'CS1' },
      { what: 'next', attempts: 0 },
    ]);

    await installation.sweep();
    const waiting = (await timeline()).events.find(({ what }) => what === 'next');
    expect(waiting).toMatchObject({ attempts: 1, reason: expect.stringContaining('the database is away') });
    expect(waiting?.at).toBeGreaterThan(installation.time.now);

    await installation.call({ activity: 'updateInstanceStatus', instanceId: json.instanceId, status: 'FREEZE' });
    const behind = (await timeline()).events.filter(({ change }) => change === 'freeze');
    expect(behind.map(({ what }) => what)).toEqual(['accepted']);

    installation.time.now += 60_000;
    await installation.sweep();
    const { subject: done, events } = await timeline();
    expect(done).toMatchObject({ state: 'FROZEN', waiting: 0 });
    expect(events.filter(({ change }) => change !== 'freeze')).toMatchObject([
      { what: 'accepted', change: 'provision' },
      { what: 'done', change: 'provision', attempts: 2, at: installation.time.now },
      { what: 'expires' },
    ]);
  });

  test('tells of a change that failed for good, with its reason, and that it was set aside', async () => {
    const faults: 'failed'[] = [];
    installation = await startInstallation({ demo: { seller: faultySeller(faults) } });
    const { json } = await installation.call(buy);
    await installation.sweep();
    faults.push('failed');
    installation.time.now += 1_000;
    const renewal = {
      activity: 'refreshInstance',
      scene: 'RENEWAL',
      orderId: 'CS2',
      orderLineId: 'CS2-000001',
      expireTime: '20991231000000',
    };
    await installation.call({ ...renewal, instanceId: json.instanceId });
    await installation.sweep();
    const { subject, events } = await timeline();
    expect(subject.setAside).toBe(1);
    expect(events.filter(({ what }) => what === 'failed')).toMatchObject([
      { change: 'renew', reason: expect.stringContaining('the licence server says no') },
    ]);
    expect(events.filter(({ what, change }) => what === 'accepted' && change === 'renew')).toHaveLength(1);
    const action = { action: 'show', by: 'li', at: 1, key: 'a'.repeat(32) };
    await recordAlone(installation.engine.table, subject.key, action);
    expect((await timeline()).events).toEqual(events); // what operators do is no change
  });

  test('puts in the calls that were sent from here, of this instance alone', async () => {
    installation = await startInstallation({ demo: { seller: faultySeller([]) } });
    const { json } = await installation.call(buy);
    const call = { at: 1, product: 'demo', activity: 'newInstance', code: '000004', milliseconds: 9 };
    const { events } = await timeline([
      { ...call, instanceId: String(json.instanceId) },
      { ...call, instanceId: 'another' },
    ]);
    expect(events.filter(({ what }) => what === 'called')).toEqual([
      { at: 1, what: 'called', change: 'newInstance', code: '000004', milliseconds: 9 },
    ]);
  });

  test('lets rehearsals be cleared, each once it has nothing to carry out, and leaves everything else', async () => {
    installation = await startInstallation({ demo: { seller: faultySeller([]) } });
    const { table } = installation.engine;
    await installation.call(buy);
    await installation.call({ ...buy, orderId: freshOrderId(installation.time.now, 'CHAOS') });
    const clear = () => clearRehearsals(table, 'demo', installation.time.now);
    expect(await clear()).toEqual({ cleared: 0, busy: 1 });
    await installation.sweep();
    expect(await clear()).toEqual({ cleared: 1, busy: 0 });
    expect(await listSubjects(table, 'demo')).toMatchObject([{ state: 'ACTIVE' }]);
    expect(await clear()).toEqual({ cleared: 0, busy: 0 });
    expect(isRehearsal(buy.orderId)).toBe(false);
  });

  test('gives out nothing sealed and nothing of the buyer, and lists only what belongs to the product', async () => {
    installation = await startInstallation({ demo: { seller: faultySeller([]) }, other: { seller: faultySeller([]) } });
    await installation.call(buy);
    await installation.sweep();
    const told = JSON.stringify([await listSubjects(installation.engine.table, 'demo'), await timeline()]);
    expect(told).not.toMatch(/eyJ|13800000000|buyer@example|Initial-1234|acme\.example/);
    expect(await listSubjects(installation.engine.table, 'other')).toEqual([]);
  });
});
