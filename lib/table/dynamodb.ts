import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Table } from './table.ts';

/**
 * Creates the client of the functions. Tries and time-outs are short: the marketplace waits five seconds, and repeats
 * what was not answered.
 *
 * The SDK keeps its chain of middlewares only for requests that come without options, and making the chain anew is a tenth
 * of what a write costs. So a signal goes beside the request: it is looked at before each try, and nobody waits any longer
 * once it is aborted; a try that is under way then ends by its own time-out, and what it was to write may be written.
 */
export function createTableClient(): Table['client'] {
  const client = new DynamoDBClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 1_500, throwOnRequestTimeout: true },
    cacheMiddleware: true,
  });
  client.middlewareStack.remove('loggerMiddleware'); // copies every item for a log that nobody has asked for
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
