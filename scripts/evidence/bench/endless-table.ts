import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { UsageTotals } from '../../../lib/instances/usage-totals.ts';
import type { Table } from '../../../lib/table/table.ts';
import type { UsageRecord } from '../../../lib/usage/item.ts';

/** The parts of requests that the table looks at. */
interface Input {
  readonly Key: Record<string, AttributeValue>;
  readonly UpdateExpression: string;
  readonly ExpressionAttributeValues: Record<string, AttributeValue>;
  readonly ExclusiveStartKey?: { readonly at: string };
  readonly Limit: number;
  readonly RequestItems: Readonly<Record<string, { readonly Keys: readonly Record<string, AttributeValue>[] }>>;
}

/** A table of usage records that answers at once. */
export interface EndlessTable {
  readonly table: Table;
  /** Records that have been marked accepted. */
  accepted(): number;
  /** By the instance's partition key. */
  readonly totals: ReadonlyMap<string, UsageTotals>;
}

/**
 * A table of so many records that exist only while they are looked at: it makes up what it is asked for, and remembers a
 * bit a record. So whatever is held is held by the sweep, and whatever time passes is the sweep's.
 * @param recordAt the n-th record, as it was stored
 */
export function endlessTable(records: number, recordAt: (index: number) => UsageRecord): EndlessTable {
  const name = 'endless';
  const isAccepted = new Uint8Array(records);
  const totals = new Map<string, UsageTotals>();
  const position = new Map<string, number>();
  for (let index = 0; index < records; index += 1) {
    const { pk, sk } = recordAt(index);
    position.set(`${pk} ${sk}`, index);
  }
  const keyOf = (index: number) => {
    const { pk, sk } = recordAt(index);
    return marshall({ pk, sk });
  };
  const shardEnd = (shard: number) => Math.floor((records * (shard + 1)) / 8);

  const query = ({ ExpressionAttributeValues, ExclusiveStartKey, Limit }: Input) => {
    const shard = Number(unmarshall(ExpressionAttributeValues)[':shard']) - 8;
    const from = ExclusiveStartKey === undefined ? shardEnd(shard - 1) : Number(ExclusiveStartKey.at);
    const until = Math.min(from + Limit, shardEnd(shard));
    return {
      Items: Array.from({ length: until - from }, (_, offset) => keyOf(from + offset)),
      ...(until < shardEnd(shard) ? { LastEvaluatedKey: { at: String(until) } } : {}),
    };
  };
  const item = (key: Record<string, unknown>): Record<string, unknown> => {
    const index = position.get(`${key.pk} ${key.sk}`);
    if (index === undefined) return { ...key, usage: totals.get(String(key.pk)) };
    return { ...recordAt(index), state: isAccepted[index] === 1 ? 'accepted' : 'due' };
  };
  const update = ({ Key, UpdateExpression, ExpressionAttributeValues }: Input) => {
    const { pk, sk } = unmarshall(Key);
    const index = position.get(`${pk} ${sk}`);
    if (index === undefined) totals.set(pk, unmarshall(ExpressionAttributeValues)[':usage']);
    else if (UpdateExpression.includes(':accepted')) isAccepted[index] = 1;
    return { Attributes: Key };
  };
  const send = async (command: { readonly constructor: { readonly name: string }; readonly input: Input }) => {
    const { input } = command;
    if (command.constructor.name === 'QueryCommand') return query(input);
    if (command.constructor.name === 'UpdateItemCommand') return update(input);
    const asked = input.RequestItems[name]?.Keys ?? [];
    const found = asked.map((key) => marshall(item(unmarshall(key)), { removeUndefinedValues: true }));
    return { Responses: { [name]: found } };
  };
  return {
    table: { name, client: { send: send as unknown as Table['client']['send'] } },
    accepted: () => isAccepted.reduce((sum, one) => sum + one, 0),
    totals,
  };
}
