import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Scheduler } from 'fast-check';
import { macOf } from '../../../../lib/instances/audit.ts';
import { TRANSITIONS } from '../../../../lib/instances/lifecycle.ts';
import type { Attributes } from '../../../../lib/table/expressions/paths.ts';
import { MemoryEngine } from '../../../../lib/table/memory.ts';
import { HMAC_KEYS } from '../../hmac-keys.ts';
import type { Stage } from './actor.ts';
import { Cast, productWith } from './cast.ts';
import { Effects } from './effects.ts';
import type { Plan } from './plan.ts';
import { holds, type Waiting, Witness } from './witness.ts';

/** A purchase that failed is asked for again at most so often, once nothing hinders it. */
const ROUNDS = 20;

/** Counts of what happened in a schedule, for the totals at the end. */
export interface Played {
  /** Changes accepted, and calls of hooks for them. */
  readonly accepted: number;
  readonly calls: number;
  /** First effects of attempts that a release had overtaken while they stood still. */
  readonly late: number;
}

/**
 * Plays one plan in the order that the scheduler chooses, then lets everything settle, and looks whether each accepted
 * change has had its effect: once, in order, recorded by whoever held the item, and by nobody else.
 * @throws Violation
 */
export async function runSchedule(plan: Plan, scheduler: Scheduler): Promise<Played> {
  const stage: Stage = {
    engine: new MemoryEngine(),
    scheduler,
    time: { now: 1_700_000_000_000 },
    product: productWith(plan.window),
    effects: new Effects(),
    tableFaults: [...plan.tableFaults],
    hookFaults: [...plan.hookFaults],
    stubborn: [],
    writer: undefined,
  };
  const witness = new Witness(stage);
  let violation: unknown;
  // Thrown where it is seen it would be taken for a fault of the table, and be repeated.
  stage.engine.onWrite = (change) => {
    try {
      witness.see(change);
    } catch (error) {
      violation ??= error;
    }
  };
  const cast = new Cast(stage);
  const purchases = plan.purchases.map((how) => cast.purchase(how));
  const bought = Promise.any(purchases);
  const others = bought.then((instanceId) => [
    ...plan.deliveries.flatMap((delivery) => {
      const sentAt = cast.sign();
      return Array.from({ length: delivery.copies }, async () => {
        const { resultCode } = await cast.deliver(delivery, instanceId, sentAt);
        const mayBeUnknown = isReleased(stage) || witness.failed.size > 0;
        holds(resultCode === '000000' || mayBeUnknown, `${delivery.what} was answered ${resultCode}`);
      });
    }),
    ...plan.workers.map((remaining) => cast.work(instanceId, remaining)),
  ]);
  const all = Promise.all([...purchases, others.then((some) => Promise.all(some))]);
  await scheduler.waitFor(all);
  const ids = await Promise.all(purchases);
  holds(new Set(ids).size === 1, 'one order got two instances');
  stage.tableFaults.length = 0;
  stage.hookFaults.length = 0;
  stage.stubborn.push(...plan.stubborn);
  await scheduler.waitFor(cast.settle(await bought));
  // A purchase that failed meanwhile is asked for again, and nothing hinders it any more.
  for (let round = 0; instances(stage.engine)[0]?.state?.S === 'FAILED' && violation === undefined; round += 1) {
    holds(round < ROUNDS, 'a purchase that nothing hinders fails again and again');
    await scheduler.waitFor(cast.purchase('async'));
    await scheduler.waitFor(cast.work(await bought, 1_000_000));
    await scheduler.waitFor(cast.settle(await bought));
  }
  if (violation !== undefined) throw violation;
  return checkEnd(stage, witness);
}

