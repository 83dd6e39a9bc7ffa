import { describe, expect, test } from '@jest/globals';
import { REPEAT_MS } from '../../lib/alarms/delivery.ts';
import type { Message } from '../../lib/alarms/message.ts';
import { takeLease } from '../../lib/instances/job-lease.ts';
import { clearTrouble, markTrouble, type Trouble } from '../../lib/instances/trouble.ts';
import { readItem } from '../../lib/instances/write.ts';
import { keepRound } from '../../lib/reconcile/cursor.ts';
import { alarmWorld, HOUR, instance, MINUTE, NOW, waiting } from './support.ts';

const DAY = 24 * HOUR;
const of = (id: string) => ({ pk: `INSTANCE#demo#${id}`, sk: 'INSTANCE' });

describe('an alarm', () => {
  test('opens once, is repeated after twelve hours, and says when it closes', async () => {
    const w = alarmWorld();
    await w.put(instance('a', { ...waiting('provision', NOW), lastError: 'Error: down' }));
    expect(await w.look(9)).toEqual([]);
    expect(await w.look()).toEqual(['opened purchase-failing demo']);
    expect(await w.look()).toEqual([]);
    expect(await w.look(REPEAT_MS / MINUTE)).toEqual(['open purchase-failing demo']);
    await w.put(instance('a'));
    expect(await w.look()).toEqual(['closed purchase-failing demo']);
    expect(await w.look()).toEqual([]);
    const [opened] = w.messages;
    expect(opened?.subject.en).toBe('KooGate shop prod: NEW: Purchases have waited for ten minutes');
    expect(opened?.subject.zh).toContain('新告警');
    expect(opened?.text.en).toContain('  - a: Error: down');
    expect(w.messages.at(-1)?.text.en).toBe('[CLOSED] Purchases have waited for ten minutes (purchase-failing, demo)');
    await w.put(instance('a', waiting('provision', NOW)));
    expect(await w.look()).toEqual(['opened purchase-failing demo']);
  });

  test('takes together what belongs together, and a message what one look has brought', async () => {
    const w = alarmWorld();
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) await w.put(instance(id, waiting('renew', NOW)));
    await w.put(instance('x', waiting('provision', NOW, { requeuedAt: NOW + MINUTE })));
    expect(await w.look(30)).toEqual(['opened change-failing demo', 'opened purchase-failing demo']);
    expect(w.messages).toHaveLength(1);
    const [change] = w.messages[0]?.news ?? [];
    expect(change?.sighting).toMatchObject({ count: 7, since: NOW, about: { length: 5 } });
    expect(w.messages[0]?.subject.en).toMatch(/ \(\+1\)$/);
  });

  test('is told by the next look where nobody could be told', async () => {
    let isDown = true;
    const heard: string[] = [];
    const receivers = [
      {
        name: 'ops',
        send: async ({ news }: { readonly news: readonly { readonly turn: string }[] }) => {
          if (isDown) throw new Error('no mail');
          heard.push(...news.map(({ turn }) => turn));
        },
      },
    ];
    const w = alarmWorld({ receivers });
    await w.put(instance('a', waiting('provision', NOW)));
    await w.look(10);
    expect(w.log.entries).toContainEqual(
      expect.objectContaining({ message: 'A receiver could not be told of an alarm.' }),
    );
    isDown = false;
    await w.look();
    expect(heard).toEqual(['opened']);
    isDown = true;
    await w.put(instance('a'));
    await w.look();
    isDown = false;
    await w.look();
    expect(heard).toEqual(['opened', 'closed']);
  });

  test('is told to each receiver once, whoever else could not be told, and to nobody of less than he hears of', async () => {
    const down = new Set(['pager']);
    const heard: Record<string, string[]> = { ops: [], pager: [], boss: [] };
    const receiver = (name: string, from: 'info' | 'critical') => ({
      ...{ name, from },
      send: async ({ news }: Message) => {
        if (down.has(name)) throw new Error('HTTP 500');
        heard[name]?.push(...news.map(({ turn, sighting: { rule, group } }) => `${turn} ${rule} ${group}`.trim()));
      },
    });
    const w = alarmWorld({
      receivers: [receiver('ops', 'info'), receiver('pager', 'info'), receiver('boss', 'critical')],
    });
    await w.put(instance('a', waiting('renew', NOW)));
    await w.look(30);
    await w.look();
    expect(heard).toEqual({ ops: ['opened change-failing demo'], pager: [], boss: [] });
    await w.look();
    expect(heard.ops).toEqual(['opened change-failing demo', 'opened receiver-failing pager']);
    down.delete('pager');
    await w.look();
    expect(heard.pager).toEqual(['opened change-failing demo']);
    expect(heard.ops?.at(-1)).toBe('closed receiver-failing pager');
    down.add('pager');
    await w.put(instance('a'));
    await w.look();
    await w.look();
    expect(heard.ops?.slice(3)).toEqual(['closed change-failing demo']);
    await w.put(instance('a', waiting('renew', NOW)));
    await w.look();
    expect(heard.ops?.slice(4)).toEqual(['opened change-failing demo', 'opened receiver-failing pager']);
    await w.put(instance('a'));
    await w.look();
    await w.look(24 * 60); // nobody can be told of it any more
    await w.look();
    expect(await readItem(w.table, { pk: 'ALARM', sk: 'change-failing#demo' })).toHaveProperty('closedAt');
    expect(heard.ops?.at(-1)).toBe('open receiver-failing pager');
    down.delete('pager');
    await w.put(instance('b', waiting('provision', NOW)));
    await w.look();
    expect(heard.ops?.slice(-2)).toEqual(['opened purchase-failing demo', 'closed receiver-failing pager']);
    expect(heard.pager?.slice(1)).toEqual(['opened purchase-failing demo']);
    expect(heard.boss).toEqual(['opened purchase-failing demo']);
  });

  test('that a version before has told of is told to nobody again', async () => {
    const w = alarmWorld();
    const at = { pk: 'ALARM', rule: 'change-failing', group: 'demo', openedAt: NOW };
    await w.put({ ...at, sk: 'change-failing#demo', toldAt: NOW });
    await w.put({ ...at, sk: 'drift#', rule: 'drift', group: '' });
    await w.put(instance('a', waiting('renew', NOW)));
    expect(await w.look(31)).toEqual([]);
    await w.put(instance('a'));
    expect(await w.look()).toEqual(['closed change-failing demo']);
  });

  test('of a receiver that is no longer named closes', async () => {
    const w = alarmWorld();
    const told = { ops: NOW };
    await w.put({
      pk: 'ALARM',
      sk: 'receiver-failing#gone',
      rule: 'receiver-failing',
      group: 'gone',
      openedAt: NOW,
      told,
    });
    expect(await w.look()).toEqual(['closed receiver-failing gone']);
  });

  test('that nobody heard of closes in silence', async () => {
    const w = alarmWorld({ receivers: [{ name: 'ops', send: () => Promise.reject(new Error('no mail')) }] });
    await w.put(instance('a', waiting('provision', NOW)));
    await w.look(10);
    await w.put(instance('a'));
    await w.look();
    expect(await readItem(w.table, { pk: 'ALARM', sk: 'purchase-failing#demo' })).toMatchObject({
      closedAt: NOW + 11 * MINUTE,
    });
  });

  test('is looked at by one process at a time, and not while the table is moved', async () => {
    const w = alarmWorld();
    await w.put(instance('a', waiting('provision', NOW)));
    w.time.now += 10 * MINUTE;
    w.isOpen.current = false;
    expect(await w.alarms.look()).toBe(true);
    w.isOpen.current = true;
    await takeLease(w.table, 'alarms', { owner: 'third', now: w.time.now, until: w.time.now + 30_000 });
    expect(await w.alarms.look()).toBe(true);
    expect(w.messages).toEqual([]);
    w.time.now += 40_000;
    expect(await w.other.look()).toBe(true);
    expect(await w.alarms.look()).toBe(true);
    expect(w.messages).toHaveLength(1);
  });
});

