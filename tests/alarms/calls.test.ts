import { describe, expect, test } from '@jest/globals';
import type { Observation } from '../../lib/alarms/observations.ts';
import { type AlarmWorld, alarmWorld, MINUTE } from './support.ts';

const DAY_MIN = 24 * 60;

async function count(w: AlarmWorld, observation: Omit<Observation, 'product'>, times = 1): Promise<void> {
  for (let time = 0; time < times; time += 1) w.counts.count({ product: 'demo', ...observation });
  await w.counts.flush();
}

const proven = (resultCode: string, more: object = {}) => ({
  proven: { isTest: false, resultCode, key: 'base_0_abc123', milliseconds: 20, ...more },
});

describe('seen in the calls', () => {
  test('keys that cannot be read, for a quarter of an hour after the last call', async () => {
    const w = alarmWorld();
    await count(w, { unproven: 'keys-gone' });
    expect(await w.look()).toEqual(['opened keys-unavailable demo']);
    expect(await w.look(15)).toEqual(['closed keys-unavailable demo']);
  });

  test('three calls with a wrong key within six hours', async () => {
    const w = alarmWorld();
    await count(w, { unproven: 'wrong-key' }, 2);
    await count(w, { unproven: 'other' }, 9);
    expect(await w.look()).toEqual([]);
    w.time.now += 4 * 60 * MINUTE;
    await count(w, { unproven: 'wrong-key' });
    expect(await w.look()).toEqual(['opened wrong-key demo']);
  });

  test('a refused call of the marketplace by its code, and three internal errors', async () => {
    const w = alarmWorld();
    await count(w, proven('000000'));
    await count(w, proven('000004'), 9);
    await count(w, proven('000100'), 9); // the seller's own decision
    await count(w, proven('000005'), 2);
    expect(await w.look()).toEqual([]);
    await count(w, proven('000003'));
    await count(w, proven('000005'));
    expect(await w.look()).toEqual(['opened call-refused demo 000003', 'opened call-refused demo 000005']);
    expect(await w.look(150)).toEqual(['closed call-refused demo 000003', 'closed call-refused demo 000005']);
  });

  test('a refused dial test, and two days of them', async () => {
    const w = alarmWorld({ onSale: false });
    await count(w, proven('000002', { isTest: true }));
    expect(await w.look()).toEqual(['opened dial-test-refused demo 000002']);
    await w.look(DAY_MIN);
    await count(w, proven('000002', { isTest: true }));
    expect(await w.look()).toEqual(['opened dial-test-refused demo 000002', 'opened delisting demo dial tests']);
    expect(await w.look(DAY_MIN)).toContain('closed dial-test-refused demo 000002');
    expect(await w.look(DAY_MIN)).toContain('closed delisting demo dial tests');
  });

  test('three slow answers, for a quarter of an hour', async () => {
    const w = alarmWorld();
    await count(w, proven('000000', { milliseconds: 3_000 }), 5);
    await count(w, proven('000000', { milliseconds: 3_001 }), 2);
    expect(await w.look()).toEqual([]);
    await count(w, proven('000000', { milliseconds: 4_000 }));
    expect(await w.look()).toEqual(['opened slow-answers demo']);
    expect(await w.look(15)).toEqual(['closed slow-answers demo']);
  });

  test('silence after fourteen hours, for as long as it lasts, and not of what is not on sale', async () => {
    const [w, off] = [alarmWorld(), alarmWorld({ onSale: false })];
    for (const one of [w, off]) await count(one, proven('000000', { isTest: true }));
    expect(await w.look(14 * 60 - 1)).toEqual([]);
    expect(await w.look()).toEqual(['opened silent demo']);
    expect(await off.look(14 * 60)).toEqual([]);
    for (let day = 0; day < 7; day += 1) expect(await w.look(DAY_MIN)).not.toContain('closed silent demo');
    await count(w, proven('000000'));
    expect(await w.look()).toEqual(['closed silent demo']);
  });

  test('two sweeps that found what something else should have woken', async () => {
    const w = alarmWorld();
    await w.alarms.notWoken(['demo', 'demo']);
    expect(await w.look()).toEqual([]);
    await w.alarms.notWoken(['demo']);
    expect(await w.look()).toEqual(['opened not-woken demo']);
  });
});