function checkEnd({ engine, effects }: Stage, { accepted, recorded, dropped, failed }: Witness): Played {
  const [item, another] = instances(engine);
  holds(item !== undefined && another === undefined, 'one order got two items');
  holds(item?.pending?.L?.length === 0 && item.leaseOwner === undefined, 'something is left to do');
  holds(Object.keys(item?.failed?.M ?? {}).length === 0, 'a change was given up');
  const known = new Map(accepted.map((change) => [change.id, change]));
  const done = effects.done;
  holds(
    done.every(({ key }) => known.has(key)),
    'an effect that nobody asked for',
  );
  const isOver = item?.wanted?.S === 'RELEASED';
  const late = done.filter((effect) => effect.late && dropped.has(effect.key));
  holds(isOver || late.every(({ key }) => failed.has(key)), 'a late effect without a release');
  const inTime = done.filter((effect) => !late.includes(effect)).flatMap(({ key }) => known.get(key) ?? []);
  for (const [what, belongs] of Object.entries(QUEUES)) {
    const places = inTime.filter(belongs).map((change) => accepted.indexOf(change));
    holds(
      places.every((at, index) => index === 0 || at > (places[index - 1] ?? -1)),
      `${what} out of order`,
    );
  }
  holds(inTime[0] === undefined || FIRST.has(inTime[0].kind), 'something came before the purchase');
  const newest = accepted.findLast((change) => isStatus(change) && !change.again);
  const door = newest?.kind === 'freeze' ? 'shut' : 'open';
  holds(
    isOver || late.length > 0 || effects.door === door,
    `the door is ${effects.door}, and the newest status is ${newest?.kind}`,
  );
  holds(
    accepted.every(({ id }) => dropped.has(id) || recorded.some((one) => one.id === id)),
    'a change was lost',
  );
  const state = recorded.reduce((current, { kind }) => TRANSITIONS[kind].to ?? current, 'PENDING');
  holds(item?.state?.S === state, `the state is ${item?.state?.S} and should be ${state}`);
  checkHistory(engine, item, recorded);
  const left = [...effects.tenants].filter((key) => !late.some((effect) => effect.key === key));
  holds(left.length === (isOver ? 0 : 1), `${left.length} tenants are left`);
  return { accepted: accepted.length, calls: effects.calls, late: late.length };
}

/** Follows the chain of the history from its head: each link holds, and each change that was recorded has its entry. */
function checkHistory({ items }: MemoryEngine, item: Attributes | undefined, recorded: readonly Waiting[]): void {
  const entries = new Map([...items.values()].map((one) => [one.mac?.S ?? '', unmarshall(one)]));
  const head = item?.auditHead?.M;
  const changes: string[] = [];
  let mac = head?.mac?.S ?? '';
  for (let n = Number(head?.n?.N ?? 0); n > 0; n -= 1) {
    const entry = entries.get(mac);
    holds(entry?.n === n && macOf(HMAC_KEYS.audit, entry) === mac, 'the chain of the history is broken');
    changes.unshift(entry?.change);
    mac = entry?.prev;
  }
  holds(mac === '', 'the history does not begin with its first entry');
  holds(
    recorded.every(({ id }) => changes.includes(id)),
    'a change that was recorded is not in the history',
  );
}

const isStatus = ({ kind }: Waiting) => kind === 'freeze' || kind === 'unfreeze';
const FIRST: ReadonlySet<string> = new Set(['provision', 'cleanUp', 'release']);

/** Kinds that keep their order: statuses may overtake orders that fail, but neither overtakes its own kind. */
const QUEUES: Readonly<Record<string, (change: Waiting) => boolean>> = {
  'the effects of orders': (change) => !isStatus(change),
  'the effects of statuses': (change) => (isStatus(change) && !change.again) || FIRST.has(change.kind),
};

function instances(engine: MemoryEngine): readonly Attributes[] {
  return [...engine.items.values()].filter(({ sk }) => sk?.S === 'INSTANCE');
}

function isReleased({ engine }: Stage): boolean {
  return instances(engine)[0]?.wanted?.S === 'RELEASED';
}
