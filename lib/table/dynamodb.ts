import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Sha256 } from '../secrets/sha256.ts';
import type { Table } from './table.ts';

/**
 * The client of the functions. Tries and time-outs are short: the marketplace waits five seconds, and repeats what was
 * not answered.
 *
 * The SDK builds its chain of middlewares anew for each request that is given a signal, and copies every item for a log
 * that nobody has asked for: together a tenth of what a write costs. So the chain is kept, and the signal is looked at
 * before each try instead of during it; a try that is under way ends by its own time-out.
 */
export function createTableClient(): Table['client'] {
  const client = new DynamoDBClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 1_500, throwOnRequestTimeout: true },
    cacheMiddleware: true,
    sha256: Sha256,
  });
  const signals = new WeakMap<object, AbortSignal>();
  client.middlewareStack.remove('loggerMiddleware');
  client.middlewareStack.add(
    (next) => async (args) => {
      signals.get(args.input)?.throwIfAborted();
      return next(args);
    },
    { name: 'endWithTheCall', step: 'finalizeRequest', priority: 'low' },
  );
  const send = (command: Parameters<typeof client.send>[0], options?: { abortSignal?: AbortSignal }) => {
    const signal = options?.abortSignal;
    if (signal !== undefined) signals.set(command.input, signal);
    return client.send(command);
  };
  return { send: send as Table['client']['send'] };
}
