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

/** Outcome of a delivery. */
export interface Delivery {
  /** The alarms with what receivers remember of them by now. */
  readonly alarms: readonly OpenAlarm[];
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
  const wanted = receivers.map((receiver) => ({
    receiver,
    news: tracked.map((one) => newsTo(receiver, one, now)),
  }));
  const asked = wanted.filter(({ news }) => news.some((one) => one !== undefined));
  const sent = await Promise.allSettled(
    asked.map(({ receiver, news }) =>
      send(
        receiver,
        messageOf(
          from,
          now,
          news.flatMap((one) => one ?? []),
        ),
      ),
    ),
  );
  const heard = new Set<string>();
  const failed = new Map<string, string>();
  const told = tracked.map(({ alarm }) => ({ ...alarm.told }));
  for (const [index, { receiver, news }] of asked.entries()) {
    const result = sent[index];
    if (result?.status === 'rejected') {
      failed.set(receiver.name, reasonOf(result.reason));
      continue;
    }
    heard.add(receiver.name);
    for (const [at, one] of news.entries()) {
      if (one?.turn === 'closed') delete told[at]?.[receiver.name];
      else if (one !== undefined) Object.assign(told[at] ?? {}, { [receiver.name]: now });
    }
  }
  return { alarms: tracked.map(({ alarm }, index) => ({ ...alarm, told: told[index] ?? {} })), heard, failed };
}

/** Sends a message to a receiver, which has so long to take it. */
export async function send(receiver: Receiver, message: Message): Promise<void> {
  await receiver.send(message, AbortSignal.timeout(SEND_MS));
}

function newsTo({ name, from = 'info' }: Receiver, { alarm, sighting }: Tracked, now: number): News | undefined {
  const { rule, group, openedAt } = alarm;
  if (!isHeard(RULES[rule].severity, from)) return undefined;
  if (rule === 'receiver-failing' && group === name) return undefined; // the others are told of it
  const toldAt = Object.hasOwn(alarm.told, name) ? alarm.told[name] : undefined;
  if (sighting === undefined) {
    if (toldAt === undefined) return undefined;
    return { turn: 'closed', sighting: { rule, group, count: 0, since: openedAt, about: [] } };
  }
  if (toldAt === undefined) return { turn: 'opened', sighting };
  return now - toldAt < REPEAT_MS ? undefined : { turn: 'open', sighting };
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
