import { describe, expect, test } from '@jest/globals';
import { clockOffset, judgeClock } from '../../handlers/server/clock-watch.ts';
import { type Job, nextTime, runJob } from '../../handlers/server/jobs.ts';
import { startLoop } from '../../handlers/server/loop.ts';
import { MemoryEngine } from '../../lib/table/memory.ts';
import type { OpenTable } from '../../lib/table/table.ts';
import { recordingLog } from '../middleware/support.ts';

const NOON = Date.UTC(2026, 0, 2, 12, 0, 30);

function servers(count: number) {
  const table = { client: new MemoryEngine(), name: 'memory' } as unknown as OpenTable;
  const time = { now: NOON, closed: false };
  const draining = new AbortController();
  const log = recordingLog();
  const tools = Array.from({ length: count }, (_, index) => ({
    ...{
      table,
      log,
      clock: () => time.now,
      owner: `server-${index}`,
      draining: draining.signal,
      isOpen: async () => !time.closed,
    },
  }));
  return { tools, time, draining, log };
}

const at = { minutes: [1, 5, 9, 13] };

describe('a timetable', () => {
  test('names the next time, never this one', () => {
    expect(new Date(nextTime(at, NOON)).toISOString()).toBe('2026-01-02T12:01:00.000Z');
    expect(nextTime(at, Date.UTC(2026, 0, 2, 12, 1))).toBe(Date.UTC(2026, 0, 2, 12, 5));
    expect(nextTime(at, Date.UTC(2026, 0, 2, 12, 13))).toBe(Date.UTC(2026, 0, 2, 13, 1));
    expect(nextTime({ minutes: [7], hours: [17] }, NOON)).toBe(Date.UTC(2026, 0, 2, 17, 7));
    expect(nextTime({ minutes: [7], hours: [11] }, NOON)).toBe(Date.UTC(2026, 0, 3, 11, 7));
  });
});

describe('a timed job', () => {
  test('is run by one of the servers, and by one again when it is due', async () => {
    const { tools, time } = servers(3);
    let runs = 0;
    const job: Job = { name: 'meter', at, limitMs: 60_000, run: async () => (runs += 1) };
    const round = () => Promise.all(tools.map((server) => runJob(server, job)));

    expect((await round()).filter(Boolean)).toHaveLength(1);
    expect((await round()).filter(Boolean)).toHaveLength(0);
    time.now = nextTime(at, NOON);
    expect((await round()).filter(Boolean)).toHaveLength(1);
    expect(runs).toBe(2);
  });

  test('is not run while the table is closed, and leaves no lease behind', async () => {
    const { tools, time } = servers(1);
    const [server] = tools;
    if (server === undefined) throw new Error('There is no server.');
    const job: Job = { name: 'meter', at, limitMs: 60_000, run: async () => {} };
    time.closed = true;
    expect(await runJob(server, job)).toBe(false);
    time.closed = false;
    expect(await runJob(server, job)).toBe(true);
  });

  test('that fails is one line in the log, and due again at its time', async () => {
    const { tools, time, log } = servers(1);
    const [server] = tools;
    if (server === undefined) throw new Error('There is no server.');
    const job: Job = { name: 'meter', at, limitMs: 600_000, run: async () => Promise.reject(new Error('broken')) };

    expect(await runJob(server, job)).toBe(true);
    expect(log.entries.filter(({ level }) => level === 'error')).toHaveLength(1);
    expect(await runJob(server, job)).toBe(false);
    time.now = nextTime(at, NOON);
    expect(await runJob(server, job)).toBe(true);
  });

  test('of a server that died is taken by another once its limit has passed', async () => {
    const { tools, time } = servers(2);
    const [dead, other] = tools;
    if (dead === undefined || other === undefined) throw new Error('There are no servers.');
    const job: Job = { name: 'meter', at, limitMs: 300_000, run: () => new Promise(() => {}) };
    void runJob(dead, job);
    await new Promise(setImmediate);

    const done: Job = { ...job, run: async () => {} };
    time.now += 299_000;
    expect(await runJob(other, done)).toBe(false);
    time.now += 2_000;
    expect(await runJob(other, done)).toBe(true);
  });

  test('has no time left while the server ends, and is due for the others at once', async () => {
    const { tools, draining } = servers(2);
    const [first, second] = tools;
    if (first === undefined || second === undefined) throw new Error('There are no servers.');
    let left = -1;
    const job: Job = {
      name: 'meter',
      at,
      limitMs: 300_000,
      run: async (context) => {
        draining.abort();
        left = context.getRemainingTimeInMillis();
      },
    };
    expect(await runJob(first, job)).toBe(true);
    expect(left).toBe(0);
    expect(await runJob(second, job)).toBe(true);
  });
});

describe('the clock', () => {
  const between = (table: number) => ({ now: async () => table });

  test('is ahead or behind only by what the round trip does not explain', async () => {
    const ticks = [1_000, 4_000];
    const clock = () => ticks.shift() ?? 0;
    expect(await clockOffset(between(2_000), clock)).toBe(0);
    expect(await clockOffset(between(2_000), () => 9_000)).toBe(7_000);
    expect(await clockOffset(between(9_000), () => 2_000)).toBe(-7_000);
  });

  test.each([
    [0, 'right'],
    [5_000, 'right'],
    [5_001, 'off'],
    [-5_001, 'off'],
    [50_000, 'off'],
    [-50_001, 'wrong'],
  ] as const)('that is %d ms beside the table’s is %s', (offset, judged) => {
    expect(judgeClock(offset)).toBe(judged);
  });
});

test('steps of a loop never overlap, and the last is waited for', async () => {
  let [running, most, ended] = [0, 0, 0];
  const loop = startLoop(
    () => 1,
    async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
      ended += 1;
    },
  );
  while (ended < 3) await new Promise((resolve) => setTimeout(resolve, 1));
  await loop.stop();
  expect([running, most]).toEqual([0, 1]);
});
