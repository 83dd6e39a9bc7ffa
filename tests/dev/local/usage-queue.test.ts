import { afterEach, describe, expect, test } from '@jest/globals';
import { startUsageQueue, type UsageQueue } from '../../../scripts/dev/local/usage-queue.ts';

let queue: UsageQueue;
afterEach(() => queue.stop());

/** A queue before a function that fails as often as it is told to, and waits until so many messages were handed over. */
async function started(answer: (body: string, times: number) => unknown) {
  const bodies: string[] = [];
  const waiting: (() => void)[] = [];
  const complaints: string[] = [];
  queue = await startUsageQueue({
    handler: async (event) => {
      const [{ body = '' } = {}] = (event as { Records: { body?: string }[] }).Records;
      bodies.push(body);
      for (const wake of waiting.splice(0)) wake();
      return answer(body, bodies.filter((one) => one === body).length);
    },
    maxReceiveCount: 3,
    timeout: 1_000,
    visibilityTimeout: 1,
    complain: (message) => {
      complaints.push(message);
      for (const wake of waiting.splice(0)) wake();
    },
  });
  const until = async (done: () => boolean) => {
    while (!done()) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return { bodies, complaints, until };
}

const post = (body: string, target?: string) =>
  fetch(queue.url, { method: 'POST', body, headers: target === undefined ? {} : { 'x-amz-target': target } });
const failure = { batchItemFailures: [{ itemIdentifier: 'any' }] };

describe('the local queue', () => {
  test('hands over what is posted as it is', async () => {
    const { bodies, until } = await started(() => ({ batchItemFailures: [] }));
    const answer = await post('{"value":1}');
    expect(await answer.json()).toEqual({ messageId: expect.any(String) });
    await until(() => bodies.length === 1);
    expect(bodies).toEqual(['{"value":1}']);
  });

  test("takes what the SDK's client sends", async () => {
    const { bodies, until } = await started(() => ({ batchItemFailures: [] }));
    const one = await post(JSON.stringify({ QueueUrl: queue.url, MessageBody: 'one' }), 'AmazonSQS.SendMessage');
    expect(await one.json()).toEqual({
      ...{ MessageId: expect.any(String), MD5OfMessageBody: 'f97c5d29941bfb1b2fdab0874906ab82' },
    });
    const Entries = ['two', 'three'].map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    const many = await post(JSON.stringify({ QueueUrl: queue.url, Entries }), 'AmazonSQS.SendMessageBatch');
    expect(await many.json()).toMatchObject({ Successful: [{ Id: '0' }, { Id: '1' }], Failed: [] });
    await until(() => bodies.length === 3);
    expect(bodies).toEqual(['one', 'two', 'three']);
    expect((await post('{}', 'AmazonSQS.ReceiveMessage')).status).toBe(400);
  });

  test('hands over again what comes back, and gives it up at last', async () => {
    const { bodies, complaints, until } = await started((body, times) =>
      body === 'later' && times > 1 ? {} : failure,
    );
    await post('later');
    await until(() => bodies.length === 2);
    await post('never');
    await until(() => complaints.length === 1);
    expect(bodies).toEqual(['later', 'later', 'never', 'never', 'never']);
    expect(queue.refused).toEqual(['never']);
  });

  test('hands over again what the function threw at', async () => {
    const { bodies, until } = await started((_, times) => {
      if (times === 1) throw new Error('The table is away.');
      return { batchItemFailures: [] };
    });
    await post('x');
    await until(() => bodies.length === 2);
    expect(queue.refused).toEqual([]);
  });
});
