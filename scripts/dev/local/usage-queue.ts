import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Handler } from './fulfilment.ts';

/**
 * Stands in for the queue of usage reports: hands messages to the function `meter`, again if they come back, and gives
 * them up after as many times as serverless.yml says. It takes what the SDK's SQS client sends, and a report posted as it
 * is. It lives in memory: what waits when the local run ends is gone, and only that.
 */
export interface UsageQueue {
  readonly url: string;
  /** Messages that were handed over as often as they may be, and are given up. */
  readonly refused: readonly string[];
  stop(): Promise<void>;
}

export interface UsageQueueOptions {
  readonly handler: Handler;
  readonly maxReceiveCount: number;
  /** The function's time-out, milliseconds. */
  readonly timeout: number;
  /** Milliseconds until a message that came back is handed over again; in the cloud half an hour. */
  readonly visibilityTimeout?: number;
  readonly complain: (message: string, error: unknown) => void;
}

interface Waiting {
  readonly messageId: string;
  readonly body: string;
}

export async function startUsageQueue(options: UsageQueueOptions): Promise<UsageQueue> {
  const { maxReceiveCount, visibilityTimeout = 5_000, complain } = options;
  const refused: string[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const underWay = new Set<Promise<void>>();

  const deliver = async (message: Waiting, received: number): Promise<void> => {
    if (await isTaken(options, message)) return;
    if (received >= maxReceiveCount) {
      refused.push(message.body);
      complain(
        `A usage report is not taken, as the log says; in the cloud it now lies in RefusedReports`,
        message.body,
      );
      return;
    }
    const timer = setTimeout(() => {
      timers.delete(timer);
      begin(message, received + 1);
    }, visibilityTimeout);
    timers.add(timer);
  };
  const begin = (message: Waiting, received: number): void => {
    const delivery = deliver(message, received);
    underWay.add(delivery);
    void delivery.finally(() => underWay.delete(delivery));
  };
  const enqueue = (body: string): Waiting => {
    const message = { messageId: randomUUID(), body };
    begin(message, 1);
    return message;
  };

  const server = createServer(async (request, response) => {
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
    const target = String(request.headers['x-amz-target'] ?? '');
    const body = await text(request);
    if (request.method !== 'POST') return answer(405, { message: 'POST a report.' });
    if (target === '') return answer(200, { messageId: enqueue(body).messageId });
    const members = parse(body);
    if (target.endsWith('.SendMessage')) return answer(200, sent(enqueue(String(members.MessageBody))));
    if (target.endsWith('.SendMessageBatch') && Array.isArray(members.Entries)) {
      const Successful = members.Entries.map(({ Id, MessageBody }) => ({ Id, ...sent(enqueue(String(MessageBody))) }));
      return answer(200, { Successful, Failed: [] });
    }
    return answer(400, { __type: 'com.amazonaws.sqs#UnsupportedOperation', message: `${target} is not played here.` });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The queue got no port.');
  return {
    url: `http://127.0.0.1:${address.port}/usage`,
    refused,
    stop: async () => {
      for (const timer of timers) clearTimeout(timer);
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await Promise.all(underWay);
    },
  };
}

/** Hands one message over, as Lambda does. */
async function isTaken({ handler, timeout, complain }: UsageQueueOptions, message: Waiting): Promise<boolean> {
  const ends = Date.now() + timeout;
  try {
    const answer = await handler(
      { Records: [{ ...message, eventSource: 'aws:sqs', receiptHandle: message.messageId, attributes: {} }] },
      { functionName: 'meter', getRemainingTimeInMillis: () => Math.max(0, ends - Date.now()) },
    );
    const { batchItemFailures = [] } = (answer ?? {}) as { batchItemFailures?: readonly unknown[] };
    return batchItemFailures.length === 0;
  } catch (error) {
    complain('meter threw', error);
    return false;
  }
}

function sent({ messageId, body }: Waiting): { MessageId: string; MD5OfMessageBody: string } {
  return { MessageId: messageId, MD5OfMessageBody: createHash('md5').update(body).digest('hex') };
}

function parse(body: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(body));
  } catch {
    return {};
  }
}