describe('a process rings by itself', () => {
  test('to those who hear of that severity', async () => {
    const heard: string[] = [];
    const send = async () => void heard.push('rung');
    const w = alarmWorld({
      receivers: [
        { name: 'ops', from: 'critical', send },
        { name: 'chat', send },
      ],
    });
    await w.alarms.own('clock', 'off');
    expect(heard).toHaveLength(2);
    w.time.now += 10 * MINUTE;
    await w.alarms.own('set-aside', 'x');
    expect(heard).toHaveLength(3);
  });

  test('when the table fails twice in a row, and says when it is back', async () => {
    const w = alarmWorld();
    w.faults.next = () => {
      throw new Error('gone');
    };
    expect(await w.alarms.look()).toBe(false);
    expect(await w.look()).toEqual(['opened table-unreachable ']);
    expect(await w.look()).toEqual([]);
    delete w.faults.next;
    expect(await w.look()).toEqual(['closed table-unreachable ']);
    w.faults.next = () => {
      throw 'gone';
    };
    await w.look();
    expect(await w.look()).toEqual([]); // at most once in ten minutes
    delete w.faults.next;
    expect(await w.look()).toEqual([]);
    w.faults.next = () => {
      throw 'gone';
    };
    await w.look(10);
    expect(await w.look()).toEqual(['opened table-unreachable ']);
    expect(await w.look(REPEAT_MS / MINUTE)).toEqual(['open table-unreachable ']);
  });

  test('for its own clock', async () => {
    const w = alarmWorld();
    await w.alarms.own('clock', undefined);
    await w.alarms.own('clock', 'off');
    await w.alarms.own('clock', 'off');
    await w.alarms.own('clock', undefined);
    expect(w.messages.map(({ news }) => news[0]?.turn)).toEqual(['opened', 'closed']);
  });

  test('again, where nobody could be told', async () => {
    const w = alarmWorld({ receivers: [{ name: 'ops', send: () => Promise.reject(new Error('no mail')) }] });
    await w.alarms.own('clock', 'off');
    w.time.now += 10 * MINUTE;
    await w.alarms.own('clock', 'off');
    const said = w.log.entries.filter(({ message }) => message === 'An alarm is open.');
    expect(said).toHaveLength(2);
  });
});

