import { randomUUID } from 'node:crypto';
import type { Products } from '../../../../lib/config/products.ts';
import { createLog } from '../../../../lib/log.ts';
import { MarketplaceError } from '../../../../lib/open-api/error.ts';
import type { Table } from '../../../../lib/table/table.ts';
import type { PushUsage } from '../../../../lib/usage/dependencies.ts';
import { sweepUsage } from '../../../../lib/usage/sweep.ts';
import { Problem } from '../../../dev/problem.ts';
import { asTable, shortTime } from './table-text.ts';

type Say = (text: string, data: unknown) => void;

const HOUR = 3_600_000;

/** Pushes what is due now, as the schedule does; what stays due ends in exit code 1. */
export async function pushDue(options: {
  readonly table: Table;
  readonly products: Products;
  readonly pushUsage: PushUsage;
  readonly place: string;
  readonly say: Say;
}): Promise<void> {
  const { table, products, pushUsage, place, say } = options;
  const log = createLog((line) => line.startsWith('{"_aws"') || console.error(line));
  const deps = { table, products, pushUsage, batchSize: 1_000, clock: Date.now, random: Math.random, log };
  const { accepted, rejected, postponed, left, ...others } = await sweepUsage(deps, () => Number.POSITIVE_INFINITY);
  const rows = Object.entries({ accepted, rejected, postponed, left }).map(([state, count]) => [state, String(count)]);
  say(`${asTable(['records', 'count'], rows)}\n\npushed to ${place}`, {
    accepted,
    rejected,
    postponed,
    left,
    ...others,
  });
  if (rejected + left > 0) process.exitCode = 1;
}

/** One record of the hour before, pushed as it is for the console's debugging case; nothing is stored. */
export async function pushTest(options: {
  readonly pushUsage: PushUsage;
  readonly place: string;
  readonly product: string;
  readonly instanceId: string | undefined;
  readonly say: Say;
}): Promise<void> {
  const { pushUsage, place, product, instanceId = randomUUID(), say } = options;
  const now = Date.now();
  const end = now - (now % HOUR);
  const record = {
    instanceId,
    recordTime: new Date(now),
    beginTime: new Date(end - HOUR),
    endTime: new Date(end),
    usageValue: '1',
    meteringSn: randomUUID(),
  };
  const [result] = await pushUsage(product, [record]).catch((error) => {
    throw error instanceof MarketplaceError ? new Problem(`${place}: ${error.message}`) : error;
  });
  const { outcome = 'unsettled', code = '', meaning = '' } = result ?? {};
  const row = [
    instanceId,
    shortTime(end - HOUR),
    shortTime(end),
    '1',
    record.meteringSn,
    outcome,
    `${code} ${meaning}`,
  ];
  const heads = ['instance', 'begin', 'end', 'value', 'metering number', 'outcome', 'note'];
  say(`${asTable(heads, [row])}\n\npushed to ${place} for product ${product}`, { record, result });
  if (outcome !== 'accepted') process.exitCode = 1;
}
