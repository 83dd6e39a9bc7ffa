import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Sha256 } from '../sha256.ts';
import type { OpenTable, Table } from './table.ts';

/**
 * Creates the client of the functions. Tries and time-outs are short: the marketplace waits five seconds, and repeats
 * what was not answered.
 *
 * The SDK keeps its chain of middlewares only for requests that come without options, and making the chain anew is a tenth
 * of what a write costs. So a signal goes beside the request: it is looked at before each try, and nobody waits any longer
 * once it is aborted; a try that is under way then ends by its own time-out, and what it was to write may be written.
 */
export function createTableClient(): Table['client'] {
  return withSignals(createClient());
}

/** Attributes and index that a table must have. */
const SCHEMA = { keys: 'pk HASH, sk RANGE', due: 'dueShard HASH, dueAt RANGE' };

/**
 * Opens a table of DynamoDB, or of whatever speaks its protocol, for a process that lives long.
 * @param name of the table; region, endpoint and credentials come from the environment, as AWS_… variables
 */
export function openDynamoDB(name: string): OpenTable {
  const client = createClient();
  let answeredAt: number | undefined;
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const answer = await next(args);
        if (commandName === 'DescribeTableCommand') answeredAt = dateOf(answer.response);
        return answer;
      },
    { name: 'readTheDate', step: 'deserialize', priority: 'high' },
  );
  const describe = () => client.send(new DescribeTableCommand({ TableName: name }));
  return {
    client: withSignals(client),
    name,
    now: async () => {
      await describe();
      if (answeredAt === undefined) throw new Error(`The endpoint of the table ${name} answers without a date.`);
      return answeredAt;
    },
    check: async () => {
      const { Table: table } = await describe();
      const due = table?.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === 'due');
      const found = { keys: schemaOf(table?.KeySchema), due: schemaOf(due?.KeySchema) };
      if (found.keys === SCHEMA.keys && found.due === SCHEMA.due) return;
      throw new Error(
        `The table ${name} is not one of KooGate's: expected the keys ${SCHEMA.keys} and an index due of ${SCHEMA.due}, ` +
          `found ${found.keys} and ${found.due}. Name another table, or make this one anew.`,
      );
    },
    deleteExpired: async () => 0, // the engine does it, by the attribute ttl
    close: async () => client.destroy(),
  };
}

function schemaOf(keys: readonly { AttributeName?: string | undefined; KeyType?: string | undefined }[] = []): string {
  return keys.map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`).join(', ') || 'none';
}

/** Reads the header `date`, which is in whole seconds; the half makes up for what is cut off. */
function dateOf(response: unknown): number | undefined {
  const { headers } = Object(response) as { readonly headers?: Readonly<Record<string, string>> };
  const date = Date.parse(headers?.date ?? '');
  return Number.isNaN(date) ? undefined : date + 500;
}

function createClient(): DynamoDBClient {
  const client = new DynamoDBClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 1_500, throwOnRequestTimeout: true },
    cacheMiddleware: true,
    sha256: Sha256, // signing is a twentieth of what a write costs, and the SDK's own takes twice as long
  });
  client.middlewareStack.remove('loggerMiddleware'); // copies every item for a log that nobody has asked for
  return client;
}

function withSignals(client: DynamoDBClient): Table['client'] {
  const signals = new WeakMap<object, AbortSignal>();
  client.middlewareStack.add(
    (next) => async (args) => {
      signals.get(args.input)?.throwIfAborted();
      return next(args);
    },
    { name: 'endWithTheCall', step: 'finalizeRequest', priority: 'low' },
  );
  const send = async (command: Parameters<typeof client.send>[0], options?: { abortSignal?: AbortSignal }) => {
    const signal = options?.abortSignal;
    if (signal === undefined) return client.send(command);
    signals.set(command.input, signal);
    return untilAborted(client.send(command), signal);
  };
  return { send: send as Table['client']['send'] };
}

/** Waits for an answer, at the longest until the signal is aborted. @throws the signal's reason */
function untilAborted<Answer>(answer: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const end = () => reject(signal.reason);
    signal.addEventListener('abort', end, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}
