import { setTimeout as pause } from 'node:timers/promises';
import type { InstanceItem } from '../../../../lib/instances/item.ts';
import { type Local, type Reached, startLocal } from '../http/local.ts';
import { Marketplace, percentile } from '../http/marketplace.ts';
import type { Line, Proof } from '../proof.ts';
import { settled } from './settled.ts';

/** Record of what the load did, and of what is known of it. */
interface Ledger {
  readonly orders: Set<string>;
  /** Instances by id: the orders of renewals that were answered with success. */
  readonly instances: Map<string, number>;
}

/** Open loop: calls leave at their times, however long the answers take; duplicates, and faults on every side. */
export const load: Proof = async ({ minutes, rate }, say) => {
  const local = await startLocal();
  try {
    const statement = 'under load with duplicates and faults: nothing lost, nothing twice, no answer unsigned';
    return [await runLoad(local, { minutes, rate, statement }, injectFaults(local), say)];
  } finally {
    await local.stop();
  }
};

/** Faults while a load runs. */
export interface Faulty {
  /** Name of the faults, in the plural. */
  readonly what: string;
  count(): number;
  end(): void | Promise<void>;
}

/** Sends a load, waits until nothing is left to do, and compares what is there with what was asked for. */
export async function runLoad(
  local: Reached,
  { minutes, rate, statement }: { readonly minutes: number; readonly rate: number; readonly statement: string },
  faults: Faulty,
  say: (text: string) => void,
): Promise<Line> {
  const marketplace = new Marketplace(local);
  const ledger: Ledger = { orders: new Set(), instances: new Map() };
  const wrong: string[] = [];
  const running: Promise<void>[] = [];
  const began = performance.now();
  const total = Math.round(minutes * 60 * rate);
  for (let call = 0; call < total; call += 1) {
    const due = began + (call / rate) * 1_000;
    await pause(Math.max(0, due - performance.now()));
    running.push(oneCall(marketplace, ledger));
    if (call % (rate * 10) === 0) say(`${call} of ${total} calls sent`);
  }
  await Promise.all(running);
  await faults.end();
  say('waiting until nothing is left to do');
  const items = await settled(local);
  wrong.push(...compare(ledger, items, local));
  const { book } = marketplace;
  if (book.unsigned > 0) wrong.push(`${book.unsigned} answers were not signed`);
  if (book.neverAnswered > 0) wrong.push(`${book.neverAnswered} calls were never answered`);
  const [p50, p99] = [percentile(book.latencies, 50), percentile(book.latencies, 99)].map(Math.round);
  return {
    statement,
    ran:
      `${minutes} min at ${rate} calls/s: ${ledger.orders.size} orders, ${book.calls} deliveries, ${book.repeats} repeats, ` +
      `${book.hangUps} hang-ups, ${faults.count()} ${faults.what}; p50 ${p50} ms, p99 ${p99} ms`,
    verdict: wrong.length === 0 ? 'holds' : 'BROKEN',
    note: wrong.slice(0, 5).join('; '),
  };
}

/** One in so many writes is refused, loses its answer, or takes long; one in so many hooks fails. */
function injectFaults({ valve, seller }: Local): Faulty {
  let count = 0;
  const counted = <Fault>(fault: Fault): Fault => {
    count += 1;
    return fault;
  };
  valve.decide = ({ operation }) => {
    if (operation !== 'PutItem' && operation !== 'UpdateItem') return 'through';
    const chance = Math.random();
    if (chance < 0.03) return counted('throttled');
    if (chance < 0.06) return counted('answer lost');
    return chance < 0.08 ? counted({ after: pause(300) }) : 'through';
  };
  seller.fault = () => {
    const chance = Math.random();
    if (chance < 0.05) return counted('fails before');
    if (chance < 0.1) return counted('fails after');
    return chance < 0.12 ? counted('answer lost') : 'none';
  };
  return {
    what: 'faults of table and seller',
    count: () => count,
    end: () => {
      valve.decide = () => 'through';
      seller.fault = () => 'none';
    },
  };
}

async function oneCall(marketplace: Marketplace, ledger: Ledger): Promise<void> {
  const known = [...ledger.instances.keys()];
  const instanceId = known[Math.floor(Math.random() * known.length)];
  const chance = Math.random();
  if (instanceId === undefined || chance < 0.5) return buy(marketplace, ledger, `P${ledger.orders.size}-${Date.now()}`);
  if (chance < 0.65) {
    const orders = [...ledger.orders];
    return buy(marketplace, ledger, orders[Math.floor(Math.random() * orders.length)] ?? '');
  }
  const order = `${instanceId.slice(0, 8)}-${ledger.instances.get(instanceId)}-${Math.floor(Math.random() * 1e9)}`;
  const renewal = {
    activity: 'refreshInstance',
    instanceId,
    orderId: order,
    orderLineId: `${order}-1`,
    scene: 'RENEWAL',
    expireTime: '20300101000000',
  };
  const answer = await marketplace.deliver(renewal);
  if (answer?.json.resultCode === '000000')
    ledger.instances.set(instanceId, (ledger.instances.get(instanceId) ?? 0) + 1);
}

async function buy(marketplace: Marketplace, ledger: Ledger, orderId: string): Promise<void> {
  ledger.orders.add(orderId);
  const message = { activity: 'newInstance', orderId, orderLineId: `${orderId}-1` };
  const copies = Math.random() < 0.2 ? 2 : 1;
  const hangUp = Math.random() < 0.05 ? 20 : undefined;
  const answers = await Promise.all(Array.from({ length: copies }, () => marketplace.deliver(message, hangUp)));
  for (const answer of answers) {
    const id = answer?.json.instanceId;
    if (typeof id === 'string' && !ledger.instances.has(id)) ledger.instances.set(id, 0);
  }
}

function compare({ orders, instances: known }: Ledger, items: readonly InstanceItem[], { seller }: Reached): string[] {
  const wrong: string[] = [];
  const say = (text: string) => wrong.push(text);
  if (items.length !== orders.size) say(`${items.length} instances for ${orders.size} orders`);
  for (const { instanceId, state, pending, orders: carried } of items) {
    if (state !== 'ACTIVE' || pending.length > 0) say(`${instanceId} is ${state}, ${pending.length} changes wait`);
    const effects = seller.effects.filter((effect) => effect.instanceId === instanceId);
    const provisions = effects.filter(({ event }) => event === 'provision').length;
    if (provisions !== 1) say(`${instanceId} was provisioned ${provisions} times`);
    if (effects[0]?.event !== 'provision') say(`${instanceId} began with ${effects[0]?.event}`);
    const renewals = effects.length - provisions;
    if (renewals !== carried.size - 1)
      say(`${instanceId} was renewed ${renewals} times for ${carried.size - 1} orders`);
    if (renewals < (known.get(instanceId) ?? 0)) say(`${instanceId}: a renewal that was answered is not there`);
  }
  return wrong;
}
