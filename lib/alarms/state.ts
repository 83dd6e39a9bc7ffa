import type { Key } from '../instances/keys.ts';
import { changeIf, putIf } from '../instances/write.ts';
import { ITEM_TYPE } from '../table/item-type.ts';
import { readPartition } from '../table/partition.ts';
import type { Table } from '../table/table.ts';
import type { RuleId } from './rules.ts';

/*
 * The state of the alarms: one item a rule and group, all in one partition, which is read as a whole. One process at a time
 * changes it, under the lease `alarms`; an alarm that was opened and not told is told by the next look.
 */

/** An alarm that is open. Times are Unix milliseconds. */
export interface OpenAlarm {
  readonly rule: RuleId;
  readonly group: string;
  readonly openedAt: number;
  /** When each receiver was told last, by the receiver's name. */
  readonly told: Readonly<Record<string, number>>;
  /** Since when nothing is found any more, while receivers still have to be told of it. */
  readonly goneAt?: number;
}

/** An item of the state; older versions have kept one time for all receivers. */
interface AlarmItem extends Omit<OpenAlarm, 'told'> {
  readonly told?: OpenAlarm['told'];
  readonly toldAt?: number;
}

const PARTITION = 'ALARM';
/** Seconds for which an alarm that is closed is kept. */
const KEPT_SECONDS = 30 * 86_400;

/** Reads the alarms that are open. @param names of all receivers, for whoever asks what each was told */
export async function readOpen(table: Table, names: readonly string[] = []): Promise<readonly OpenAlarm[]> {
  const open: AlarmItem[] = [];
  for await (const alarm of readPartition<AlarmItem>(table, PARTITION)) open.push(alarm);
  return open
    .filter(({ openedAt }) => openedAt !== undefined)
    .map(({ rule, group, openedAt, toldAt, told, goneAt }) => ({
      ...{ rule, group, openedAt },
      told: told ?? (toldAt === undefined ? {} : Object.fromEntries(names.map((name) => [name, toldAt]))),
      ...(goneAt === undefined ? {} : { goneAt }),
    }));
}

/** Keeps that an alarm is open, and who was told of it when; nobody unless that is given. */
export async function keepOpen(
  table: Table,
  alarm: Omit<OpenAlarm, 'told'> & Partial<Pick<OpenAlarm, 'told'>>,
): Promise<void> {
  const { openedAt } = alarm;
  const item = { ...keyOf(alarm), type: ITEM_TYPE.alarm, told: {}, ...alarm };
  await putIf(table, item, {
    condition: 'attribute_not_exists(#openedAt) OR #openedAt = :openedAt',
    values: { openedAt },
  });
}

/** Keeps that an alarm is closed. */
export async function keepClosed(table: Table, alarm: OpenAlarm, now: number): Promise<void> {
  const { openedAt } = alarm;
  await changeIf(table, keyOf(alarm), 'SET #closedAt = :now, #ttl = :ttl REMOVE #openedAt, #told, #toldAt, #goneAt', {
    condition: '#openedAt = :openedAt',
    values: { openedAt, now, ttl: Math.floor(now / 1_000) + KEPT_SECONDS },
  });
}

function keyOf({ rule, group }: Pick<OpenAlarm, 'rule' | 'group'>): Key {
  return { pk: PARTITION, sk: `${rule}#${group}` };
}
