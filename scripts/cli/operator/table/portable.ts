import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { type TableDefinition, tableDefinition } from '../../../dev/engine.ts';

/** Capacity units that are asked for; engines that bill by their nodes ignore them. */
const UNITS = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 } as const;
/** Milliseconds between two looks at a table that is being made or removed, and looks at most. */
const LOOK = { everyMs: 500, most: 240 } as const;

/**
 * Makes the table's definition one that every engine with DynamoDB's interface takes, GeminiDB among them: keys, indexes
 * and provisioned throughput; neither billing mode nor stream, encryption or tags.
 */
export async function portableDefinition(): Promise<TableDefinition> {
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes = [] } = await tableDefinition();
  return {
    AttributeDefinitions,
    KeySchema,
    GlobalSecondaryIndexes: GlobalSecondaryIndexes.map(({ IndexName, KeySchema, Projection }) => ({
      IndexName,
      KeySchema,
      Projection,
      ProvisionedThroughput: UNITS,
    })),
    ProvisionedThroughput: UNITS,
  };
}

/** Outcome of making a table. */
export interface Created {
  readonly outcome: 'created' | 'exists';
  /** The engine deletes items whose `ttl` has passed. */
  readonly expires: boolean;
}

/** Makes the table unless it is there, and waits until it takes requests. */
export async function createPortable(
  client: DynamoDBClient,
  name: string,
  sleep: (milliseconds: number) => Promise<unknown>,
): Promise<Created> {
  const outcome = await client
    .send(new CreateTableCommand({ ...(await portableDefinition()), TableName: name }))
    .then(() => 'created' as const)
    .catch((error: Error) => {
      if (error.name === 'ResourceInUseException') return 'exists' as const;
      throw error;
    });
  await until(async () => (await statusOf(client, name)) === 'ACTIVE', sleep);
  return { outcome, expires: await letExpire(client, name) };
}

/** Removes a table, and waits until it is gone. */
export async function removeTable(
  client: DynamoDBClient,
  name: string,
  sleep: (milliseconds: number) => Promise<unknown>,
): Promise<void> {
  await client.send(new DeleteTableCommand({ TableName: name }));
  await until(async () => (await statusOf(client, name)) === undefined, sleep);
}

async function statusOf(client: DynamoDBClient, name: string): Promise<string | undefined> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
    const indexes = Table?.GlobalSecondaryIndexes ?? [];
    const isReady = indexes.every(({ IndexStatus }) => IndexStatus === undefined || IndexStatus === 'ACTIVE');
    return isReady ? Table?.TableStatus : 'CREATING';
  } catch (error) {
    if (Object(error).name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

/** Asks for expiry by the attribute `ttl`. KooGate relies on it nowhere: without it the table only grows. */
async function letExpire(client: DynamoDBClient, name: string): Promise<boolean> {
  const TimeToLiveSpecification = { AttributeName: 'ttl', Enabled: true };
  try {
    await client.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification }));
    return true;
  } catch (error) {
    const { name: kind, message } = Object(error);
    if (kind === 'ValidationException' && /already enabled/.test(message)) return true;
    if (kind === 'UnknownOperationException') return false;
    throw error;
  }
}

async function until(isSo: () => Promise<boolean>, sleep: (milliseconds: number) => Promise<unknown>): Promise<void> {
  for (let looks = 0; !(await isSo()); looks += 1) {
    if (looks >= LOOK.most) throw new Error(`The table was not ready within ${(LOOK.most * LOOK.everyMs) / 1000} s.`);
    await sleep(LOOK.everyMs);
  }
}
