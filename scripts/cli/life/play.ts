import { randomUUID } from 'node:crypto';
import { familyNamed } from '../../marketplace/calls/families.ts';
import type { FamilyName } from '../../marketplace/calls/family.ts';
import type { Subject } from '../../marketplace/calls/subject.ts';
import { waiting } from '../../marketplace/calls/waiting.ts';
import { succeeded } from '../certify/conduct/bench.ts';
import { codeOf } from '../certify/finding.ts';
import { converse, type Exchange } from '../conversation.ts';
import type { Target } from '../terminal/target.ts';
import { failingCase } from './dial-test.ts';
import type { Happening, LifeOptions } from './options.ts';
import { orderOf } from './orders.ts';
import { isGood, newPurchase, type Purchase } from './purchase.ts';
import { repeatsOf, scheduleOf } from './retries.ts';
import type { Ledger } from './sanctions.ts';
import { AGAIN, LATE, type LifeFamily, type Step, scriptOf } from './script.ts';
import { shortcomings } from './watch.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** The family that buys, and the cases of the dial tests. */
const FAMILY: Readonly<Record<LifeFamily, FamilyName>> = {
  'saas-v2': 'saas-v2',
  joint: 'saas-v2',
  'saas-v1': 'saas-v1',
  'license-2': 'license-2',
  'license-online': 'license-online',
  'order-notify': 'order-notify',
  maas: 'maas',
};

interface Event {
  readonly at: number;
  readonly run: () => Promise<void>;
}

