import { setTimeout as pause } from 'node:timers/promises';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { InstanceItem } from '../../../../lib/instances/item.ts';
import type { Reached } from '../http/local.ts';

/** Milliseconds that the remaining work may take after the last call. */
const SETTLING_MS = 180_000;
const POLL_MS = 500;

/** Waits until no change is left to do, or too long. @returns all instances */
export async function settled(local: Pick<Reached, 'table'>): Promise<readonly InstanceItem[]> {
  const until = Date.now() + SETTLING_MS;
  for (;;) {
    const items = await instancesOf(local);
    if (items.every(({ pending }) => pending.length === 0) || Date.now() > until) return items;
    await pause(POLL_MS);
  }
}

/** Reads all instances of the table. */
export async function instancesOf({ table }: Pick<Reached, 'table'>): Promise<readonly InstanceItem[]> {
  const found: InstanceItem[] = [];
  let from: Record<string, never> | undefined;
  do {
    const page = await table.client.send(
      new ScanCommand({ TableName: table.name, ConsistentRead: true, ...(from ? { ExclusiveStartKey: from } : {}) }),
    );
    for (const item of page.Items ?? []) if (item.sk?.S === 'INSTANCE') found.push(unmarshall(item) as InstanceItem);
    from = page.LastEvaluatedKey as typeof from;
  } while (from !== undefined);
  return found;
}
