import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SQSEvent } from 'aws-lambda';
import { createMeter } from '../../handlers/create-meter.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { HOUR, NOW, opened, plenty, recordOf, report, usageWorld } from '../usage/world.ts';

const context = { getRemainingTimeInMillis: plenty };

/** An event as the queue delivers it. */
function messages(...bodies: readonly unknown[]): SQSEvent {
  const Records = bodies.map((body, index) => ({
    messageId: `m-${index}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }));
  return { Records } as SQSEvent;
}

describe('meter', () => {
  let running: TestTable;
  beforeAll(async () => {
    running = await startTable();
  });
  afterAll(() => running.stop());

  test('stores what the queue brings, hands back what may be taken later, and keeps the rest as rejected', async () => {
    const w = usageWorld(running.table);
    const meter = createMeter(w.deps);
    const instanceId = await opened(running.table);
    const event = messages(
      report(instanceId),
      'no JSON',
      report(instanceId, 1),
      report(instanceId, 0, { value: 9 }),
      report(instanceId),
      report(instanceId, -1),
      report(instanceId, 2, { value: 'much' }),
    );
    const failures = [{ itemIdentifier: 'm-5' }];
    expect(await meter(messages(report(instanceId)), context)).toEqual({ batchItemFailures: [] });
    expect(await meter(event, context)).toEqual({ batchItemFailures: failures });
    expect(await recordOf(running.table, instanceId, 0)).toMatchObject({ value: '1.5' });
    expect(await recordOf(running.table, instanceId, 1)).toMatchObject({ value: '1.5' });
    expect(w.metrics('RefusedUsage')).toBe(3);
    expect(w.log.entries.filter(({ message }) => message === 'A usage report was refused.')).toHaveLength(4);
    const rejected = { state: 'rejected', code: 'bad-value', value: 'much', reportId: 'r-2' };
    expect(await recordOf(running.table, instanceId, 2)).toMatchObject(rejected);
    const corrected = await meter(messages(report(instanceId, 2, { value: '2' })), context);
    expect(corrected).toEqual({ batchItemFailures: [] });
    expect(await recordOf(running.table, instanceId, 2)).toMatchObject({ state: 'due', value: '2', revision: 1 });
  });

  test('hands back a message at which the table failed', async () => {
    const w = usageWorld(running.table);
    const send = () => Promise.reject(new Error('The table is away.'));
    const meter = createMeter({ ...w.deps, table: { name: 'away', client: { send } } });
    expect(await meter(messages(report('i')), context)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-0' }] });
  });

  test('answers each report of an invocation', async () => {
    const w = usageWorld(running.table);
    const meter = createMeter(w.deps);
    const instanceId = await opened(running.table);
    const answer = await meter({ reports: [report(instanceId), report('nobody'), report(instanceId, 2)] }, context);
    const meteringSn = expect.stringMatching(/^[0-9a-f]{32}$/);
    const refused = { outcome: 'refused', code: 'unknown-instance', reason: expect.any(String), later: false };
    expect(answer).toEqual({
      results: [{ outcome: 'stored', meteringSn }, refused, { outcome: 'stored', meteringSn }],
    });
    // Side by side, so either of two that are the same may be the first.
    const again = await meter({ reports: [report(instanceId), report(instanceId, 3), report(instanceId, 3)] }, context);
    const outcomes = 'results' in again ? again.results.map(({ outcome }) => outcome) : [];
    expect(outcomes[0]).toBe('known');
    expect(outcomes.slice(1).sort()).toEqual(['known', 'stored']);
  });

  test('takes no list that is none, and none without end', async () => {
    const meter = createMeter(usageWorld(running.table).deps);
    await expect(meter({ reports: 'all' as unknown as [] }, context)).rejects.toThrow('at most 1000');
    await expect(meter({ reports: Array(1_001).fill({}) }, context)).rejects.toThrow('at most 1000');
  });

  test('pushes what is due when the schedule ticks', async () => {
    const w = usageWorld(running.table);
    const meter = createMeter(w.deps);
    const instanceId = await opened(running.table);
    await meter({ reports: [report(instanceId, 3)] }, context);
    w.time.now = NOW + HOUR;
    expect(await meter({ source: 'aws.events' }, context)).toMatchObject({ left: 0, complete: true });
    expect(await recordOf(running.table, instanceId, 3)).toMatchObject({ state: 'accepted' });
  });
});