/** Plays purchases, retries, polling and dial tests in order of virtual time. */
export async function playLife(target: Target, options: LifeOptions): Promise<Ledger> {
  const { clock } = options;
  const ledger = { failedDays: [] as number[], failedOrders: [] as number[], leftUndone: 0, ignored: 0 };
  const steps = scriptOf(options.family, options.charging);
  const events: Event[] = [];
  const plan = (event: Event) => {
    const place = events.findIndex(({ at }) => at > event.at);
    events.splice(place < 0 ? events.length : place, 0, event);
  };
  const say = (
    what: Happening['what'],
    { number }: Pick<Purchase, 'number'>,
    exchange: Exchange,
    good: boolean,
    why?: string,
    values?: Happening['values'],
  ) =>
    options.onHappening({
      at: clock.now(),
      what,
      purchase: number,
      good,
      activity: exchange.activity,
      code: codeOf(exchange),
      milliseconds: exchange.outcome.milliseconds,
      ...(why !== undefined && { why }),
      ...(values && { values }),
    });
  const complain = (purchase: Purchase, exchange: Exchange, why: string, values?: Happening['values']) => {
    ledger.ignored += 1;
    say('ignored', purchase, exchange, false, why, values);
  };
  const planAll = (purchase: Purchase, list: readonly Step[], from: number) => {
    for (const step of list) plan({ at: (from + step.day) * DAY, run: () => begin(purchase, step) });
  };

  for (let number = 1; number <= options.purchases; number += 1) {
    const purchase = newPurchase(number, options.charging);
    const from = (number - 1) * 0.3;
    planAll(purchase, steps, from);
    const end = steps.findLast(({ activity }) => activity === 'releaseInstance')?.day;
    if (end === undefined || steps[0]?.activity !== 'newInstance') continue;
    planAll(purchase, [LATE], from + end);
    planAll({ ...newPurchase(number, options.charging), before: purchase }, AGAIN, from + end);
  }
  const lastDay = Math.ceil((events.at(-1)?.at ?? 0) / DAY);
  if (options.dialTests) {
    for (let day = 0; day < lastDay; day += 1) {
      for (const hour of [9, 15]) plan({ at: day * DAY + hour * HOUR, run: () => dialTest(day) });
    }
  }
  for (let event = events.shift(); event !== undefined; event = events.shift()) {
    await clock.until(event.at);
    await event.run();
  }
  return ledger;

  /** First sending of a step; its repeats are planned when it fails. */
  async function begin(purchase: Purchase, step: Step): Promise<void> {
    if (purchase.over || purchase.before?.over) return;
    const order = step.ownOrder ? `${purchase.subject.orderId}R${Math.floor(step.day)}` : undefined;
    const expiresAt =
      step.expires === undefined ? undefined : clock.realMoment(clock.now() + (step.expires - step.day) * DAY);
    const own = {
      ...(order !== undefined && { orderId: order, orderLineId: `${order}-000001` }),
      ...(expiresAt !== undefined && { expiresAt }),
    };
    if (step.late) return tooLate(purchase, step);
    if (options.orders && (order !== undefined || step.twice)) {
      const traits = orderOf(step, purchase.bought, options.given ?? {}, options.charging, expiresAt);
      if (traits.orderType !== 'UNSUBSCRIBE') purchase.bought = traits;
      await options.orders.make(order ?? String(purchase.subject.orderId), traits);
    }
    await attempt(purchase, step, own, clock.now(), 0, 'call');
  }

  /** A repeat that comes after the release may be refused, and must not make another instance. */
  async function tooLate(purchase: Purchase, step: Step): Promise<void> {
    const exchange = await send(purchase, step, {});
    const id = exchange.judgement.members?.instanceId;
    const another = succeeded(exchange) && id !== purchase.subject.instanceId;
    say('late', purchase, exchange, !another, step.why);
    if (another) complain(purchase, exchange, 'life.why.second-id');
  }

  /** The first delivery of a purchase comes twice at once; both have to mean one instance. */
  async function sendTwice(purchase: Purchase, step: Step, own: Partial<Subject>): Promise<Exchange> {
    const [exchange, twin] = await Promise.all([send(purchase, step, own), send(purchase, step, own)]);
    const [one, other] = [exchange, twin].map(({ judgement }) => judgement.members?.instanceId);
    const both = succeeded(exchange) && succeeded(twin);
    say('twin', purchase, twin, isGood(twin), step.why);
    if (both && one !== other) complain(purchase, twin, 'life.why.second-id');
    return exchange;
  }

  async function attempt(
    purchase: Purchase,
    step: Step,
    own: Partial<Subject>,
    since: number,
    tries: number,
    what: Happening['what'],
  ): Promise<void> {
    const twice = step.twice && what === 'call';
    const exchange = await (twice ? sendTwice(purchase, step, own) : send(purchase, step, own));
    const good = isGood(exchange);
    if (good && options.random() < options.loss) {
      say('lost', purchase, exchange, true, step.why);
      plan({ at: clock.now() + 60_000, run: () => attempt(purchase, step, own, since, tries + 1, 'repeat') });
      return;
    }
    say(what, purchase, exchange, good, step.why);
    if (good) {
      await settle(purchase, step, exchange);
      if (purchase.over) return;
      for (const { why, values } of await shortcomings(options, purchase, step, own))
        complain(purchase, exchange, why, values);
    } else plan(next(purchase, step, own, since, tries, what));
  }

  /** Chooses what follows a failure: the next repeat, a restart by hand, or the end of the order. */
  function next(
    purchase: Purchase,
    step: Step,
    own: Partial<Subject>,
    since: number,
    tries: number,
    what: Happening['what'],
  ): Event {
    const schedule = scheduleOf(step.family ?? FAMILY[options.family], step.activity, options.retries);
    const repeat = repeatsOf(schedule)[tries];
    if (repeat !== undefined && what !== 'restart') {
      return { at: since + repeat, run: () => attempt(purchase, step, own, since, tries + 1, 'repeat') };
    }
    if (schedule.afterwards === 'unsubscribed') return { at: clock.now(), run: () => giveUp(purchase, step) };
    if (schedule.afterwards === 'restarted' && what !== 'restart') {
      return { at: clock.now() + HOUR, run: () => attempt(purchase, step, own, since, tries, 'restart') };
    }
    return {
      at: clock.now(),
      run: async () => {
        ledger.leftUndone += 1;
      },
    };
  }

  /** The order failed: counted, and unsubscribed by the marketplace itself. */
  async function giveUp(purchase: Purchase, step: Step): Promise<void> {
    purchase.over = true;
    ledger.failedOrders.push(clock.now());
    const { instanceId } = purchase.subject;
    if (instanceId === undefined) return;
    const order = `${purchase.subject.orderId}U`;
    const exchange = await send(
      purchase,
      { day: step.day, activity: 'releaseInstance', why: 'life.why.given-up' },
      { orderId: order, orderLineId: `${order}-000001` },
    );
    say('gave-up', purchase, exchange, exchange.judgement.passed, 'life.why.given-up');
  }

  /** Keeps the id of a new instance, and polls until it is ready. */
  async function settle(purchase: Purchase, step: Step, exchange: Exchange): Promise<void> {
    const instanceId = exchange.judgement.members?.instanceId;
    if (typeof instanceId === 'string') purchase.subject = { ...purchase.subject, instanceId };
    if (instanceId !== undefined && instanceId === purchase.before?.subject.instanceId)
      complain(purchase, exchange, 'life.why.same-id');
    if (codeOf(exchange) !== '000004' || exchange.family.activities.queryInstance === undefined) return;
    const since = clock.now();
    const started = Date.now();
    for (;;) {
      await clock.rest(250);
      await clock.until(clock.now() + 2 * 60_000);
      const asking: Step = { day: step.day, activity: 'queryInstance', why: 'life.why.polled' };
      const poll = await waiting.run(true, () => send(purchase, asking, {}));
      const ready = codeOf(poll) === '000000';
      const tired = Date.now() - started > options.patience && clock.now() - since > 0;
      if (ready || tired || codeOf(poll) !== '000004') {
        say('poll', purchase, poll, ready, 'life.why.polled');
        if (!ready) await giveUp(purchase, step);
        return;
      }
    }
  }

  function send({ subject }: Purchase, step: Step, own: Partial<Subject>): Promise<Exchange> {
    const family = familyNamed(step.family ?? FAMILY[options.family]);
    return converse(target, family, step.activity, {
      subject: { ...subject, ...own, businessId: randomUUID() },
      wait: target.limit ?? 5_000,
      ...(step.members && { members: step.members }),
    });
  }

  async function dialTest(day: number): Promise<void> {
    const exchange = await failingCase(target, options.family, options.charging);
    if (exchange === undefined) return;
    ledger.failedDays.push(day);
    say('dial-test', { number: 0 }, exchange, false);
  }
}
