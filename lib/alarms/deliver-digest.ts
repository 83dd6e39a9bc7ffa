import { isHeard } from '../config/alarm-settings.ts';
import type { Log } from '../log.ts';
import type { Table } from '../table/table.ts';
import { reasonOf, send } from './delivery.ts';
import { noteDelivery } from './failing-receivers.ts';
import type { Message } from './message.ts';
import type { Receiver } from './receivers.ts';
import { readOpen } from './state.ts';

/**
 * Sends the daily digest to all who hear of everything; a receiver that fails is noted for the next look of the alarms.
 * @returns whether somebody has it, or nobody is there to have it
 */
export async function deliverDigest(
  { table, receivers, log }: { readonly table: Table; readonly receivers: readonly Receiver[]; readonly log: Log },
  message: Message,
  now: number,
): Promise<boolean> {
  const meant = receivers.filter(({ from = 'info' }) => isHeard(message.severity, from));
  const sent = await Promise.allSettled(meant.map((receiver) => send(receiver, message)));
  const heard = new Set<string>();
  const failed = new Map<string, string>();
  for (const [index, { name }] of meant.entries()) {
    const result = sent[index];
    if (result?.status !== 'rejected') heard.add(name);
    else {
      failed.set(name, reasonOf(result.reason));
      log.error('A receiver could not be sent the daily digest.', result.reason, { receiver: name });
    }
  }
  const failing = (await readOpen(table)).filter(({ rule }) => rule === 'receiver-failing');
  await noteDelivery(table, new Map(failing.map((alarm) => [alarm.group, alarm])), { heard, failed }, now);
  log.info('The daily digest was sent.', { heard: heard.size, failed: failed.size });
  return meant.length === 0 || heard.size > 0;
}
