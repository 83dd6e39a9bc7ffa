import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { usagePartition } from '../../lib/usage/keys.ts';
import { reportUsage } from '../../lib/usage/store.ts';
import { flushUsage } from '../../lib/usage/sweep.ts';
import { parseCondition, parseUpdate } from '../instances/expression-grammar.ts';
import { type Sent, watched } from '../instances/support.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { DAY, HOUR, opened, putWritten, report, usageWorld } from './world.ts';

const ALLOWED = ['BatchGetItem', 'PutItem', 'Query', 'UpdateItem'];

describe('the expressions that usage sends to the table', () => {
  let running: TestTable;
  let sent: readonly Sent[];

  /** Goes through everything that can become of a record, with a table that notes each request. */
  beforeAll(async () => {
    running = await startTable();
    const noted = watched(running.table);
    sent = noted.sent;
    const w = usageWorld(noted.table);
    const instanceId = await opened(running.table);
    const packageInstanceId = await opened(running.table, { chargingMode: 'ON_DEMAND_PKG' });
    const write = (sk: string, value: unknown) =>
      putWritten(running.table, {
        pk: usagePartition('demo', instanceId),
        sk,
        value,
        id: 'mine',
        dueShard: 9,
        dueAt: 0,
      });
    await write('20250919T110000Z#20250919T120000Z', '1');
    await write('20250919T120000Z#20250919T130000Z', 'much');
    for (const ago of [0, 1, 2]) await reportUsage(w.deps, report(instanceId, ago, { packageInstanceId }));
    w.billing.objection = () => '016';
    await w.sweep();
    w.time.now += HOUR;
    w.billing.objection = ({ meteringSn }) => (meteringSn < '8' ? '003' : undefined);
    await w.sweep();
    w.billing.objection = () => '003';
    await reportUsage(w.deps, report(instanceId, 5));
    await w.sweep();
    await reportUsage(w.deps, report(instanceId, 5, { value: 2 }));
    await reportUsage(w.deps, report(instanceId, 6, { packageInstanceId }));
    await w.sweep();
    await reportUsage(w.deps, report(instanceId, 6, { value: 2, packageInstanceId }));
    w.billing.objection = () => undefined;
    await flushUsage(w.deps, 'demo', instanceId);
    await reportUsage(w.deps, report(instanceId, 7));
    w.time.now += 21 * DAY;
    await w.sweep();
  });
  afterAll(() => running.stop());

  test('are within the portable subset, and use every placeholder they define', () => {
    const texts = new Set<string>();
    for (const { input } of sent) {
      const used = new Set<string>();
      for (const [name, parse] of Object.entries({
        ConditionExpression: parseCondition,
        KeyConditionExpression: parseCondition,
        UpdateExpression: parseUpdate,
      })) {
        const text = input[name];
        if (typeof text !== 'string') continue;
        texts.add(text);
        for (const placeholder of parse(text)) used.add(placeholder);
      }
      const defined = [
        ...Object.keys((input.ExpressionAttributeNames as object | undefined) ?? {}),
        ...Object.keys((input.ExpressionAttributeValues as object | undefined) ?? {}),
      ];
      expect([...used].sort()).toEqual(defined.sort());
      expect(input).not.toHaveProperty('FilterExpression');
    }
    expect(texts.size).toBeGreaterThanOrEqual(14);
  });

  test('are sent with writes of single items, batched reads and queries alone', () => {
    expect([...new Set(sent.map(({ name }) => name))].sort()).toEqual(ALLOWED);
  });
});
