import { describe, expect, test } from '@jest/globals';
import { TimeUp, within } from '../../lib/fulfilment/within.ts';

const never = () => new Promise<never>(() => {});

describe('within', () => {
  test('gives what the work gives, or throws what it throws, at once or later', async () => {
    expect(await within(10_000, 'it', () => 1)).toBe(1);
    expect(await within(10_000, 'it', async () => 2)).toBe(2);
    await expect(within(10_000, 'it', async () => Promise.reject(new Error('own')))).rejects.toThrow('own');
    await expect(
      within(10_000, 'it', () => {
        throw new Error('sync');
      }),
    ).rejects.toThrow('sync');
  });

  test('ends the wait and aborts the signal when the time is up', async () => {
    let signal: AbortSignal | undefined;
    const waiting = within(5, 'the hook', (given) => {
      signal = given;
      return never();
    });
    await expect(waiting).rejects.toBeInstanceOf(TimeUp);
    await expect(waiting).rejects.toThrow('the hook took longer than 5 ms');
    expect(signal?.aborted).toBe(true);
  });

  test('ends the wait when the parent is aborted, before or after the start', async () => {
    const parent = new AbortController();
    const waiting = within(10_000, 'it', never, parent.signal);
    parent.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(within(10_000, 'it', never, parent.signal)).rejects.toThrow('enough');
  });

  test('ignores what comes late, be it an answer or an error', async () => {
    let late: (error: Error) => void = () => {};
    const work = new Promise<never>((_, reject) => {
      late = reject;
    });
    await expect(within(1, 'it', () => work)).rejects.toBeInstanceOf(TimeUp);
    late(new Error('nobody listens')); // an unhandled rejection would fail the run
    await new Promise((resolve) => setImmediate(resolve));
  });
});
