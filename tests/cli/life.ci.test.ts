import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { repeatsOf, scheduleOf } from '../../scripts/cli/life/retries.ts';
import { longestRun, sanctionsOf, worstMonth } from '../../scripts/cli/life/sanctions.ts';
import { rsaPair } from '../support/rsa.ts';
import { keyArguments, koogate } from './desk.ts';
import { act } from './reference/act.ts';
import { KEYS, referenceSettings, startServer } from './reference/server.ts';
import type { Settings } from './reference/settings.ts';

const pair = rsaPair();
const publicKey = join(mkdtempSync(join(tmpdir(), 'koogate-life-')), 'public.pem');
writeFileSync(publicKey, pair.publicKey.export({ type: 'spki', format: 'pem' }));

interface Report {
  readonly good: boolean;
  readonly failedOrders: number;
  readonly failedDays: number;
  readonly leftUndone: number;
  readonly sanctions: string[];
  readonly happenings: { what: string; activity: string; code: string; at: number; good: boolean }[];
}

/** A year passes in a third of a second. */
const FAST = ['--speed', '86400000', '--loss', '0'];

async function life(settings: Partial<Settings>, ...args: string[]) {
  const server = await startServer(referenceSettings({ privateKey: pair.privateKey, ...settings }));
  try {
    const common = ['--at', server.at, '--public-key', publicKey, '--json', ...keyArguments(KEYS)];
    const ran = await koogate(['simulate', 'life', ...common, ...FAST, ...args]);
    return { ...ran, report: JSON.parse(ran.out) as Report, instances: server.settings.instances };
  } finally {
    await server.close();
  }
}

/** The server's answer to a real newInstance depends on how often it came. */
const creating = (answer: (times: number) => 'act' | { resultCode: string; instanceId?: string }): Settings['act'] => {
  let times = 0;
  return (activity, ...rest) => {
    if (activity !== 'newInstance') return act(activity, ...rest);
    times += 1;
    const given = answer(times);
    return given === 'act' ? act(activity, ...rest) : given;
  };
};

/** Moments of a purchase's first day at which it was delivered; the second of two deliveries at once is left out. */
const triesOf = ({ happenings }: Report) =>
  happenings
    .filter(({ what, activity, at }) => activity === 'newInstance' && what !== 'twin' && at < 86_400_000)
    .map(({ at }) => at);

