import type { Products } from '../../../../lib/config/products.ts';
import type { Table } from '../../../../lib/table/table.ts';
import { reportUsage } from '../../../../lib/usage/store.ts';
import type { Say } from '../../messages/index.ts';
import { EXIT } from '../../terminal/problem.ts';
import { asTable } from './table-text.ts';

/** Stores reports as the queue's function does, and says what became of each. @returns 1 after a refusal */
export async function reportFrom(options: {
  readonly table: Table;
  readonly products: Products;
  readonly place: string;
  readonly reports: readonly unknown[];
  readonly tell: (text: string, data: unknown) => void;
  readonly say: Say;
}): Promise<number> {
  const { table, products, place, reports, tell, say } = options;
  const rows: string[][] = [];
  const answers: unknown[] = [];
  let refused = 0;
  for (const report of reports) {
    const answer = await reportUsage({ table, products, clock: Date.now }, report);
    const { id = '', instanceId = '' } = Object(report);
    answers.push(answer);
    if (answer.outcome !== 'refused') {
      rows.push([String(instanceId), String(id), say(`usage.outcome.${answer.outcome}`), answer.record.meteringSn]);
      continue;
    }
    refused += 1;
    rows.push([String(instanceId), String(id), say('usage.outcome.refused'), `${answer.code}: ${answer.reason}`]);
  }
  const heads = ['instance', 'id', 'outcome', 'number-or-reason'].map((name) => say(`usage.head.${name}`));
  tell(`${asTable(heads, rows)}\n\n${say('usage.in', { place })}`, answers);
  return refused > 0 ? EXIT.found : EXIT.good;
}
