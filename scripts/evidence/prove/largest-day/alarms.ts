import { createAlarms } from '../../../../lib/alarms/alarms.ts';
import { createObservations } from '../../../../lib/alarms/observations.ts';
import type { Table } from '../../../../lib/table/table.ts';

/** Milliseconds after which a purchase that fails, and what was left undone, rings. */
const LATER_MS = 11 * 60_000;

/** Looks at the table as the sweep does, some minutes from now. */
export function watching(table: Table, products: readonly string[]) {
  const open = new Set<string>();
  let now = Date.now();
  const clock = () => now;
  const nothing = () => undefined;
  const alarms = createAlarms({
    ...{ table, clock, owner: 'largest-day', from: 'largest day' },
    log: { info: nothing, warn: nothing, error: nothing, metric: nothing },
    products: products.map((id) => ({ id, onSale: true })),
    observations: createObservations(table, clock),
    receivers: [
      {
        name: 'ops',
        send: async ({ news }) => {
          for (const { turn, sighting } of news) {
            const alarm = `${sighting.rule} ${sighting.group}`.trim();
            if (turn === 'closed') open.delete(alarm);
            else open.add(alarm);
          }
        },
      },
    ],
  });
  return {
    /** Alarms that are open once the rules have been looked at, minute by minute, for a while. */
    async openAlarms(): Promise<readonly string[]> {
      now = Math.max(now, Date.now() + LATER_MS);
      for (let minute = 0; minute < 3; minute += 1) {
        now += 60_000;
        await alarms.look();
      }
      return [...open].sort();
    },
  };
}
