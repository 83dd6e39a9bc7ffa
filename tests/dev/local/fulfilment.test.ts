import { describe, expect, test } from '@jest/globals';
import { compileFilter } from '../../../scripts/dev/local/event-filter.ts';
import { type FulfilmentOptions, firstFailed, startFulfilment } from '../../../scripts/dev/local/fulfilment.ts';

const record = (number: number, kind = 'due') => ({ kind, dynamodb: { SequenceNumber: String(number) } });

/** Plays a stream that gives out these reads and nothing after them; resolves `done` once `until` events were handled. */
function play(
  reads: readonly (readonly ReturnType<typeof record>[])[],
  handle: (event: { Records?: unknown[] }) => unknown,
  options: Partial<FulfilmentOptions> & { until: number },
) {
  const left = [...reads];
  const events: { Records?: unknown[] }[] = [];
  const complaints: string[] = [];
  let finish = () => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const fulfilment = startFulfilment({
    handler: async (event) => {
      events.push(event as { Records?: unknown[] });
      if (events.length === options.until) finish();
      return handle(event as { Records?: unknown[] });
    },
    isDue: async () => false,
    openStream: async () => ({ next: async () => left.shift() ?? [] }),
    filter: compileFilter([]),
    batchSize: 2,
    maximumRetries: 3,
    timeout: 1_000,
    pollInterval: 1,
    scheduleInterval: 1,
    retryPause: 1,
    complain: (message) => complaints.push(message),
    ...options,
  });
  return { events, complaints, done, stop: fulfilment.stop };
}

test('admitted records come in batches, in order', async () => {
  const reads = [[record(1), record(2, 'held'), record(3), record(4)], [record(5)]];
  const { events, done, stop } = play(reads, () => undefined, { until: 3, filter: compileFilter([{ kind: ['due'] }]) });
  await done;
  await stop();
  expect(events).toEqual([{ Records: [record(1), record(3)] }, { Records: [record(4)] }, { Records: [record(5)] }]);
});

test('two batches are never under way at a time', async () => {
  let running = 0;
  let most = 0;
  const handle = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
  };
  const { done, stop } = play([[record(1), record(2), record(3)], [record(4)]], handle, { until: 3 });
  await done;
  await stop();
  expect(most).toBe(1);
});

test('a batch is handed over again from the first record that failed', async () => {
  const answers = [{ batchItemFailures: [{ itemIdentifier: '2' }] }, { batchItemFailures: [] }];
  const { events, done, stop } = play([[record(1), record(2)]], () => answers.shift(), { until: 2 });
  await done;
  await stop();
  expect(events).toEqual([{ Records: [record(1), record(2)] }, { Records: [record(2)] }]);
});

test('a batch that makes the function throw is handed over again, and given up in the end with a complaint', async () => {
  const handle = () => {
    throw new Error('broken');
  };
  const { events, complaints, done, stop } = play([[record(1)], [record(2)]], handle, { until: 4, maximumRetries: 1 });
  await done;
  await stop();
  expect(events.slice(0, 3)).toEqual([{ Records: [record(1)] }, { Records: [record(1)] }, { Records: [record(2)] }]);
  expect(complaints).toContain('Giving up on 1 stream records; the schedule takes over');
});

test('the schedule wakes the function only while something waits', async () => {
  let due = 2;
  const { events, done, stop } = play([], () => due--, { until: 2, isDue: async () => due > 0 });
  await done;
  await stop();
  expect(events).toHaveLength(2);
  expect(events[0]).toMatchObject({ source: 'aws.events', 'detail-type': 'Scheduled Event' });
});

test('after a fault of the stream it is opened anew', async () => {
  let opened = 0;
  const openStream = async () => {
    opened += 1;
    const fails = opened === 1;
    let given = false;
    const next = async () => {
      if (fails) throw new Error('trimmed');
      if (given) return [];
      given = true;
      return [record(7)];
    };
    return { next };
  };
  const { events, complaints, done, stop } = play([], () => undefined, { until: 1, openStream });
  await done;
  await stop();
  expect([opened, events]).toEqual([2, [{ Records: [record(7)] }]]);
  expect(complaints).toEqual(["Reading the table's stream failed"]);
});

describe('what an answer names as failed', () => {
  const batch = [record(1), record(2), record(3)];

  test.each([
    ['nothing', undefined, 3],
    ['no failures', { batchItemFailures: [] }, 3],
    ['one', { batchItemFailures: [{ itemIdentifier: '2' }] }, 1],
    ['two, the later first', { batchItemFailures: [{ itemIdentifier: '3' }, { itemIdentifier: '2' }] }, 1],
    ['a record of no batch', { batchItemFailures: [{ itemIdentifier: '9' }] }, 0],
  ])('%s', (_, answer, index) => {
    expect(firstFailed(batch, answer)).toBe(index);
  });
});
