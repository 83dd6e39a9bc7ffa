import { describe, expect, test } from '@jest/globals';
import type { Observation } from '../../lib/alarms/observations.ts';
import { RULES, type RuleId } from '../../lib/alarms/rules.ts';
import { markTrouble, type Trouble } from '../../lib/instances/trouble.ts';
import { keepRound } from '../../lib/reconcile/cursor.ts';
import { type AlarmWorld, alarmWorld, HOUR, instance, NOW, waiting } from './support.ts';

/** A day on which a rule must ring, and the same day without what it rings for. */
interface Day {
  readonly cause: (w: AlarmWorld) => unknown;
  readonly without: (w: AlarmWorld) => unknown;
  /** Minutes until the look that decides; 1 unless told. */
  readonly minutes?: number;
}

const DAY = 24 * HOUR;
const of = (id: string) => ({ pk: `INSTANCE#demo#${id}`, sk: 'INSTANCE', product: 'demo' });

const calls = (observation: Omit<Observation, 'product'>, times: number) => async (w: AlarmWorld) => {
  for (let time = 0; time < times; time += 1) w.counts.count({ product: 'demo', ...observation });
  await w.counts.flush();
};
const proven = (resultCode: string, more: object = {}): Omit<Observation, 'product'> => ({
  proven: { isTest: false, resultCode, key: 'base_0_abc123', milliseconds: 20, ...more },
});
const put =
  (...items: readonly object[]) =>
  async (w: AlarmWorld) => {
    for (const item of items) await w.put(item);
  };
const marked =
  (id: string, kind: Trouble['kind'], at = NOW) =>
  (w: AlarmWorld) =>
    markTrouble(w.table, of(id), { kind, now: at });
const failedOrders = (count: number) => async (w: AlarmWorld) => {
  for (let id = 0; id < count; id += 1) {
    const failed = { c: { id: 'c', kind: 'provision', reason: 'down' } };
    await w.put(instance(String(id), { state: 'FAILED', failed }));
    await markTrouble(w.table, of(String(id)), { kind: 'set-aside', now: NOW, purchase: 'failed' });
  }
};
const record = (members: object) => ({
  ...{ pk: 'USAGE#demo#a', sk: '20260318T000000Z#20260318T010000Z', type: 'usage-record', product: 'demo' },
  ...{ instanceId: 'a', state: 'due', revision: 0, storedAt: NOW },
  ...members,
});
const written = (begin: string, end: string) =>
  put({ pk: 'USAGE#demo#a', sk: `${begin}#${end}`, value: 1, dueShard: 8, dueAt: 0 });
const sweeps = (count: number) => async (w: AlarmWorld) => {
  for (let sweep = 0; sweep < count; sweep += 1) await w.alarms.notWoken(['demo']);
};
const round = (repaired: number) => (w: AlarmWorld) =>
  keepRound(w.table, { startedAt: NOW, checked: 3, found: 2, repaired, finishedAt: NOW });
const setAside = { failed: { c: { id: 'c', kind: 'renew', reason: 'refused' } } };

const DAYS: Readonly<Record<RuleId, Day>> = {
  'keys-unavailable': { cause: calls({ unproven: 'keys-gone' }, 1), without: calls({ unproven: 'other' }, 9) },
  'wrong-key': { cause: calls({ unproven: 'wrong-key' }, 3), without: calls({ unproven: 'wrong-key' }, 2) },
  'call-refused': { cause: calls(proven('000002'), 1), without: calls(proven('000100'), 9) },
  'dial-test-refused': {
    cause: calls(proven('000003', { isTest: true }), 1),
    without: calls(proven('000000', { isTest: true }), 9),
  },
  'slow-answers': {
    cause: calls(proven('000000', { milliseconds: 3_001 }), 3),
    without: calls(proven('000000', { milliseconds: 3_000 }), 3),
  },
  'purchase-failing': {
    cause: put(instance('a', waiting('provision', NOW))),
    without: put(instance('a')),
    minutes: 10,
  },
  'change-failing': { cause: put(instance('a', waiting('renew', NOW))), without: put(instance('a')), minutes: 30 },
  'set-aside': {
    cause: async (w) => {
      await w.put(instance('a', setAside));
      await marked('a', 'set-aside')(w);
    },
    without: async (w) => {
      await w.put(instance('a'));
      await marked('a', 'set-aside')(w);
    },
  },
  'not-woken': { cause: sweeps(2), without: sweeps(1) },
  silent: {
    cause: calls(proven('000000'), 1),
    without: async (w) => {
      await calls(proven('000000'), 1)(w);
      w.time.now += HOUR; // the call that comes
      await calls(proven('000000'), 1)(w);
      w.time.now -= HOUR;
    },
    minutes: 14 * 60,
  },
  delisting: { cause: failedOrders(3), without: failedOrders(2) },
  'usage-late': {
    cause: put(record({ dueShard: 9, dueAt: NOW })),
    without: put(record({ state: 'accepted' })),
    minutes: 75,
  },
  'usage-refused': {
    cause: async (w) => {
      await w.put(record({ state: 'rejected' }));
      await markTrouble(w.table, record({}) as never, { kind: 'usage-refused', now: NOW });
    },
    without: async (w) => {
      await w.put(record({ state: 'accepted' }));
      await markTrouble(w.table, record({}) as never, { kind: 'usage-refused', now: NOW });
    },
  },
  'usage-unadopted': {
    cause: written('20260317T200000Z', '20260317T220000Z'), // three hours ago
    without: written('20260317T230000Z', '20260318T003000Z'),
  },
  'early-freeze': { cause: marked('a', 'early-freeze'), without: marked('a', 'early-freeze', NOW - DAY) },
  'unsettled-release': {
    cause: marked('a', 'unsettled-release'),
    without: marked('a', 'unsettled-release', NOW - DAY),
  },
  drift: { cause: round(0), without: round(2) },
  'table-unreachable': {
    cause: async (w) => {
      w.faults.next = () => {
        throw new Error('gone');
      };
      await w.alarms.look();
    },
    without: (w) => w.alarms.look(),
  },
  'receiver-failing': {
    cause: async (w) => {
      w.faults.pager = () => {
        throw new Error('HTTP 500');
      };
      await w.put(instance('a', waiting('renew', NOW)));
      await w.look(30);
      await w.look();
    },
    without: async (w) => {
      await w.put(instance('a', waiting('renew', NOW)));
      await w.look(30);
      await w.look();
    },
  },
  clock: { cause: (w) => w.alarms.own('clock', 'off'), without: (w) => w.alarms.own('clock', undefined) },
};

describe.each(Object.keys(RULES) as RuleId[])('the rule %s', (rule) => {
  const { cause, without, minutes = 1 } = DAYS[rule];
  const opened = async (day: Day['cause']) => {
    const w = alarmWorld();
    await day(w);
    await w.look(minutes);
    return w.messages
      .flatMap(({ news }) => news)
      .filter(({ turn, sighting }) => turn === 'opened' && sighting.rule === rule);
  };

  test('rings for its cause', async () => {
    expect(await opened(cause)).not.toEqual([]);
  });

  test('is quiet on the same day without it', async () => {
    expect(await opened(without)).toEqual([]);
  });
});
