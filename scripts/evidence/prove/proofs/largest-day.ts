import { setTimeout as pause } from 'node:timers/promises';
import { percentile } from '../http/marketplace.ts';
import { watching } from '../largest-day/alarms.ts';
import { Balanced } from '../largest-day/balanced.ts';
import { NAMES } from '../largest-day/shop.config.ts';
import { type DayWorld, startDay } from '../largest-day/world.ts';
import type { Line, Proof } from '../proof.ts';
import { instancesOf, settled } from './settled.ts';

/** Order lines that were sold, by product and order. */
type Sold = Map<string, { readonly product: string; instanceId: string | undefined; renewals: number }>;

/** The day of a seller with fifty products: peak, a backend that hangs, one that fails, servers and database that die. */
export const largestDay: Proof = async ({ day }, say) => {
  const world = await startDay();
  try {
    const sick = { hanging: NAMES[0] ?? '', failing: NAMES[1] ?? '' };
    world.backends.moods.set(sick.hanging, 'hangs').set(sick.failing, 'fails');
    const marketplace = new Balanced(world.addresses, world.keys);
    const sold: Sold = new Map();
    const troubles = disturbing(world, day, say);
    await peak(marketplace, sold, day, say);
    const kills = await troubles.end();
    const watch = watching(world.table, NAMES);
    say('waiting until the healthy products have nothing left to do');
    const wrong: string[] = [];
    await untilOnlySickLeft(world, [sick.hanging, sick.failing]);
    const rang = await watch.openAlarms();
    const expected = [sick.failing, sick.hanging].map((product) => `purchase-failing ${product}`).sort();
    if (rang.join() !== expected.join()) wrong.push(`alarms: ${rang.join(', ') || 'none'}`);
    say('mending both backends');
    world.backends.moods.clear();
    await Promise.all(
      [...sold].map(([orderId, { product }]) => isSick(product, sick) && buy(marketplace, sold, product, orderId)),
    );
    await settled(world);
    const still = await watch.openAlarms();
    if (still.length > 0) wrong.push(`alarms after the repair: ${still.join(', ')}`);
    return [lineOf(marketplace, [...wrong, ...(await compared(world, sold))], { day, sold, kills })];
  } finally {
    await world.stop();
  }
};

type Day = Parameters<Proof>[0]['day'];

function isSick(product: string, sick: Readonly<Record<string, string>>): boolean {
  return Object.values(sick).includes(product);
}

function lineOf(
  { counts }: Balanced,
  wrong: readonly string[],
  { day, sold, kills }: { readonly day: Day; readonly sold: Sold; readonly kills: number },
): Line {
  const all = [...wrong];
  if (counts.late > 0) all.push(`${counts.late} answers came later than five seconds`);
  if (counts.unsigned > 0) all.push(`${counts.unsigned} answers were not signed`);
  if (counts.neverAnswered > 0) all.push(`${counts.neverAnswered} calls were never answered`);
  const share = ((100 * counts.refused) / Math.max(1, counts.deliveries)).toFixed(2);
  const [p50, p99] = [percentile(counts.latencies, 50), percentile(counts.latencies, 99)].map(Math.round);
  return {
    statement:
      'a day of the largest seller: nothing lost, nothing twice, no answer late, the right alarms and no others',
    ran:
      `${NAMES.length} products, ${day.minutes} min at ${day.rate} calls/s: ${sold.size} orders, ${counts.deliveries} deliveries, ` +
      `${kills} servers killed, the database once; ${share} % refused with 503; p50 ${p50} ms, p99 ${p99} ms`,
    verdict: all.length === 0 ? 'holds' : 'BROKEN',
    note: all.slice(0, 5).join('; '),
  };
}

/** Calls leave at their times, however long the answers take. */
async function peak(marketplace: Balanced, sold: Sold, { minutes, rate }: Day, say: (text: string) => void) {
  const running: Promise<unknown>[] = [];
  const began = performance.now();
  const total = Math.round(minutes * 60 * rate);
  for (let call = 0; call < total; call += 1) {
    await pause(Math.max(0, began + (call / rate) * 1_000 - performance.now()));
    running.push(oneCall(marketplace, sold, call));
    if (call % (rate * 10) === 0) say(`${call} of ${total} calls sent`);
  }
  await Promise.all(running);
}

