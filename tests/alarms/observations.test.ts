import { expect, test } from '@jest/globals';
import { createObservations, hourOf, readObserved } from '../../lib/alarms/observations.ts';
import type { Table } from '../../lib/table/table.ts';
import { memoryTable } from '../support/memory-table.ts';
import { HOUR, MINUTE, NOW } from './support.ts';

function counting(wait: (signal: AbortSignal) => Promise<void> = async () => {}) {
  const memory = memoryTable();
  const time = { now: NOW };
  const writes = { number: 0 };
  const send = async (command: object, options: { readonly abortSignal?: AbortSignal } = {}) => {
    writes.number += 1;
    await wait(options.abortSignal ?? new AbortController().signal);
    return Reflect.apply(memory.client.send, memory.client, [command, options]);
  };
  const table: Table = { name: memory.name, client: { send: send as Table['client']['send'] } };
  const observations = createObservations(table, () => time.now);
  /** One call as the route counts it. */
  const call = async (resultCode = '000000', product = 'demo') => {
    observations.begin();
    observations.count({
      product,
      proven: { isTest: false, resultCode, key: 'base_1_abc123', milliseconds: 600 },
    });
    observations.begin();
    await observations.settle();
  };
  const read = async (name: string, hour = hourOf(NOW)) =>
    (await readObserved(memory, [{ product: 'demo', hour }])).get(`demo ${hour}`)?.get(name);
  return { observations, time, writes, call, read };
}

test('the first proven call of an hour is written beside its own answer, others a minute later beside another', async () => {
  const { writes, call, read, time } = counting();
  await call();
  expect(writes.number).toBe(1);
  await call();
  await call();
  expect(writes.number).toBe(1);
  expect(await read('verified')).toEqual({ count: 1, lastAt: NOW });
  time.now += MINUTE;
  await call();
  expect(writes.number).toBe(2);
  expect(await read('real_000000')).toEqual({ count: 3, lastAt: NOW });
  expect(await read('key_base_1_abc123')).toMatchObject({ count: 3 });
  expect(await read('ms_1000')).toMatchObject({ count: 3 });
  expect(await read('nothing')).toBeUndefined();
});

test('what is out of the ordinary is written at once, a few times and then once a minute', async () => {
  const { writes, call, read, time } = counting();
  for (let calls = 0; calls < 20; calls += 1) await call('000002');
  expect(writes.number).toBe(4);
  for (let minutes = 0; minutes < 10; minutes += 1) {
    time.now += MINUTE;
    for (let calls = 0; calls < 20; calls += 1) await call('000002');
  }
  expect(writes.number).toBe(14);
  expect((await read('real_000002'))?.count).toBeGreaterThan(180);
});

test('each hour has counters of its own', async () => {
  const { call, read, time, observations } = counting();
  await call();
  await call();
  time.now += HOUR;
  observations.begin();
  await call();
  await call();
  time.now += HOUR;
  observations.count({ product: 'demo', unproven: 'other' });
  await observations.flush();
  expect(await read('verified')).toMatchObject({ count: 2 });
  expect(await read('verified', hourOf(NOW) + 1)).toMatchObject({ count: 2 });
  expect(await read('unproven', hourOf(NOW) + 2)).toMatchObject({ count: 1 });
});

test('a write that is slow is dropped, and so is one that fails', async () => {
  const slow = counting(
    (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  );
  await slow.call();
  expect(slow.writes.number).toBe(1);
  expect(await slow.read('verified')).toBeUndefined();
  const failing = counting(async () => {
    throw new Error('throttled');
  });
  await failing.call();
  await failing.observations.flush();
  expect(await failing.read('verified')).toBeUndefined();
});
