import { readItems } from '../../../lib/instances/read.ts';
import type { Table } from '../../../lib/table/table.ts';
import { duePages } from '../../../lib/usage/due.ts';
import type { UsageRecord, WrittenReport } from '../../../lib/usage/item.ts';
import { subjectOf } from '../../../lib/usage/keys.ts';
import { usageLine } from './history.ts';
import type { WaitingUsageLine } from './shapes.ts';

/** Records that are listed at most; those that are due first. */
const LISTED = 200;

/** Lists usage that waits for its push, the oldest period first. */
export async function listWaitingUsage(table: Table): Promise<readonly WaitingUsageLine[]> {
  const lines: WaitingUsageLine[] = [];
  for await (const keys of duePages(table, Number.MAX_SAFE_INTEGER)) {
    for (const record of await readItems<UsageRecord | WrittenReport>(table, keys)) {
      const subject = subjectOf(record);
      if (subject !== undefined) lines.push({ ...usageLine(subject.instanceId, record), ...subject });
    }
    if (lines.length >= LISTED) break;
  }
  return lines.toSorted((a, b) => a.begin - b.begin).slice(0, LISTED);
}
