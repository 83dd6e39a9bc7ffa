import { createAlarms } from '../../lib/alarms/alarms.ts';
import type { Message } from '../../lib/alarms/message.ts';
import { createObservations } from '../../lib/alarms/observations.ts';
import type { Receiver } from '../../lib/alarms/receivers.ts';
import { putIf } from '../../lib/instances/write.ts';
import type { Table } from '../../lib/table/table.ts';
import { recordingLog } from '../middleware/support.ts';
import { memoryTable } from '../support/memory-table.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** A morning in the middle of a month. */
export const NOW = Date.UTC(2026, 2, 18, 1);

/** Alarms over a table in memory, with a clock that only tests move and a receiver that keeps what it is told. */
export function alarmWorld(options: { readonly onSale?: boolean; readonly receivers?: readonly Receiver[] } = {}) {
  const time = { now: NOW };
  const memory = memoryTable();
  const faults: { next?: (name: string) => void; pager?: () => void } = {};
  const send = async (...args: unknown[]) => {
    faults.next?.((args[0] as object).constructor.name);
    return Reflect.apply(memory.client.send, memory.client, args);
  };
  const table: Table = { name: memory.name, client: { send: send as Table['client']['send'] } };
  const messages: Message[] = [];
  const log = recordingLog();
  const isOpen = { current: true };
  const common = {
    table,
    log,
    clock: () => time.now,
    products: [{ id: 'demo', onSale: options.onSale ?? true }],
    receivers: options.receivers ?? [
      { name: 'ops', send: async (message: Message) => void messages.push(message) },
      { name: 'pager', send: async () => faults.pager?.() },
    ],
    from: 'shop prod',
    observations: createObservations(memory, () => time.now),
    isOpen: async () => isOpen.current,
  };
  const alarms = createAlarms({ ...common, owner: 'one' });
  return {
    ...{ table, time, faults, messages, log, isOpen, alarms },
    other: createAlarms({ ...common, owner: 'two' }),
    counts: createObservations(memory, () => time.now),
    /** Looks, a minute after the last time. */
    async look(minutes = 1): Promise<string[]> {
      time.now += minutes * MINUTE;
      const before = messages.length;
      await alarms.look();
      return messages
        .slice(before)
        .flatMap(({ news }) => news.map(({ turn, sighting: { rule, group } }) => `${turn} ${rule} ${group}`));
    },
    put: (item: object) =>
      putIf(memory, item as never, { condition: 'attribute_not_exists(#pk) OR attribute_exists(#pk)', values: {} }),
  };
}

export type AlarmWorld = ReturnType<typeof alarmWorld>;

/** An instance as it lies in the table. */
export function instance(id: string, members: object = {}): object {
  return {
    ...{ pk: `INSTANCE#demo#${id}`, sk: 'INSTANCE', type: 'instance', product: 'demo', instanceId: id },
    ...{ orderId: 'CS1', orderLineId: 'L1', wanted: 'ACTIVE', state: 'ACTIVE', statusAt: 0, expireSetAt: 0 },
    ...{ createdAt: NOW, pending: [], failed: {}, attempts: 0 },
    ...members,
  };
}

/** Members of an item at which a change waits. */
export function waiting(kind: string, acceptedAt: number, more: object = {}): object {
  const pending = [{ id: 'c', kind, acceptedAt, sentAt: acceptedAt, ...more }];
  return { pending, dueShard: 3, dueAt: acceptedAt + HOUR, attempts: 3 };
}
