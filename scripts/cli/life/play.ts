import { randomUUID } from 'node:crypto';
import { activityOf, familyNamed } from '../../marketplace/calls/families.ts';
import type { FamilyName } from '../../marketplace/calls/family.ts';
import { type Charging, freshOrderId, type Subject } from '../../marketplace/calls/subject.ts';
import { codeOf } from '../certify/finding.ts';
import { casesOf, type ProductKind } from '../certify/matrix.ts';
import { converse, type Exchange } from '../conversation.ts';
import type { Target } from '../terminal/target.ts';
import type { LifeClock } from './clock.ts';
import { type CreationRetries, repeatsOf, scheduleOf } from './retries.ts';
import type { Ledger } from './sanctions.ts';
import { type LifeFamily, type Step, scriptOf } from './script.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** One line of the timeline. */
export interface Happening {
  /** Virtual milliseconds since the start. */
  readonly at: number;
  readonly what: 'call' | 'repeat' | 'restart' | 'poll' | 'dial-test' | 'gave-up' | 'lost';
  readonly activity: string;
  readonly purchase: number;
  readonly code: string;
  readonly good: boolean;
  readonly milliseconds: number;
  /** Names a sentence. */
  readonly why?: string;
}

export interface LifeOptions {
  readonly family: LifeFamily;
  readonly charging: Charging;
  readonly purchases: number;
  readonly retries: CreationRetries;
  /** Share of good answers that get lost on the way back, 0 to 1. */
  readonly loss: number;
  readonly random: () => number;
  readonly clock: LifeClock;
  /** Real milliseconds that an instance may take until it is ready. */
  readonly patience: number;
  /** Dial tests twice a day. */
  readonly dialTests: boolean;
  readonly onHappening: (happening: Happening) => void;
}

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

interface Purchase {
  readonly number: number;
  subject: Partial<Subject>;
  /** Set when the order failed: nothing more happens to it. */
  over: boolean;
}

interface Event {
  readonly at: number;
  readonly run: () => Promise<void>;
}

/** Plays purchases, retries, polling and dial tests in order of virtual time. */
export async function playLife(target: Target, options: LifeOptions): Promise<Ledger> {
  const { clock } = options;
  const ledger = { failedDays: [] as number[], failedOrders: [] as number[], leftUndone: 0 };
  const steps = scriptOf(options.family, options.charging);
  const events: Event[] = [];
  const plan = (event: Event) => {
    const place = events.findIndex(({ at }) => at > event.at);
    events.splice(place < 0 ? events.length : place, 0, event);
  };
  const say = (what: Happening['what'], purchase: number, exchange: Exchange, good: boolean, why?: string) =>
    options.onHappening({
      at: clock.now(),
      what,
      purchase,
      good,
      activity: exchange.activity,
      code: codeOf(exchange),
      milliseconds: exchange.outcome.milliseconds,
      ...(why !== undefined && { why }),
    });

  for (let number = 1; number <= options.purchases; number += 1) {
    const orderId = `${freshOrderId(Date.now())}${number}`;
    const subject = {
      test: false,
      charging: options.charging,
      orderId,
      orderLineId: `${orderId}-000001`,
      customerId: `customer-${orderId}`,
      license: `LIC-${orderId}`,
      tenantId: `t-${orderId}`,
      eventId: randomUUID(),
    };
    const purchase: Purchase = { number, subject, over: false };
    for (const step of steps) plan({ at: (step.day + (number - 1) * 0.3) * DAY, run: () => begin(purchase, step) });
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
    if (purchase.over) return;
    const order = step.ownOrder ? `${purchase.subject.orderId}R${Math.floor(step.day)}` : undefined;
    const own = order === undefined ? {} : { orderId: order, orderLineId: `${order}-000001` };
    await attempt(purchase, step, own, clock.now(), 0, 'call');
  }

  async function attempt(
    purchase: Purchase,
    step: Step,
    own: Partial<Subject>,
    since: number,
    tries: number,
    what: Happening['what'],
  ): Promise<void> {
    const exchange = await send(purchase, step, own);
    const code = codeOf(exchange);
    const good = activityOf(exchange.family, step.activity).codes.includes(code) && exchange.judgement.passed;
    if (good && options.random() < options.loss) {
      say('lost', purchase.number, exchange, true, step.why);
      plan({ at: clock.now() + 60_000, run: () => attempt(purchase, step, own, since, tries + 1, 'repeat') });
      return;
    }
    say(what, purchase.number, exchange, good, step.why);
    if (good) await settle(purchase, step, exchange);
    else plan(next(purchase, step, own, since, tries, what));
  }

  /** What follows a failure: the next repeat, a restart by hand, or the end of the order. */
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
    say('gave-up', purchase.number, exchange, exchange.judgement.passed, 'life.why.given-up');
  }

  /** Keeps the id of a new instance, and polls until it is ready. */
  async function settle(purchase: Purchase, step: Step, exchange: Exchange): Promise<void> {
    const instanceId = exchange.judgement.members?.instanceId;
    if (typeof instanceId === 'string') purchase.subject = { ...purchase.subject, instanceId };
    if (codeOf(exchange) !== '000004' || exchange.family.activities.queryInstance === undefined) return;
    const since = clock.now();
    const started = Date.now();
    for (;;) {
      await clock.rest(250);
      await clock.until(clock.now() + 2 * 60_000);
      const poll = await send(purchase, { day: step.day, activity: 'queryInstance', why: 'life.why.polled' }, {});
      const ready = codeOf(poll) === '000000';
      const tired = Date.now() - started > options.patience && clock.now() - since > 0;
      if (ready || tired || codeOf(poll) !== '000004') {
        say('poll', purchase.number, poll, ready, 'life.why.polled');
        if (!ready) await giveUp(purchase, step);
        return;
      }
    }
  }

  function send({ subject }: Purchase, step: Step, own: Partial<Subject>): Promise<Exchange> {
    const expires =
      step.expires === undefined ? {} : { expiresAt: clock.realMoment(clock.now() + (step.expires - step.day) * DAY) };
    const family = familyNamed(step.family ?? FAMILY[options.family]);
    return converse(target, family, step.activity, {
      subject: { ...subject, ...own, ...expires, businessId: randomUUID() },
      wait: target.limit ?? 5_000,
      ...(step.members && { members: step.members }),
    });
  }

  /** Replays the saved cases; one failing case fails the day. */
  async function dialTest(day: number): Promise<void> {
    for (const { family, activity, members, charging, need } of casesOf(kindOf(options.family, options.charging))) {
      if (need === 'optional') continue;
      const subject = { test: true, charging, instanceId: 'huaiweitest123456', businessId: 'koogate-dial-test' };
      const exchange = await converse(target, familyNamed(family), activity, {
        subject,
        wait: target.limit ?? 5_000,
        ...(members && { members }),
      });
      if (exchange.judgement.passed) continue;
      ledger.failedDays.push(day);
      say('dial-test', 0, exchange, false);
      return;
    }
  }
}

/** The product kind whose cases are saved. */
export function kindOf(family: LifeFamily, charging: Charging): ProductKind {
  const mode =
    charging === 'once' ? 'once' : charging === 'on-demand' || charging === 'package' ? 'on-demand' : 'period';
  if (family === 'saas-v2') return `saas-${mode}`;
  if (family === 'joint') return `joint-${mode}`;
  return family === 'saas-v1' ? `saas-v1-${mode}` : family;
}
