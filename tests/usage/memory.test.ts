import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { keys } from '../../lib/instances/keys.ts';
import type { Table } from '../../lib/table.ts';
import type { UsageRecord } from '../../lib/usage/item.ts';
import { sweepUsage } from '../../lib/usage/sweep.ts';
import { plenty, storedRecord, usageWorld } from './world.ts';

const INSTANCES = 400;
const HOURS = 250;
const BATCH = 1_000;

/** The parts of requests that {@link endlessTable} looks at. */
interface Input {
  readonly Key: Record<string, AttributeValue>;
  readonly UpdateExpression: string;
  readonly ExpressionAttributeValues: Record<string, AttributeValue>;
  readonly ExclusiveStartKey?: { readonly at: string };
  readonly Limit: number;
  readonly RequestItems: { readonly endless: { readonly Keys: readonly Record<string, AttributeValue>[] } };
}

/**
 * A table of 100 000 records that exist only while they are looked at: it makes up what it is asked for, and remembers a
 * bit a record. So whatever is held is held by the sweep.
 */
function endlessTable() {
  const records = INSTANCES * HOURS;
  const isAccepted = new Uint8Array(records);
  const totals = new Map<string, Record<string, unknown>>();
  const position = new Map<string, number>();
  const keyAt = (index: number) => {
    const { pk, sk } = storedRecord(`i-${index % INSTANCES}`, Math.floor(index / INSTANCES), '1');
    return { pk, sk };
  };
  for (let index = 0; index < records; index += 1) position.set(Object.values(keyAt(index)).join(' '), index);
  const perShard = records / 8;

  const query = ({ ExpressionAttributeValues, ExclusiveStartKey, Limit }: Input) => {
    const shard = Number(unmarshall(ExpressionAttributeValues)[':shard']) - 8;
    const from = ExclusiveStartKey === undefined ? shard * perShard : Number(ExclusiveStartKey.at);
    const until = Math.min(from + Limit, (shard + 1) * perShard);
    const indexes = Array.from({ length: until - from }, (_, offset) => from + offset);
    return {
      Items: indexes.map((index) => marshall(keyAt(index))),
      ...(until < (shard + 1) * perShard ? { LastEvaluatedKey: { at: String(until) } } : {}),
    };
  };
  const item = (key: { pk: string; sk: string }): Record<string, unknown> | undefined => {
    const index = position.get(`${key.pk} ${key.sk}`);
    if (index === undefined) return { ...key, ...totals.get(key.pk) };
    const record = storedRecord(`i-${index % INSTANCES}`, Math.floor(index / INSTANCES), '1');
    return { ...record, state: isAccepted[index] === 1 ? 'accepted' : 'due' };
  };
  const update = ({ Key, UpdateExpression, ExpressionAttributeValues }: Input) => {
    const key = unmarshall(Key) as { pk: string; sk: string };
    const values = unmarshall(ExpressionAttributeValues);
    const index = position.get(`${key.pk} ${key.sk}`);
    if (index !== undefined && UpdateExpression.includes(':accepted')) isAccepted[index] = 1;
    else totals.set(key.pk, { usage: values[':usage'] });
    return { Attributes: Key };
  };
  const send = async (command: { constructor: { name: string }; input: Input }) => {
    const { input } = command;
    if (command.constructor.name === 'QueryCommand') return query(input);
    if (command.constructor.name === 'UpdateItemCommand') return update(input);
    const asked = input.RequestItems.endless.Keys;
    const found = asked.map((key) => item(unmarshall(key) as { pk: string; sk: string })).filter((one) => one);
    return { Responses: { endless: found.map((one) => marshall(one, { removeUndefinedValues: true })) } };
  };
  const table = { name: 'endless', client: { send: send as unknown as Table['client']['send'] } };
  return { table, accepted: () => isAccepted.reduce((sum, one) => sum + one, 0), totals };
}

describe('100 000 records', () => {
  test('are pushed while never more than a few batches of them are held', async () => {
    const { table, accepted, totals } = endlessTable();
    const w = usageWorld(table, {}, BATCH);
    let [read, most, pushed] = [0, 0, 0];
    const numbers = new Set<string>();
    const { send } = table.client;
    const counting: Table['client']['send'] = async (...args: unknown[]) => {
      const answer = (await Reflect.apply(send, table.client, args)) as { Items?: unknown[] };
      read += answer.Items?.length ?? 0;
      most = Math.max(most, read - pushed);
      return answer as never;
    };
    const deps = {
      ...w.deps,
      table: { ...table, client: { send: counting } },
      pushUsage: async (_: string, records: readonly { readonly meteringSn: string }[]) => {
        pushed += records.length;
        for (const { meteringSn } of records) numbers.add(meteringSn);
        return records.map(({ meteringSn }) => ({ meteringSn, outcome: 'accepted' as const }));
      },
    };
    const swept = await sweepUsage(deps, plenty);
    expect(swept).toMatchObject({ accepted: INSTANCES * HOURS, left: 0, complete: true });
    expect(accepted()).toBe(INSTANCES * HOURS);
    expect(numbers.size).toBe(INSTANCES * HOURS);
    const { usage } = totals.get(keys.instance('demo', 'i-0').pk) as {
      usage: { total: string } & Partial<UsageRecord>;
    };
    expect(usage.total).toBe(String(HOURS));
    expect(most).toBeLessThanOrEqual(4 * BATCH);
    console.log(`${pushed} records pushed; at most ${most} of them held at a time`);
  }, 600_000);
});
