/**
 * Looks once a minute at what the rules find, and says what is new. Of any number of processes one looks at a time, under a
 * lease; the write that takes it also shows that the table takes writes. Who was told of an alarm is kept in the table, so
 * that it opens once for each receiver, repeats seldom and says when it closes, whoever looks.
 *
 * When the table itself cannot be reached, the process rings from memory, at most once in ten minutes.
 */
import { isHeard } from '../config/alarm-settings.ts';
import { takeLease } from '../instances/job-lease.ts';
import type { Log } from '../log.ts';
import { readRound } from '../reconcile/cursor.ts';
import type { Table } from '../table/table.ts';
import { type Delivery, deliver, logReceiver, REPEAT_MS, send, type Tracked } from './delivery.ts';
import { failingReceivers, keepFailures } from './failing-receivers.ts';
import { type History, lookAtCalls, lookAtDelisting, readHistory, type Watched } from './from-calls.ts';
import { lookAtChanges, lookAtTroubles, lookAtUsage } from './from-table.ts';
import { messageOf, type News } from './message.ts';
import type { Observations } from './observations.ts';
import type { Receiver } from './receivers.ts';
import { type RuleId, type Sighting, Sightings } from './rules.ts';
import { keepClosed, keepOpen, type OpenAlarm, readOpen } from './state.ts';

/** Milliseconds for which nobody else looks: less than the pause between two sweeps of a process. */
const LEASE_MS = 40_000;
/** Milliseconds for which receivers that cannot be reached are still told that an alarm has closed. */
const CLOSING_MS = 24 * 3_600_000;
/** Looks in a row that fail before the table counts as gone; one may meet a failover. */
const FAILED_LOOKS = 2;
/** Milliseconds between two messages of a process that rings by itself. */
const OWN_MS = 600_000;

/** Parts of the alarms of an installation. */
export interface AlarmsOptions {
  readonly table: Table;
  readonly products: readonly Watched[];
  /** Those who hear, read at the start and kept. */
  readonly receivers: readonly Receiver[];
  /** Name of the installation. */
  readonly from: string;
  /** Name of this process, which nobody else has. */
  readonly owner: string;
  readonly observations: Pick<Observations, 'count' | 'flush'>;
  readonly log: Log;
  /** Unix milliseconds. */
  clock(): number;
  /** Looks whether the table is open; nothing is looked at while it is moved. Absent: it always is. */
  isOpen?(): Promise<boolean>;
}

/** An alarm of this process alone; times are Unix milliseconds. */
interface OwnAlarm {
  readonly openedAt: number;
  readonly about: string;
  readonly toldAt?: number;
}

/** The alarms, as a process holds them. */
export interface Alarms {
  /** Looks at everything and tells what is new, unless another process does. @returns false if the table fails */
  look(): Promise<boolean>;
  /** Takes down that a sweep found changes of these products which should have been woken. */
  notWoken(products: readonly string[]): Promise<void>;
  /** Rings by itself for a fault of this process; `about` is undefined once it is over. */
  own(rule: RuleId, about: string | undefined): Promise<void>;
}