describe('found in the table', () => {
  test('changes that were set aside, until they are queued again', async () => {
    const w = alarmWorld();
    await w.put(instance('a', { failed: { c: { id: 'c', kind: 'renew', reason: 'refused' } } }));
    await markTrouble(w.table, of('a'), { kind: 'set-aside', now: NOW });
    expect(await w.look()).toEqual(['opened set-aside demo']);
    expect(w.messages[0]?.text.en).toContain('INSTANCE#demo#a: refused');
    await w.put(instance('a'));
    expect(await w.look(11)).toEqual(['closed set-aside demo']);
    const mark = { pk: `TROUBLE#${of('a').pk}`, sk: 'set-aside#INSTANCE' };
    expect(await readItem(w.table, mark)).not.toHaveProperty('dueShard');
    await markTrouble(w.table, of('a'), { kind: 'set-aside', now: w.time.now });
    expect(await readItem(w.table, mark)).toHaveProperty('dueShard', 16);
    const old = { ...mark, kind: 'set-aside', product: 'demo', of: of('a'), dueAt: NOW } as Trouble;
    await clearTrouble(w.table, old, w.time.now); // it was renewed since
    expect(await readItem(w.table, mark)).toHaveProperty('dueShard', 16);
  });

  test('a mark whose item has not been written yet is kept for ten minutes', async () => {
    const w = alarmWorld();
    await markTrouble(w.table, of('a'), { kind: 'set-aside', now: NOW });
    expect(await w.look()).toEqual([]);
    const mark = { pk: `TROUBLE#${of('a').pk}`, sk: 'set-aside#INSTANCE' };
    expect(await readItem(w.table, mark)).toHaveProperty('dueShard', 16);
    await w.look(10);
    expect(await readItem(w.table, mark)).not.toHaveProperty('dueShard');
  });

  test('events that leave nothing behind, for a day', async () => {
    const w = alarmWorld();
    await markTrouble(w.table, of('a'), { kind: 'early-freeze', now: NOW });
    await markTrouble(w.table, of('b'), { kind: 'unsettled-release', now: NOW });
    expect(await w.look()).toEqual(['opened early-freeze demo', 'opened unsettled-release demo']);
    expect(await w.look(DAY / MINUTE)).toEqual(['closed early-freeze demo', 'closed unsettled-release demo']);
  });

  test('usage that is late, held, refused, or adopted by nothing', async () => {
    const w = alarmWorld();
    const record = (id: string, members: object) => ({
      ...{ pk: `USAGE#demo#${id}`, sk: '20260318T000000Z#20260318T010000Z', type: 'usage-record', product: 'demo' },
      ...{ instanceId: id, state: 'due', revision: 0, storedAt: NOW, dueShard: 9, dueAt: NOW },
      ...members,
    });
    await w.put(record('late', { reason: 'busy' }));
    await w.put(record('held', { held: 2, dueAt: NOW + 5 * HOUR }));
    await w.put(record('fresh', { storedAt: NOW + 80 * MINUTE, dueAt: NOW + 80 * MINUTE }));
    await w.put(record('again', { storedAt: NOW - DAY, dueAt: NOW + 5 * HOUR }));
    await w.put({ pk: 'USAGE#demo#written', sk: '20260318T000000Z#20260318T010000Z', value: 1, dueShard: 8, dueAt: 0 });
    await w.put({ pk: 'USAGE', sk: 'nonsense', value: 1, dueShard: 8, dueAt: 0 });
    await w.put({ pk: 'USAGE#demo#new', sk: '20260318T010000Z#20260318T020000Z', value: 1, dueShard: 8, dueAt: 0 });
    const refused = record('refused', { state: 'rejected' });
    const { dueShard: _, dueAt: __, ...ended } = refused;
    await w.put(ended);
    await markTrouble(w.table, refused, { kind: 'usage-refused', now: NOW });
    expect((await w.look(2 * 60)).sort()).toEqual([
      'opened usage-late demo',
      'opened usage-refused demo',
      'opened usage-unadopted ',
      'opened usage-unadopted demo',
    ]);
    const counts = w.messages[0]?.news.map(({ sighting: { rule, group, count } }) => [rule, group, count]);
    expect(counts).toContainEqual(['usage-late', 'demo', 2]);
    expect(counts).toContainEqual(['usage-refused', 'demo', 2]);
  });

  test('instances that differ from their orders, from one finished round to the next', async () => {
    const w = alarmWorld();
    const round = { startedAt: NOW, checked: 3, found: 2, repaired: 0 };
    await keepRound(w.table, round);
    expect(await w.look()).toEqual([]);
    await keepRound(w.table, { ...round, finishedAt: NOW });
    expect(await w.look()).toEqual(['opened drift ']);
    await keepRound(w.table, { startedAt: NOW + DAY, checked: 0, found: 0, repaired: 0 });
    expect(await w.look()).toEqual([]);
    await keepRound(w.table, { startedAt: NOW + DAY, checked: 3, found: 2, repaired: 2, finishedAt: NOW + DAY });
    expect(await w.look()).toEqual(['closed drift ']);
  });

  test('failed orders of the month, refused ones too, whose instances are still not there', async () => {
    const w = alarmWorld();
    const failed = { state: 'FAILED', failed: { c: { id: 'c', kind: 'provision', reason: 'down' } } };
    for (const id of ['a', 'b', 'c', 'd']) await w.put(instance(id, failed));
    await markTrouble(w.table, of('a'), { kind: 'set-aside', now: NOW - 20 * DAY, purchase: 'failed' }); // last month
    await markTrouble(w.table, of('b'), { kind: 'set-aside', now: NOW, purchase: 'refused' });
    await markTrouble(w.table, of('c'), { kind: 'set-aside', now: NOW, purchase: 'failed' });
    expect(await w.look()).toEqual(['opened set-aside demo']);
    await markTrouble(w.table, of('d'), { kind: 'set-aside', now: NOW, purchase: 'failed' });
    expect(await w.look()).toEqual(['opened delisting demo orders']);
  });

  test('failed orders behind more marks than one look reads', async () => {
    const w = alarmWorld();
    const failed = { state: 'FAILED', failed: { c: { id: 'c', kind: 'provision', reason: 'down' } } };
    for (let index = 0; index < 203; index += 1) {
      const at = NOW - (index < 200 ? 30 * DAY : 0);
      await w.put(instance(`i-${index}`, failed));
      await markTrouble(w.table, of(`i-${index}`), { kind: 'set-aside', now: at, purchase: 'failed' });
    }
    expect(await w.look()).toEqual(['opened set-aside demo', 'opened delisting demo orders']);
  });
});
