import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** The one table, and the client that reaches it. Tests put a counting or failing client in its place. */
export interface Table {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly name: string;
}

/** A table as a long-lived process holds it: opened once, looked at while it serves, closed at the end. */
export interface OpenTable extends Table {
  /** Time by the engine's own clock, milliseconds since 1970. @throws if the engine is out of reach */
  now(): Promise<number>;
  /** Refuses an engine or a schema that cannot be relied on. @throws Error with a plain sentence */
  check(): Promise<void>;
  /** Deletes what has expired, in batches; an engine that does so by itself deletes nothing here. @returns items deleted */
  deleteExpired(): Promise<number>;
  close(): Promise<void>;
}
