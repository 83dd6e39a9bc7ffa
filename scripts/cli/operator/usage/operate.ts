import type { Products } from '../../../../lib/config/products.ts';
import { keys } from '../../../../lib/instances/keys.ts';
import { recordAlone } from '../../../../lib/operations/record-action.ts';
import type { Table } from '../../../../lib/table/table.ts';
import { subjectOf } from '../../../../lib/usage/keys.ts';
import { parseRecordName, rejectByHand, requeueByHand } from '../../../../lib/usage/operate.ts';
import type { Say } from '../../messages/index.ts';
import { EXIT, Problem } from '../../terminal/problem.ts';
import type { Recorder } from '../acting.ts';

/** Sets one record aside, or makes it due at once. @returns 1 if it is as it was */
export async function operateOn(options: {
  readonly action: 'reject' | 'requeue';
  readonly table: Table;
  readonly products: Products;
  readonly place: string;
  readonly product: string;
  readonly name: string | undefined;
  readonly reason: string;
  readonly recorder: Recorder;
  readonly tell: (text: string, data: unknown) => void;
  readonly say: Say;
}): Promise<number> {
  const { action, table, products, place, product, name = '', reason, recorder, tell, say } = options;
  const key = parseRecordName(product, name);
  if (key === undefined) throw new Problem('problem.usage-key');
  const { instanceId = '' } = subjectOf(key) ?? {};
  await recordAlone(table, keys.instance(product, instanceId), recorder(`usage ${action}`, name));
  const door = { table, products, clock: Date.now };
  const done = action === 'reject' ? await rejectByHand(door, key, reason) : await requeueByHand(door, key);
  switch (done.outcome) {
    case 'done':
      tell(say(`usage.done.${action}`, { key: name, place, number: done.record.meteringSn ?? '' }), done);
      return EXIT.good;
    case 'is':
      tell(say('usage.is', { key: name, state: say(`usage.state.${done.state}`) }), done);
      return EXIT.found;
    case 'refused':
      tell(say('usage.not-requeued', { key: name, code: done.code, reason: done.reason }), done);
      return EXIT.found;
    default:
      tell(say(`usage.${done.outcome}`, { key: name, place }), done);
      return EXIT.found;
  }
}
