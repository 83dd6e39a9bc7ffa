import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** The one table, and the client that reaches it. Tests put a counting or failing client in its place. */
export interface Table {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly name: string;
}
