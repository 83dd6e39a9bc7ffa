import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Table } from './table.ts';

/**
 * Creates the client of the functions. Tries and time-outs are short: the marketplace waits five seconds, and repeats
 * what was not answered. A request whose signal is aborted fails with an `AbortError`, on the way or between two tries;
 * what it was to write may have been written.
 */
export function createTableClient(): Table['client'] {
  return new DynamoDBClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 1_500, throwOnRequestTimeout: true },
  });
}
