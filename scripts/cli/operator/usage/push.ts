import { randomUUID } from 'node:crypto';
import type { Products } from '../../../../lib/config/products.ts';
import { createLog } from '../../../../lib/log.ts';
import { MarketplaceError } from '../../../../lib/open-api/error.ts';
import type { Table } from '../../../../lib/table/table.ts';
import type { PushUsage } from '../../../../lib/usage/dependencies.ts';
import { sweepUsage } from '../../../../lib/usage/sweep.ts';
import type { Say } from '../../messages/index.ts';
import { EXIT, Problem } from '../../terminal/problem.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { testRecord } from '../open-api/call.ts';
import { asTable, shortTime } from './table-text.ts';

type Tell = (text: string, data: unknown) => void;

/** Pushes what is due now, as the schedule does. @returns 1 if something stays due */
export async function pushDue(options: {
  readonly table: Table;
  readonly products: Products;
  readonly pushUsage: PushUsage;
  readonly place: string;
  readonly tell: Tell;
  readonly terminal: Terminal;
}): Promise<number> {
  const { table, products, pushUsage, place, tell, terminal } = options;
  const { say } = terminal;
  const log = createLog((line) => line.startsWith('{"_aws"') || terminal.note(line));
  const deps = { table, products, pushUsage, batchSize: 1_000, clock: Date.now, random: Math.random, log };
  const { accepted, rejected, postponed, left, unadopted, ...others } = await sweepUsage(
    deps,
    () => Number.POSITIVE_INFINITY,
  );
  const rows = Object.entries({ accepted, rejected, postponed, left, unadopted }).map(([state, count]) => [
    say(`usage.state.${state}`),
    String(count),
  ]);
  const heads = ['records', 'count'].map((name) => say(`usage.head.${name}`));
  const text = `${asTable(heads, rows)}\n\n${say('usage.pushed', { place })}`;
  tell(text, { accepted, rejected, postponed, left, unadopted, ...others });
  return rejected + left > 0 ? EXIT.found : EXIT.good;
}

/** One record of the hour before, pushed as it is for the console's debugging case; nothing is stored. @returns 1 unless it was accepted */
export async function pushTest(options: {
  readonly pushUsage: PushUsage;
  readonly place: string;
  readonly product: string;
  readonly instanceId: string | undefined;
  readonly tell: Tell;
  readonly say: Say;
}): Promise<number> {
  const { pushUsage, place, product, instanceId = randomUUID(), tell, say } = options;
  const record = testRecord(instanceId, Date.now());
  const [result] = await pushUsage(product, [record]).catch((error) => {
    if (!(error instanceof MarketplaceError)) throw error;
    throw new Problem('problem.marketplace-said', { place, message: error.message }, EXIT.found);
  });
  const { outcome = 'unsettled', code = '', meaning = '' } = result ?? {};
  const row = [
    instanceId,
    shortTime(record.beginTime.getTime()),
    shortTime(record.endTime.getTime()),
    '1',
    record.meteringSn,
    say(`usage.state.${outcome}`),
    `${code} ${meaning}`,
  ];
  const heads = ['instance', 'begin', 'end', 'value', 'number', 'outcome', 'note'].map((name) =>
    say(`usage.head.${name}`),
  );
  tell(`${asTable(heads, [row])}\n\n${say('usage.pushed-for', { place, product })}`, { record, result });
  return outcome === 'accepted' ? EXIT.good : EXIT.found;
}
