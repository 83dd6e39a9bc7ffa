import type { Products } from '../../../../lib/config/products.ts';
import type { Table } from '../../../../lib/table/table.ts';
import { reportUsage } from '../../../../lib/usage/store.ts';
import { asTable } from './table-text.ts';

/** Stores reports as the queue's function does, and says what became of each; a refusal ends in exit code 1. */
export async function reportFrom(options: {
  readonly table: Table;
  readonly products: Products;
  readonly place: string;
  readonly reports: readonly unknown[];
  readonly say: (text: string, data: unknown) => void;
}): Promise<void> {
  const { table, products, place, reports, say } = options;
  const rows: string[][] = [];
  const answers: unknown[] = [];
  for (const report of reports) {
    const answer = await reportUsage({ table, products, clock: Date.now }, report);
    const { id = '', instanceId = '' } = Object(report);
    answers.push(answer);
    if (answer.outcome !== 'refused') {
      rows.push([String(instanceId), String(id), answer.outcome, answer.record.meteringSn]);
      continue;
    }
    process.exitCode = 1;
    rows.push([String(instanceId), String(id), 'refused', `${answer.code}: ${answer.reason}`]);
  }
  say(`${asTable(['instance', 'id', 'outcome', 'metering number or reason'], rows)}\n\nin ${place}`, answers);
}
