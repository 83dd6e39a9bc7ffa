import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record as StreamRecord,
} from '@aws-sdk/client-dynamodb-streams';

/** Reads a table's stream from now on. */
export interface StreamReader {
  /** The records written since the last call, oldest first, in the form Lambda hands them to a function. */
  next(): Promise<readonly Record<string, unknown>[]>;
}

/** Describe the stream again after this many empty reads: shards end and are followed by others. */
const READS_PER_DESCRIBE = 200;

/** Opens the stream at its end: what is older is the sweep's business. */
export async function openStream(client: DynamoDBStreamsClient, streamArn: string): Promise<StreamReader> {
  const iterators = new Map<string, string | undefined>();
  const addShards = async (type: 'LATEST' | 'TRIM_HORIZON'): Promise<void> => {
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn: streamArn }));
    for (const { ShardId } of StreamDescription?.Shards ?? []) {
      if (ShardId === undefined || iterators.has(ShardId)) continue;
      const request = { StreamArn: streamArn, ShardId, ShardIteratorType: type };
      const { ShardIterator } = await client.send(new GetShardIteratorCommand(request));
      iterators.set(ShardId, ShardIterator);
    }
  };
  await addShards('LATEST');
  let reads = 0;
  return {
    next: async () => {
      reads += 1;
      if (reads % READS_PER_DESCRIBE === 0 || iterators.size === 0) await addShards('TRIM_HORIZON');
      for (const [shard, iterator] of iterators) {
        if (iterator === undefined) continue;
        const { Records = [], NextShardIterator } = await client.send(
          new GetRecordsCommand({ ShardIterator: iterator, Limit: 100 }),
        );
        iterators.set(shard, NextShardIterator);
        if (Records.length > 0) return Records.map((record) => eventRecord(record, streamArn));
      }
      return [];
    },
  };
}

/** Lambda's form of a record: plain JSON, times in seconds, binary values in base64. */
function eventRecord(record: StreamRecord, streamArn: string): Record<string, unknown> {
  return { ...(plain(record) as Record<string, unknown>), eventSourceARN: streamArn };
}

function plain(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member)]));
}