async function oneCall(marketplace: Balanced, sold: Sold, call: number): Promise<void> {
  const chance = Math.random();
  const known = [...sold.entries()];
  const [orderId, order] = known[Math.floor(Math.random() * known.length)] ?? [];
  const product = NAMES[call % NAMES.length] ?? '';
  if (orderId === undefined || order === undefined || chance < 0.4) {
    return buy(marketplace, sold, product, `L${call}-${Date.now()}`);
  }
  if (order.instanceId === undefined || chance < 0.55) return buy(marketplace, sold, order.product, orderId);
  const { instanceId } = order;
  if (chance < 0.8) {
    await marketplace.deliver(order.product, { activity: 'queryInstance', instanceId });
    return;
  }
  const renewal = `R${call}-${Date.now()}`;
  const answer = await marketplace.deliver(order.product, {
    ...{ activity: 'refreshInstance', scene: 'RENEWAL', instanceId, expireTime: '20300101000000' },
    ...{ orderId: renewal, orderLineId: `${renewal}-1` },
  });
  if (answer?.json.resultCode === '000000') order.renewals += 1;
}

async function buy(marketplace: Balanced, sold: Sold, product: string, orderId: string): Promise<void> {
  const order = sold.get(orderId) ?? { product, instanceId: undefined, renewals: 0 };
  sold.set(orderId, order);
  const answer = await marketplace.deliver(product, { activity: 'newInstance', orderId, orderLineId: `${orderId}-1` });
  const id = answer?.json.instanceId;
  if (typeof id === 'string') order.instanceId = id;
}

/** Kills a server every so often, and the database in the middle. */
function disturbing(world: DayWorld, { minutes, killEveryS }: Day, say: (text: string) => void) {
  let [kills, isOver] = [0, false];
  const stopping = new AbortController();
  const wait = (ms: number) => pause(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  const servers = (async () => {
    while (!isOver) {
      await wait(killEveryS * 1_000);
      if (isOver) return;
      say(`server ${(kills % 3) + 1} is killed`);
      await world.kill(kills);
      kills += 1;
    }
  })();
  const database = (async () => {
    await wait((minutes * 60_000) / 2);
    say('the database is killed');
    await world.database.killAndRestart();
  })();
  return {
    end: async () => {
      isOver = true;
      stopping.abort();
      await Promise.all([servers, database]);
      return kills;
    },
  };
}

/** Milliseconds that the healthy products may need after the last call: killed servers' holds end within half a minute. */
const SETTLING_MS = 150_000;

async function untilOnlySickLeft(world: DayWorld, sick: readonly string[]): Promise<void> {
  const until = Date.now() + SETTLING_MS;
  for (;;) {
    const left = (await instancesOf(world)).filter(
      ({ product, pending }) => pending.length > 0 && !sick.includes(product),
    );
    if (left.length === 0 || Date.now() > until) return;
    await pause(1_000);
  }
}

async function compared(world: DayWorld, sold: Sold): Promise<readonly string[]> {
  const items = await instancesOf(world);
  const wrong: string[] = [];
  if (items.length !== sold.size) wrong.push(`${items.length} instances for ${sold.size} orders`);
  for (const { instanceId, orderId, state, pending, orders } of items) {
    if (state !== 'ACTIVE' || pending.length > 0)
      wrong.push(`${instanceId} is ${state}, ${pending.length} changes wait`);
    const effects = world.backends.effects.get(instanceId) ?? [];
    const provisions = effects.filter((event) => event === 'provision').length;
    if (provisions !== 1) wrong.push(`${instanceId} was provisioned ${provisions} times`);
    const renewals = effects.length - provisions;
    if (renewals !== orders.size - 1) wrong.push(`${instanceId}: ${renewals} renewals for ${orders.size - 1} orders`);
    if (renewals < (sold.get(orderId)?.renewals ?? 0)) wrong.push(`${instanceId}: an answered renewal is not there`);
  }
  return wrong;
}
