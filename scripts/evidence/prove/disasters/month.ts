import type { News } from '../../../../lib/alarms/message.ts';
import { defineProducts } from '../../../../lib/config/products.ts';
import { keys } from '../../../../lib/instances/keys.ts';
import { requeue } from '../../../../lib/instances/requeue.ts';
import { readOverview } from '../../../../lib/operations/overview.ts';
import { differences, type Episode, MonthCount } from './month-count.ts';
import { type Event, planMonth } from './month-plan.ts';
import { createWorld, type World } from './world.ts';

const DAYS = 30;
const DAY = 24 * 60;
const MINUTE_MS = 60_000;
/** Minutes of each step while something is going on, and of others. */
const BUSY_STEP = 1;
const QUIET_STEP = 30;
/** Minutes that something goes on for. */
const BUSY = 8;
/** Minutes that an outage goes on for, and what it leaves behind. */
const BUSY_OUTAGE = 45;
/** Minutes after which an alarm that is open may be said again. */
const REPEAT = 12 * 60;

/** A month that was played. */
export interface PlayedMonth {
  readonly purchases: number;
  /** Figures that were compared with the count of the events. */
  readonly compared: number;
  /** Alarms that rang and closed. */
  readonly episodes: number;
  /** Everything that was not as it should be. */
  readonly wrong: readonly string[];
}

/** One piece of news as a receiver had it. */
interface Heard {
  readonly minute: number;
  readonly news: News;
}

/**
 * Plays a month through the real handlers on a table in memory: two servers that sweep, two receivers, a clock that moves by
 * the minute where something goes on. Each day the figures of delisting are compared with a count of the events.
 */
export async function playMonth(seed: number): Promise<PlayedMonth> {
  const events = planMonth(seed, DAYS);
  const heard: Heard[] = [];
  const world: World = createWorld({
    hasReceivers: true,
    other: {
      name: 'chat',
      send: async ({ news }) => void heard.push(...news.map((one) => ({ minute: world.minute(), news: one }))),
    },
  });
  const count = new MonthCount(events, world.now());
  const products = defineProducts({ demo: { seller: { provision: async () => ({}) } as never } });
  const wrong: string[] = [];
  let compared = 0;
  const jobs = [...events.map((event) => ({ minute: event.minute, act: () => carryOut(event) }))];
  for (let day = 1; day <= DAYS; day += 1) jobs.push({ minute: day * DAY - 20, act: compare });

  async function carryOut(event: Event): Promise<void> {
    if (event.kind === 'dial-test') {
      world.faults.wrongKey = event.isWrong;
      await world.dialTest();
      world.faults.wrongKey = false;
      return;
    }
    const { fate, until } = event;
    const isFailed = fate === 'failed-mended' || fate === 'failed-released';
    world.faults.hook = async (_, name) => {
      if (fate === 'outage') throw new Error('down');
      if (name !== 'provision') return undefined;
      if (fate === 'refused') return { refused: { resultCode: '000103' } };
      return isFailed ? { failed: { reason: 'no such plan' } } : undefined;
    };
    const { instanceId } = await world.buy();
    if (fate !== 'outage') delete world.faults.hook;
    const later = {
      good: undefined,
      refused: undefined,
      outage: async () => void delete world.faults.hook,
      'failed-mended': async () => {
        await requeue(world.table, keys.instance('demo', instanceId), world.now());
        await world.wake();
      },
      'failed-released': () => world.release(instanceId),
    }[fate];
    if (later !== undefined) jobs.push({ minute: until, act: later });
  }

  async function compare(): Promise<void> {
    const { products: seen } = await readOverview(world.table, products, world.now());
    const { failedOrders, failedDays } = seen[0]?.delisting ?? {};
    const expected = [count.failedOrders(world.minute()), count.failedDays(world.minute())];
    compared += expected.length;
    if (failedOrders !== expected[0] || failedDays !== expected[1]) {
      wrong.push(`${count.day(world.minute())}: ${failedOrders} and ${failedDays}, not ${expected.join(' and ')}`);
    }
  }

  let busyUntil = 0;
  while (jobs.length > 0) {
    jobs.sort((a, b) => a.minute - b.minute);
    const next = jobs[0]?.minute ?? 0;
    while (world.minute() < next) {
      const step = world.minute() < busyUntil ? BUSY_STEP : QUIET_STEP;
      await world.step(Math.min(step, next - world.minute()));
    }
    while (jobs[0] !== undefined && jobs[0].minute <= world.minute()) await jobs.shift()?.act();
    busyUntil = Math.max(busyUntil, world.minute() + (world.faults.hook === undefined ? BUSY : BUSY_OUTAGE));
  }
  for (let step = 0; step < (2 * DAY) / QUIET_STEP && world.inside().length > 0; step += 1)
    await world.step(QUIET_STEP);

  const start = world.now() - world.minute() * MINUTE_MS;
  const ops = world.messages.flatMap(({ at, news }) =>
    news.map((one) => ({ minute: Math.floor((at - start) / MINUTE_MS), news: one })),
  );
  const textOf = (list: readonly Heard[]) =>
    JSON.stringify(list.map(({ minute, news: { turn, sighting } }) => [minute, turn, sighting.rule, sighting.group]));
  if (textOf(ops) !== textOf(heard)) wrong.push('the two receivers did not hear the same');
  const rang = episodesOf(ops, wrong);
  wrong.push(...differences(count.episodes(world.minute()), rang));
  const purchases = events.filter(({ kind }) => kind === 'purchase').length;
  return { purchases, compared, episodes: rang.length, wrong };
}

/** Reads what rang from when to when; whatever is out of order is wrong. */
function episodesOf(heard: readonly Heard[], wrong: string[]): readonly Episode[] {
  const open = new Map<string, { from: number; toldAt: number }>();
  const episodes: Episode[] = [];
  for (const { minute, news } of heard) {
    const { turn, sighting } = news;
    const id = `${sighting.rule} ${sighting.group}`;
    const known = open.get(id);
    if ((turn === 'opened') !== (known === undefined)) wrong.push(`${id} is ${turn} out of order in minute ${minute}`);
    if (turn === 'open' && known !== undefined && minute - known.toldAt < REPEAT) wrong.push(`${id} is said too often`);
    if (turn === 'closed') {
      episodes.push({ id, from: known?.from ?? 0, to: minute });
      open.delete(id);
    } else open.set(id, { from: known?.from ?? minute, toldAt: minute });
  }
  for (const id of open.keys()) wrong.push(`${id} never closed`);
  return episodes;
}
