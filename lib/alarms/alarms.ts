/**
 * Looks once a minute at what the rules find, and says what is new. Of any number of processes one looks at a time, under a
 * lease; the write that takes it also shows that the table takes writes. What an alarm has said is kept in the table, so
 * that it opens once, repeats seldom and says when it closes, whoever looks.
 *
 * When the table itself cannot be reached, the process rings from memory, at most once in ten minutes.
 */
import { takeLease } from '../instances/job-lease.ts';
import type { Log } from '../log.ts';
import { readRound } from '../reconcile/cursor.ts';
import type { Table } from '../table/table.ts';
import { type History, lookAtCalls, lookAtDelisting, readHistory, type Watched } from './from-calls.ts';
import { lookAtChanges, lookAtTroubles, lookAtUsage } from './from-table.ts';
import { messageOf, type News } from './message.ts';
import type { Observations } from './observations.ts';
import type { Receiver } from './receivers.ts';
import { type RuleId, type Sighting, Sightings } from './rules.ts';
import { keepClosed, keepOpen, type OpenAlarm, readOpen } from './state.ts';

/** Milliseconds for which nobody else looks: less than the pause between two sweeps of a process. */
const LEASE_MS = 40_000;
/** Milliseconds after which an alarm that is still open is said again. */
export const REPEAT_MS = 12 * 3_600_000;
/** Looks in a row that fail before the table counts as gone; one may meet a failover. */
const FAILED_LOOKS = 2;
/** Milliseconds between two messages of a process that rings by itself. */
const OWN_MS = 600_000;
/** Milliseconds that a receiver may take. */
const SEND_MS = 10_000;

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
  const { table, products, log, clock, observations } = options;
  const history: History = new Map();
  const mine = new Map<RuleId, OpenAlarm & { readonly about: string }>();
  let failed = 0;
  let ownAt = Number.NEGATIVE_INFINITY;

  const tell = (news: readonly News[]) => tellAll(options, news);

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

  async function update(now: number): Promise<void> {
    const open = await readOpen(table);
    const found = await find(now, open);
    const idOf = ({ rule, group }: Pick<Sighting, 'rule' | 'group'>) => `${rule} ${group}`;
    const before = new Map(open.map((alarm) => [idOf(alarm), alarm]));
    const news: { readonly item: News; readonly alarm: OpenAlarm }[] = [];
    for (const sighting of found) {
      const { rule, group } = sighting;
      const known = before.get(idOf(sighting));
      before.delete(idOf(sighting));
      const alarm = known ?? { rule, group, openedAt: now };
      if (known === undefined) await keepOpen(table, alarm);
      const { toldAt } = alarm;
      if (toldAt !== undefined && now - toldAt < REPEAT_MS) continue;
      news.push({ item: { turn: toldAt === undefined ? 'opened' : 'open', sighting }, alarm });
    }
    const closed = [...before.values()];
    for (const alarm of closed.filter(({ toldAt }) => toldAt !== undefined)) {
      news.push({
        item: { turn: 'closed', sighting: { ...alarm, count: 0, since: alarm.openedAt, about: [] } },
        alarm,
      });
    }
    if (news.length > 0 && !(await tell(news.map(({ item }) => item)))) return; // the next look tells it
    for (const { item, alarm } of news) if (item.turn !== 'closed') await keepOpen(table, { ...alarm, toldAt: now });
    for (const alarm of closed) await keepClosed(table, alarm, now);
  }

  async function own(rule: RuleId, about: string | undefined): Promise<void> {
    const now = clock();
    const known = mine.get(rule);
    if (about === undefined && known === undefined) return;
    const alarm = known ?? { rule, group: '', openedAt: now, about: about ?? '' };
    mine.set(rule, alarm);
    const { toldAt, openedAt, group } = alarm;
    const isOver = about === undefined;
    if (isOver && toldAt === undefined) mine.delete(rule);
    else if (!isOver && toldAt !== undefined && now - toldAt < REPEAT_MS) return;
    else if (isOver || now - ownAt >= OWN_MS) {
      const turn = isOver ? 'closed' : toldAt === undefined ? 'opened' : 'open';
      const named = isOver ? [] : [alarm.about];
      if (!isOver) ownAt = now;
      const isTold = await tell([{ turn, sighting: { rule, group, count: 1, since: openedAt, about: named } }]);
      if (isOver) mine.delete(rule);
      else if (isTold) mine.set(rule, { ...alarm, toldAt: now });
    }
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

/** Tells every receiver, and the log. @returns whether somebody has heard, or nobody is there to hear */
async function tellAll({ receivers, from, log, clock }: AlarmsOptions, news: readonly News[]): Promise<boolean> {
  const message = messageOf(from, clock(), news);
  for (const { turn, sighting } of news)
    log.warn(`An alarm is ${turn === 'closed' ? 'closed' : 'open'}.`, { turn, ...sighting });
  const sent = await Promise.allSettled(
    receivers.map((receiver) => receiver.send(message, AbortSignal.timeout(SEND_MS))),
  );
  for (const [index, result] of sent.entries()) {
    if (result.status === 'fulfilled') continue;
    log.error('A receiver could not be told of an alarm.', result.reason, { receiver: receivers[index]?.name });
  }
  return receivers.length === 0 || sent.some(({ status }) => status === 'fulfilled');
}
