/**
 * Receivers that cannot be told are an alarm to the others. It is kept from the first failure on and told of once a later
 * look has failed too, since one lost message means nothing; it closes when the receiver has taken a message.
 */
import type { Table } from '../table/table.ts';
import type { Delivery, Tracked } from './delivery.ts';
import { keepOpen, type OpenAlarm } from './state.ts';

/** Milliseconds of failures after which the others are told: two looks, or three. */
const FAILING_MS = 90_000;

/** Finds which receivers fail. @param open alarms of the rule `receiver-failing`, by receiver */
export function failingReceivers(
  names: readonly string[],
  open: ReadonlyMap<string, OpenAlarm>,
  { heard, failed }: Pick<Delivery, 'heard' | 'failed'>,
  now: number,
): readonly Tracked[] {
  const all = new Set([...open.keys(), ...failed.keys()]);
  return [...all].flatMap((group): readonly Tracked[] => {
    const reason = failed.get(group);
    const alarm = open.get(group) ?? failing(group, now);
    const isOver = !names.includes(group) || (reason === undefined && (heard.has(group) || alarm.goneAt !== undefined));
    if (isOver) return [{ alarm }];
    const since = alarm.openedAt;
    const sighting = { rule: alarm.rule, group, count: 1, since, about: reason === undefined ? [] : [reason] };
    return now - since < FAILING_MS && Object.keys(alarm.told).length === 0 ? [] : [{ alarm, sighting }];
  });
}

function failing(group: string, now: number): OpenAlarm {
  return { rule: 'receiver-failing', group, openedAt: now, told: {} };
}

/** Keeps since when receivers fail. */
export async function keepFailures(
  table: Table,
  open: ReadonlyMap<string, OpenAlarm>,
  failed: Delivery['failed'],
  now: number,
): Promise<void> {
  for (const group of failed.keys()) if (!open.has(group)) await keepOpen(table, failing(group, now));
}

/**
 * Takes down the outcome of a message that was sent beside the looks, such as the digest; the next look says what is new.
 * @param open alarms of the rule `receiver-failing`, by receiver
 */
export async function noteDelivery(
  table: Table,
  open: ReadonlyMap<string, OpenAlarm>,
  { heard, failed }: Pick<Delivery, 'heard' | 'failed'>,
  now: number,
): Promise<void> {
  await keepFailures(table, open, failed, now);
  for (const [group, alarm] of open) if (heard.has(group)) await keepOpen(table, { ...alarm, goneAt: now });
}
