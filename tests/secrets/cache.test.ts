import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createCache } from '../../lib/secrets/cache.ts';
import { SecretsUnavailable, type Unavailability } from '../../lib/secrets/secrets.ts';

const upper = (text: string) => ({ text: text.toUpperCase() });

function given(options: { staleOnError?: boolean; maxAge?: number } = {}) {
  const state = {
    now: 0,
    text: 'a',
    reads: 0,
    fails: false as boolean | Unavailability,
    stale: [] as unknown[],
  };
  const read = async () => {
    state.reads += 1;
    if (typeof state.fails === 'string') throw new SecretsUnavailable('no secret', state.fails);
    if (state.fails) throw new Error('the source is down');
    return state.text;
  };
  const { get, isDue } = createCache(read, {
    maxAge: 1_000,
    clock: () => state.now,
    onStale: (error) => state.stale.push(error),
    ...options,
  });
  return { state, get, isDue };
}

describe('a cache of secrets', () => {
  test('asks the source again only when a value is too old', async () => {
    const { state, get } = given();
    await get('n', upper);
    state.now = 999;
    await get('n', upper);
    expect(state.reads).toBe(1);
    state.now = 1_000;
    state.text = 'b';
    expect(await get('n', upper)).toEqual({ text: 'B' });
    expect(state.reads).toBe(2);
  });

  test('reads once, however many ask at the same time', async () => {
    const { state, get } = given();
    const values = await Promise.all(Array.from({ length: 50 }, () => get('n', upper)));
    expect(new Set(values).size).toBe(1);
    expect(state.reads).toBe(1);
  });

  test('keeps names apart', async () => {
    const { get } = createCache(async (name) => name, { maxAge: 1_000, clock: () => 0 });
    expect(await Promise.all([get('a', upper), get('b', upper)])).toEqual([{ text: 'A' }, { text: 'B' }]);
  });

  test('keeps the very value while the text is the same', async () => {
    const { state, get } = given();
    const before = await get('n', upper);
    state.now = 5_000;
    expect(await get('n', upper)).toBe(before);
    expect(state.reads).toBe(2);
  });

  test('serves the old value while the source fails, says so, and spares the source for ten seconds', async () => {
    const { state, get } = given();
    const before = await get('n', upper);
    Object.assign(state, { now: 2_000, fails: true });
    expect(await get('n', upper)).toBe(before);
    state.now = 11_999;
    expect(await get('n', upper)).toBe(before);
    expect(state.reads).toBe(2);
    expect(state.stale).toEqual([new Error('the source is down')]);
    Object.assign(state, { now: 12_000, fails: false, text: 'new' });
    expect(await get('n', upper)).toEqual({ text: 'NEW' });
  });

  test('serves the old value too when the new text is no good', async () => {
    const { state, get } = given();
    const strict = (text: string) => {
      if (text !== 'a') throw new Error('malformed');
      return { text };
    };
    const before = await get('n', strict);
    Object.assign(state, { now: 2_000, text: 'nonsense' });
    expect(await get('n', strict)).toBe(before);
  });

  test('fails with the source when told not to serve old values', async () => {
    const { state, get } = given({ staleOnError: false });
    await get('n', upper);
    Object.assign(state, { now: 2_000, fails: true });
    await expect(get('n', upper)).rejects.toThrow('the source is down');
  });

  test.each([
    ['gone', 10_000],
    ['unfit', 10_000],
    ['unreachable', 1_000],
  ] as const)('remembers a secret that is %s for %d ms', async (reason, pause) => {
    const { state, get, isDue } = given();
    state.fails = reason;
    await expect(get('n', upper)).rejects.toThrow('no secret');
    Object.assign(state, { now: pause - 1, fails: false });
    await expect(get('n', upper)).rejects.toThrow('no secret');
    expect(state.reads).toBe(1);
    expect(isDue('n')).toBe(false);
    state.now = pause;
    expect(isDue('n')).toBe(true);
    expect(await get('n', upper)).toEqual({ text: 'A' });
  });

  test('remembers no failure where it keeps nothing anyway', async () => {
    const { state, get } = given({ maxAge: 0 });
    state.fails = 'gone';
    await expect(get('n', upper)).rejects.toThrow('no secret');
    state.fails = false;
    expect(await get('n', upper)).toEqual({ text: 'A' });
  });

  test('ends a value that is gone from its source an hour after it was last read, and no other', async () => {
    for (const [reason, isOver] of [
      ['gone', true],
      ['unfit', false],
      ['unreachable', false],
    ] as const) {
      const { state, get } = given();
      const before = await get('n', upper);
      Object.assign(state, { now: 3_599_999, fails: reason });
      expect(await get('n', upper)).toBe(before);
      state.now = 3_599_999 + 10_000;
      if (isOver) await expect(get('n', upper)).rejects.toThrow('no secret');
      else expect(await get('n', upper)).toBe(before);
    }
  });

  test('asks again for a value that is older than the asker takes', async () => {
    const { state, get } = given();
    await get('n', upper);
    state.now = 500;
    await get('n', upper, 501);
    expect(state.reads).toBe(1);
    await get('n', upper, 500);
    expect(state.reads).toBe(2);
  });

  test('never gives a value older than its age while the source works', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 3_000 }), { minLength: 1, maxLength: 30 }), async (steps) => {
        let now = 0;
        const { get } = createCache(async () => String(now), { maxAge: 1_000, clock: () => now });
        for (const step of steps) {
          now += step;
          expect(now - (await get('n', Number))).toBeLessThan(1_000);
        }
      }),
    );
  });
});