describe('koogate simulate life', () => {
  test.each([
    ['saas-v2', 'period'],
    ['saas-v2', 'trial'],
    ['saas-v2', 'once'],
    ['saas-v2', 'on-demand'],
    ['joint', 'period'],
    ['saas-v1', 'period'],
    ['license-2', 'period'],
    ['license-online', 'period'],
    ['order-notify', 'period'],
    ['maas', 'on-demand'],
  ])('a right server lives through %s, %s', async (family, charging) => {
    const { code, report, instances } = await life({}, '--family', family, '--charging', charging, '--no-dial-tests');
    expect(report.happenings.find(({ good }) => !good)).toBeUndefined();
    expect(report).toMatchObject({ good: true, sanctions: [] });
    expect([...instances.values()].every(({ state }) => state === 'RELEASED')).toBe(true);
    expect(code).toBe(0);
  });

  test('a right server passes every dial test', async () => {
    let asked = 0;
    const { report } = await life(
      {
        delay: (activity) => {
          asked += Number(activity === 'releaseInstance');
          return 0;
        },
      },
      '--charging',
      'once',
    );
    expect(report).toMatchObject({ good: true, failedDays: 0 });
    expect(asked).toBe(13 * 2 * 2 + 2);
  });

  test('lost answers bring the call again, and make no second instance', async () => {
    const { report, instances } = await life({}, '--loss', '0.5', '--seed', '3', '--purchases', '3', '--no-dial-tests');
    expect(report.happenings.some(({ what }) => what === 'lost')).toBe(true);
    expect(report.good).toBe(true);
    expect(instances.size).toBe(3 * 2);
  });

  test('a creation in work is polled until it is ready', async () => {
    let polls = 0;
    const settings: Partial<Settings> = {
      act: (activity, ...rest) => {
        const reply = act(activity, ...rest);
        if (activity === 'newInstance') return { ...reply, resultCode: '000004' } as typeof reply;
        polls += activity === 'queryInstance' ? 1 : 0;
        return activity === 'queryInstance' && polls < 3 ? { resultCode: '000004' } : reply;
      },
    };
    const { report } = await life(settings, '--charging', 'once');
    expect(report.happenings.find(({ what }) => what === 'poll')).toMatchObject({ code: '000000', good: true });
    expect(report.good).toBe(true);
  });

  test('a creation that fails at first comes again by the schedule and succeeds', async () => {
    const { report } = await life(
      { act: creating((times) => (times <= 4 ? { resultCode: '000005' } : 'act')) },
      '--charging',
      'once',
    );
    expect(triesOf(report).map((at) => at / 60_000)).toEqual([0, 2, 4, 6]);
    expect(report.good).toBe(true);
  });

  test('hourly retries are three, then the order is given up and unsubscribed', async () => {
    const settings = { act: creating(() => ({ resultCode: '000004' })) };
    const { report, code } = await life(
      { act: creating(() => ({ resultCode: '000005' })) },
      '--charging',
      'once',
      '--retries',
      'hourly',
    );
    expect(triesOf(report).map((at) => at / 3_600_000)).toEqual([0, 1, 2, 3]);
    expect(report).toMatchObject({ failedOrders: 1, good: false });
    expect(code).toBe(1);
    expect(
      (await life(settings, '--charging', 'once', '--no-dial-tests', '--retries', 'hourly')).report.failedOrders,
    ).toBe(1);
  });

  test('six failed orders mean delisting', async () => {
    const { report } = await life(
      { act: creating(() => ({ resultCode: '000100' })) },
      '--charging',
      'once',
      '--purchases',
      '6',
      '--retries',
      'hourly',
      '--no-dial-tests',
    );
    expect(report).toMatchObject({ failedOrders: 6, sanctions: ['delisting'] });
  });

  test('dial tests that fail five days running freeze the trade', async () => {
    const { report } = await life({ debug: () => ({ resultCode: '000003' }) }, '--charging', 'once');
    expect(report.failedDays).toBeGreaterThanOrEqual(5);
    expect(report.sanctions).toEqual(['trading-frozen']);
  });

  test('an answer that is late counts as failed', async () => {
    const { report } = await life(
      { delay: (activity) => (activity === 'queryInstance' ? 120 : 0) },
      '--charging',
      'once',
      '--limit',
      '60',
      '--no-dial-tests',
    );
    expect(report.happenings.find(({ activity }) => activity === 'queryInstance')).toMatchObject({
      code: 'time-out',
      good: false,
    });
    expect(report.leftUndone).toBe(1);
  });

  test('a renewal that fails is repeated for two hours and then restarted by hand', async () => {
    let renewals = 0;
    const settings: Partial<Settings> = {
      act: (activity, ...rest) => {
        if (activity !== 'refreshInstance') return act(activity, ...rest);
        renewals += 1;
        return renewals <= 61 ? { resultCode: '000005' } : act(activity, ...rest);
      },
    };
    const { report } = await life(settings, '--charging', 'trial', '--no-dial-tests');
    expect(report.happenings.filter(({ what }) => what === 'repeat')).toHaveLength(60);
    expect(report.happenings.find(({ what }) => what === 'restart')).toMatchObject({ good: true });
    expect(report.leftUndone).toBe(0);
  });

  test('shows a person a timeline in their language, and spares other machines', async () => {
    const server = await startServer(referenceSettings());
    const { out } = await koogate([
      'simulate',
      'life',
      '--at',
      server.at,
      '--charging',
      'once',
      '--lang',
      'zh',
      ...keyArguments(KEYS),
      ...FAST,
    ]);
    await server.close();
    expect(out).toContain('newInstance → 000000');
    expect(out).toContain('云商店无可挑剔。');
    const { notes, code } = await koogate([
      'simulate',
      'life',
      '--at',
      'https://seller.example.com',
      '--key',
      'base=1',
    ]);
    expect(notes).toContain('say --real');
    expect(code).toBe(2);
  });
});

describe('schedules and sanctions', () => {
  test('retry tables are those of the documents', () => {
    const count = (...call: Parameters<typeof scheduleOf>) => repeatsOf(scheduleOf(...call)).length;
    expect(count('saas-v2', 'newInstance', 'hourly')).toBe(3);
    expect(count('saas-v2', 'newInstance', 'two-minutes')).toBe(60);
    expect(count('saas-v2', 'upgradeInstance', 'hourly')).toBe(0);
    expect(count('saas-v1', 'newInstance', 'two-minutes')).toBe(3);
    expect(count('saas-v1', 'expireInstance', 'hourly')).toBe(30);
    expect(count('license-2', 'releaseLicenseCode', 'hourly')).toBe(60);
    expect(count('kit-v2', 'tenantSync', 'hourly')).toBe(0);
  });

  test('a run of days is counted whatever the order and the repeats', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 50 }),
        fc.integer({ min: 1, max: 10 }),
        fc.array(fc.integer({ min: 100, max: 200 })),
        (from, length, others) => {
          const run = Array.from({ length }, (_, index) => from + index);
          const sparse = others.map((day) => day * 2);
          const days = [...sparse, ...run, ...run].sort(() => 0.5 - from / 100);
          expect(longestRun(days)).toBe(Math.max(length, sparse.length > 0 ? 1 : 0));
        },
      ),
    );
  });

  test('orders count within any thirty days', () => {
    const day = 86_400_000;
    expect(worstMonth([0, 29 * day, 30 * day])).toBe(2);
    expect(sanctionsOf({ failedDays: [1, 2, 3, 4], failedOrders: [1, 2, 3, 4, 5] })).toEqual([]);
    expect(sanctionsOf({ failedDays: [1, 2, 3, 4, 5], failedOrders: [1, 2, 3, 4, 5, 6] })).toEqual([
      'trading-frozen',
      'delisting',
    ]);
  });
});