/** Makes the alarms. */
export function createAlarms(options: AlarmsOptions): Alarms {
  const { table, products, log, clock, observations, from } = options;
  const everybody: readonly Receiver[] = [logReceiver(log), ...options.receivers];
  const history: History = new Map();
  const mine = new Map<RuleId, OwnAlarm>();
  let failed = 0;
  let ownAt = Number.NEGATIVE_INFINITY;

  async function find(now: number, open: readonly OpenAlarm[]): Promise<readonly Sighting[]> {
    const found = new Sightings();
    await lookAtChanges(table, now, found);
    await lookAtUsage(table, now, found);
    const orders = await lookAtTroubles(table, now, found);
    await readHistory(table, products, now, history);
    const isOpen = (rule: RuleId, group: string) => open.some((one) => one.rule === rule && one.group === group);
    for (const product of products) {
      lookAtCalls(product, history, now, found, (rule) => isOpen(rule, product.id));
      lookAtDelisting(product, history, orders, now, found);
    }
    const round = await readRound(table);
    if (round !== undefined) {
      const isDrifting = round.finishedAt === undefined ? isOpen('drift', '') : round.found > round.repaired;
      if (isDrifting) found.add('drift', '', { since: round.startedAt, count: round.found });
    }
    return found.all;
  }

  /** Tells of what is new, and keeps who was told. */
  async function tellOf(tracked: readonly Tracked[], now: number): Promise<Delivery> {
    const delivery = await deliver(everybody, tracked, { from, now });
    for (const [receiver, reason] of delivery.failed) {
      log.error('A receiver could not be told of an alarm.', new Error(reason), { receiver });
    }
    for (const { alarm, sighting, told } of delivery.outcomes) {
      const { goneAt, ...next } = { ...alarm, told };
      const isChanged = JSON.stringify(next.told) !== JSON.stringify(alarm.told);
      if (sighting !== undefined) {
        if (isChanged || goneAt !== undefined) await keepOpen(table, next);
        continue;
      }
      const since = goneAt ?? now;
      const isWaitedFor = everybody.some(({ name }) => Object.hasOwn(next.told, name));
      if (!isWaitedFor || now - since > CLOSING_MS) await keepClosed(table, alarm, now);
      else if (isChanged || goneAt === undefined) await keepOpen(table, { ...next, goneAt: since });
    }
    return delivery;
  }

  async function update(now: number): Promise<void> {
    const names = everybody.map(({ name }) => name);
    const all = await readOpen(table, names);
    const open = all.filter(({ rule }) => rule !== 'receiver-failing');
    const found = await find(now, open);
    const before = new Map(open.map((alarm) => [idOf(alarm), alarm]));
    const tracked: Tracked[] = [];
    for (const sighting of found) {
      const { rule, group } = sighting;
      const known = before.get(idOf(sighting));
      before.delete(idOf(sighting));
      const alarm = known ?? { rule, group, openedAt: now, told: {} };
      if (known === undefined) await keepOpen(table, alarm);
      tracked.push({ alarm, sighting });
    }
    const delivery = await tellOf([...tracked, ...[...before.values()].map((alarm) => ({ alarm }))], now);
    const failing = new Map(all.filter(({ rule }) => rule === 'receiver-failing').map((alarm) => [alarm.group, alarm]));
    await keepFailures(table, failing, delivery.failed, now);
    await tellOf(failingReceivers(names, failing, delivery, now), now);
  }

  async function own(rule: RuleId, about: string | undefined): Promise<void> {
    const now = clock();
    const known = mine.get(rule);
    if (about === undefined && known === undefined) return;
    const alarm = known ?? { openedAt: now, about: about ?? '' };
    mine.set(rule, alarm);
    const { toldAt, openedAt } = alarm;
    const isOver = about === undefined;
    if (isOver && toldAt === undefined) mine.delete(rule);
    else if (!isOver && toldAt !== undefined && now - toldAt < REPEAT_MS) return;
    else if (isOver || now - ownAt >= OWN_MS) {
      const turn = isOver ? 'closed' : toldAt === undefined ? 'opened' : 'open';
      const named = isOver ? [] : [alarm.about];
      if (!isOver) ownAt = now;
      const isTold = await tellNow(
        [{ turn, sighting: { rule, group: '', count: 1, since: openedAt, about: named } }],
        now,
      );
      if (isOver) mine.delete(rule);
      else if (isTold) mine.set(rule, { ...alarm, toldAt: now });
    }
  }

  /** Tells everybody who hears of it, without the table. @returns whether somebody has heard, or nobody is there to hear */
  async function tellNow(news: readonly News[], now: number): Promise<boolean> {
    const message = messageOf(from, now, news);
    const hearing = everybody.filter((one) => isHeard(message.severity, one.from ?? 'info'));
    const sent = await Promise.allSettled(hearing.map((receiver) => send(receiver, message)));
    const others = sent.slice(1); // the log always hears
    for (const [index, result] of others.entries()) {
      if (result.status === 'fulfilled') continue;
      log.error('A receiver could not be told of an alarm.', result.reason, { receiver: hearing[index + 1]?.name });
    }
    return others.length === 0 || others.some(({ status }) => status === 'fulfilled');
  }

  return {
    own,
    look: async () => {
      const now = clock();
      try {
        if ((await options.isOpen?.()) === false) return true;
        const lease = await takeLease(table, 'alarms', { owner: options.owner, now, until: now + LEASE_MS });
        if (lease.held) await update(now);
      } catch (error) {
        failed += 1;
        log.error('The alarms cannot be looked at.', error);
        if (failed >= FAILED_LOOKS) await own('table-unreachable', error instanceof Error ? error.name : 'error');
        return false;
      }
      failed = 0;
      await own('table-unreachable', undefined);
      return true;
    },
    notWoken: async (ids) => {
      for (const product of new Set(ids)) observations.count({ product, notWoken: true });
      await observations.flush();
    },
  };
}

function idOf({ rule, group }: Pick<OpenAlarm, 'rule' | 'group'>): string {
  return `${rule} ${group}`;
}
