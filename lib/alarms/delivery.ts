/**
 * Who is told of what. Each receiver has a memory of its own in the state of an alarm: what it was not told of, since it
 * could not be reached, it is told of by a later look, and nobody else is told twice.
 */
import { isHeard } from '../config/alarm-settings.ts';
import type { Log } from '../log.ts';
import { type Message, messageOf, type News } from './message.ts';
import type { Receiver } from './receivers.ts';
import { RULES, type Sighting } from './rules.ts';
import type { OpenAlarm } from './state.ts';

/** Milliseconds after which an alarm that is still open is said again. */
export const REPEAT_MS = 12 * 3_600_000;
/** Milliseconds that a receiver may take. */
const SEND_MS = 10_000;
/** Name under which the log's memory is kept; no setting can have it. */
export const LOG_NAME = '_log';

/** An alarm, and what of it was found; nothing: it is over. */
export interface Tracked {
  readonly alarm: OpenAlarm;
  readonly sighting?: Sighting | undefined;
}

/** An alarm, and what receivers remember of it after a delivery. */
export interface Told extends Tracked {
  readonly told: Readonly<Record<string, number>>;
}

/** Outcome of a delivery. */
export interface Delivery {
  readonly outcomes: readonly Told[];
  /** Names of the receivers that have heard something. */
  readonly heard: ReadonlySet<string>;
  /** Reason for each receiver that could not be told, by its name. */
  readonly failed: ReadonlyMap<string, string>;
}

/** Tells each receiver what is news to it, in one message. */
export async function deliver(
  receivers: readonly Receiver[],
  tracked: readonly Tracked[],
  { from, now }: { readonly from: string; readonly now: number },
): Promise<Delivery> {
  const outcomes = tracked.map((one) => ({ ...one, told: new Map(Object.entries(one.alarm.told)) }));
  const heard = new Set<string>();
  const failed = new Map<string, string>();
  const tell = async (receiver: Receiver) => {
    const news = outcomes.flatMap(({ told, ...one }) => newsTo(receiver, one, now).map((item) => ({ told, item })));
    if (news.length === 0) return;
    const { name } = receiver;
    const items = news.map(({ item }) => item);
    try {
      await send(receiver, messageOf(from, now, items));
    } catch (error) {
      failed.set(name, reasonOf(error));
      return;
    }
    heard.add(name);
    for (const { told, item } of news) {
      if (item.turn === 'closed') told.delete(name);
      else told.set(name, now);
    }
  };
  await Promise.all(receivers.map(tell));
  return { outcomes: outcomes.map((one) => ({ ...one, told: Object.fromEntries(one.told) })), heard, failed };
}

/** Sends a message to a receiver, which has so long to take it. */
export async function send(receiver: Receiver, message: Message): Promise<void> {
  await receiver.send(message, AbortSignal.timeout(SEND_MS));
}

/** Gives the news of an alarm to a receiver: one, or none. */
function newsTo({ name, from = 'info' }: Receiver, { alarm, sighting }: Tracked, now: number): readonly News[] {
  const { rule, group, openedAt } = alarm;
  if (!isHeard(RULES[rule].severity, from)) return [];
  if (rule === 'receiver-failing' && group === name) return []; // the others are told of it
  const toldAt = new Map(Object.entries(alarm.told)).get(name);
  if (sighting === undefined) {
    if (toldAt === undefined) return [];
    return [{ turn: 'closed', sighting: { rule, group, count: 0, since: openedAt, about: [] } }];
  }
  if (toldAt === undefined) return [{ turn: 'opened', sighting }];
  return now - toldAt < REPEAT_MS ? [] : [{ turn: 'open', sighting }];
}

/** Says why a receiver could not be told; the errors of receivers name neither addresses nor secrets. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Makes the receiver that is always there: each alarm is a line of the log. */
export function logReceiver(log: Log): Receiver {
  return {
    name: LOG_NAME,
    send: async ({ news }) => {
      for (const { turn, sighting } of news)
        log.warn(`An alarm is ${turn === 'closed' ? 'closed' : 'open'}.`, { turn, ...sighting });
    },
  };
}
