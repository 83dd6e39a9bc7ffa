import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { settle } from '../../lib/usage/settle.ts';
import { reportUsage } from '../../lib/usage/store.ts';
import { ENGINES } from '../instances/support.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { instanceOf, opened, recordOf, report, usageWorld } from './world.ts';

describe.each(ENGINES)('what two workers were answered on %s', (engine) => {
  let running: TestTable;
  beforeAll(async () => {
    running = await startTable(engine);
  });
  afterAll(() => running.stop());

  async function due() {
    const instanceId = await opened(running.table);
    const w = usageWorld(running.table);
    const answer = await reportUsage(w.deps, report(instanceId));
    if (!('record' in answer)) throw new Error(answer.reason);
    const tally = { accepted: 0, rejected: 0, postponed: 0, held: 0 };
    return { ...w, instanceId, record: answer.record, tally };
  }

  test.each([
    ['now', 'postponed', { state: 'due', revision: 1 }],
    ['held', 'postponed', { state: 'due', revision: 0, held: 1 }],
    ['good', 'rejected', { state: 'rejected', revision: 0 }],
  ] as const)('turning a record down for %s counts once', async (term, member, expected) => {
    const { deps, instanceId, record, tally, metrics } = await due();
    const turnedDown = [{ record, code: '016', reason: 'not now', for: term }];
    for (const _ of ['first', 'second']) await settle(deps, { taken: [], turnedDown }, tally);
    expect(tally).toEqual({ accepted: 0, rejected: 0, postponed: 0, held: term === 'held' ? 1 : 0, [member]: 1 });
    expect(metrics('RejectedUsage')).toBe(term === 'good' ? 1 : 0);
    expect(await recordOf(running.table, instanceId)).toMatchObject({ ...expected, code: '016' });
  });

  test('taking a record counts once, and turning it down after that changes nothing', async () => {
    const { deps, instanceId, record, tally } = await due();
    for (const _ of ['first', 'second']) await settle(deps, { taken: [record], turnedDown: [] }, tally);
    await settle(deps, { taken: [], turnedDown: [{ record, code: '003', reason: 'no', for: 'good' }] }, tally);
    expect(tally).toEqual({ accepted: 1, rejected: 0, postponed: 0, held: 0 });
    expect((await instanceOf(running.table, instanceId)).usage?.total).toBe('1.5');
    expect(await recordOf(running.table, instanceId)).toMatchObject({ state: 'accepted' });
  });
});
