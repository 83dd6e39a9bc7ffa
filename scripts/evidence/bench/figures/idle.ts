import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { createAlarms } from '../../../../lib/alarms/alarms.ts';
import { createObservations } from '../../../../lib/alarms/observations.ts';
import type { Table } from '../../../../lib/table/table.ts';
import { localClient } from '../../../dev/engine.ts';
import { idleDollars } from '../../cost/arithmetic.ts';
import { BUNDLES } from '../bundles.ts';
import { lambdaContext, purchase, signedEvent } from '../events.ts';
import { calls, type Figure, type Row } from '../figure.ts';
import { microseconds } from '../format.ts';
import { type Meter, startMeter } from '../meter.ts';
import { median } from '../statistics.ts';
import { inWorld, TABLES } from '../world.ts';

type Sweep = (event: object, context: object) => Promise<unknown>;

/** Cost of a stage that sells nothing: its sweeps, minute by minute; and what a call writes into the log. */
export const idle: Figure = async (effort, say) => {
  let meter: Meter | undefined;
  const through = async (endpoint: string) => {
    meter = await startMeter(endpoint);
    return meter;
  };
  return inWorld(
    async ({ endpoint, parameters: { key }, load }) => {
      const sum = (units: ReadonlyMap<string, number> | undefined) =>
        [...(units?.values() ?? [])].reduce((a, b) => a + b, 0);
      const log = countedLog();
      const fulfil: Sweep = createRequire(import.meta.url)(BUNDLES.fulfil).handler;
      const sweep = () => fulfil({ source: 'aws.events' }, lambdaContext());
      await sweep(); // the first reads the secrets and opens connections
      const count = calls(effort, 60, 5);
      say(`${count} sweeps with nothing due`);
      const before = { read: sum(meter?.read), write: sum(meter?.write), log: log.bytes() };
      const walls: number[] = [];
      for (let turn = 0; turn < count; turn += 1) {
        const began = performance.now();
        await sweep();
        walls.push((performance.now() - began) * 1_000);
      }
      const each = (total: number, start: number) => (total - start) / count;
      const bytes = each(log.bytes(), before.log);
      say('looks for alarms');
      const swept = { read: sum(meter?.read), write: sum(meter?.write) };
      const client = localClient(endpoint);
      await lookForAlarms({ client, name: TABLES.koogate }, count);
      client.destroy();
      const looked = {
        reads: each(sum(meter?.read), swept.read),
        writes: each(sum(meter?.write), swept.write),
      };
      const used = {
        reads: each(swept.read, before.read) + looked.reads,
        writes: each(swept.write, before.write) + looked.writes,
        bytes,
        milliseconds: median(walls) / 1_000,
      };
      say('calls, and what they write into the log');
      const produce = load('produce');
      const logged = log.bytes();
      for (let call = 0; call < count; call += 1) await produce(signedEvent(key, purchase()), lambdaContext());
      const perCall = each(log.bytes(), logged);
      const row = (figure: string, value: number, ours: string, note?: string): Row => ({
        ...{ figure, value, ours, theirs: '' },
        ...(note === undefined ? {} : { note }),
      });
      return [
        row('read units of a sweep with nothing due', used.reads, used.reads.toFixed(2), 'with the look for alarms'),
        row('write units of a sweep with nothing due', used.writes, used.writes.toFixed(2)),
        row('time of a sweep with nothing due, ms', used.milliseconds, microseconds(median(walls))),
        row('bytes that a sweep with nothing due logs', used.bytes, `${Math.round(used.bytes)} bytes`),
        row('bytes that an accepted purchase logs', perCall, `${Math.round(perCall)} bytes`),
        {
          figure: 'dollars a month of a stage on AWS that sells nothing',
          value: idleDollars(used),
          goal: { atMost: 2 },
          ours: `${idleDollars(used).toFixed(2)} $`,
          theirs: '',
          note: 'list prices, without the free tier; see the page on cost',
        },
      ];
    },
    { through },
  );
};

/** Looks so often for what alarms ring for, once a minute of a clock that runs ahead; a stage of one product. */
async function lookForAlarms(table: Table, count: number): Promise<void> {
  let now = Date.now();
  const clock = () => now;
  const nothing = () => undefined;
  const alarms = createAlarms({
    ...{ table, clock, owner: randomUUID(), from: 'bench', receivers: [] },
    log: { info: nothing, warn: nothing, error: nothing, metric: nothing },
    products: [{ id: 'demo', onSale: true }],
    observations: createObservations(table, clock),
  });
  for (let turn = 0; turn < count; turn += 1) {
    now += 60_000;
    await alarms.look();
  }
}

/** Counts the bytes of log lines from now on; they go on to where they went. */
function countedLog() {
  let bytes = 0;
  for (const name of ['log', 'info', 'warn', 'error'] as const) {
    const write = console[name];
    console[name] = (...parts: unknown[]) => {
      bytes += Buffer.byteLength(parts.join(' ')) + 1;
      write(...parts);
    };
  }
  return { bytes: () => bytes };
}
