import { createRequire } from 'node:module';
import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { RouteEvent } from '../../../lib/middleware/route.ts';
import { createTable, localClient, startDynoxide } from '../../dev/engine.ts';
import { BUNDLES } from './bundles.ts';
import { type Parameters as Installation, startParameters } from './parameters.ts';

export type Handler = (event: RouteEvent, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** Names of the tables: KooGate's, R's and the one of R's idempotency records. */
export const TABLES = { koogate: 'koogate-bench', reference: 'reference-bench', records: 'reference-records' } as const;

/** Surroundings of the functions: an engine in a process of its own, in memory, and the secrets. */
export interface World {
  readonly endpoint: string;
  readonly client: DynamoDBClient;
  readonly parameters: Installation;
  /** Environment of both functions. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** @param options.through puts something between the functions and the engine, and gives its address */
export async function startWorld(
  options: { through?: (endpoint: string) => Promise<{ endpoint: string; stop(): Promise<void> }> } = {},
): Promise<World> {
  const engine = await startDynoxide();
  const client = localClient(engine.endpoint);
  await createTable(client, TABLES.koogate);
  await createTable(client, TABLES.reference);
  await client.send(
    new CreateTableCommand({
      TableName: TABLES.records,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  const parameters = await startParameters();
  const between = await options.through?.(engine.endpoint);
  const endpoint = between?.endpoint ?? engine.endpoint;
  return {
    endpoint,
    client,
    parameters,
    environment: {
      ...parameters.environment,
      KOOGATE_STAGE: 'local',
      KOOGATE_TABLE: TABLES.koogate,
      REFERENCE_TABLE: TABLES.reference,
      REFERENCE_RECORDS: TABLES.records,
      REFERENCE_KEY: parameters.key,
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    stop: async () => {
      client.destroy();
      await between?.stop();
      await parameters.stop();
      await engine.stop();
    },
  };
}

/** Loads a bundle's handler into this process, whose environment must hold the world's. */
function loadHandler(bundle: keyof typeof BUNDLES): Handler {
  return createRequire(import.meta.url)(BUNDLES[bundle]).handler;
}

/** A world together with what loads the bundles into it. */
export interface LoadedWorld extends World {
  load(bundle: keyof typeof BUNDLES): Handler;
}

/** Runs `use` in a world of its own, which ends with it; so do its variables in this process' environment. */
export async function inWorld<Result>(
  use: (world: LoadedWorld) => Promise<Result>,
  options: Parameters<typeof startWorld>[0] = {},
): Promise<Result> {
  const world = await startWorld(options);
  const before = { ...process.env };
  Object.assign(process.env, world.environment);
  try {
    return await use({ ...world, load: loadHandler });
  } finally {
    for (const name of Object.keys(world.environment)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
    await world.stop();
  }
}
