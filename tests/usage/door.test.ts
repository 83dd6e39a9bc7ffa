import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { reportUsage } from '../../lib/usage/store.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { DAY, HOUR, NOW, opened, report, usageWorld } from './world.ts';

let running: TestTable;
let instanceId: string;
let ids: Record<string, string>;
beforeAll(async () => {
  running = await startTable();
  const { table } = running;
  instanceId = await opened(table);
  ids = {
    package: await opened(table, { chargingMode: 'ON_DEMAND_PKG' }),
    yearly: await opened(table, { chargingMode: 'PERIOD' }),
    young: await opened(table, { createdAt: NOW - 30 * 60_000 + 400 }),
    failed: await opened(table, { state: 'FAILED' }),
    failedPackage: await opened(table, { state: 'FAILED', chargingMode: 'ON_DEMAND_PKG' }),
    released: await opened(table, { wanted: 'RELEASED', releasedAt: NOW - HOUR - 1 }),
    releasedSomeTime: await opened(table, { wanted: 'RELEASED' }),
  };
});
afterAll(() => running.stop());

const iso = (ms: number) => new Date(ms).toISOString();

async function records(): Promise<number> {
  const { Items = [] } = await running.client.send(new ScanCommand({ TableName: running.table.name }));
  return Items.filter(({ pk }) => pk?.S?.startsWith('USAGE#')).length;
}

/** Members that differ from a good report, the code, and a part of the reason. */
const bad: readonly (readonly [string, () => unknown, string, RegExp])[] = [
  ['no object', () => 'usage', 'malformed', /a report is an object/],
  ['nothing', () => undefined, 'malformed', /a report is an object/],
  ['no product', () => report(instanceId, 0, { product: undefined }), 'malformed', /product is missing/],
  ['an empty instance', () => report(' '), 'malformed', /instanceId is empty/],
  ['an endless id', () => report('x'.repeat(65)), 'malformed', /longer than 64/],
  ['no id of its own', () => report(instanceId, 0, { id: undefined }), 'malformed', /id is missing/],
  ['an id of another kind', () => report(instanceId, 0, { id: 7 }), 'malformed', /id is missing or no text/],
  ['a product nobody sells', () => report(instanceId, 0, { product: 'other' }), 'unknown-product', /there are demo/],
  ['an instance nobody bought', () => report('nobody'), 'unknown-instance', /no instance nobody/],
  ['the instance of a failed purchase', () => report(ids.failed ?? ''), 'failed', /purchase .* failed/],
  ['a package as the instance', () => report(ids.package ?? ''), 'is-a-package', /name this one as packageInstanceId/],
  ['a yearly instance', () => report(ids.yearly ?? ''), 'not-on-demand', /charged PERIOD/],
  ['a local time', () => report(instanceId, 0, { begin: '2025-09-20T11:00:00' }), 'bad-time', /begin is .* UTC/],
  ['a fraction of a second', () => report(instanceId, 0, { end: '2025-09-20T11:59:59.5Z' }), 'bad-time', /end is/],
  ['an empty period', () => report(instanceId, 0, { begin: iso(NOW) }), 'empty-period', /is not before end/],
  ['a period backwards', () => report(instanceId, 1, { begin: iso(NOW) }), 'empty-period', /is not before end/],
  ['a period that is not over', () => report(instanceId, 0, { end: iso(NOW + 1_000) }), 'future', /in the future/],
  ['a period of long ago', () => report(instanceId, 21 * 24), 'too-old', /more than 21 days/],
  [
    'a period before the purchase',
    () => report(ids.young ?? ''),
    'before-opening',
    /before the purchase at 2025-09-20T11:30:00Z/,
  ],
  ['a period after the release', () => report(ids.released ?? ''), 'after-closing', /after the release at/],
  ['a release of unknown time', () => report(ids.releasedSomeTime ?? '', 5), 'after-closing', /after the release/],
  ['no usage', () => report(instanceId, 0, { value: '0' }), 'bad-value', /above 0/],
  ['negative usage', () => report(instanceId, 0, { value: -1 }), 'bad-value', /above 0/],
  ['five decimals', () => report(instanceId, 0, { value: '1.00001' }), 'bad-value', /at most 4 decimals/],
  ['no value', () => report(instanceId, 0, { value: undefined }), 'bad-value', /value is undefined/],
  [
    'a package nobody bought',
    () => report(instanceId, 0, { packageInstanceId: 'nobody' }),
    'unknown-package',
    /no package nobody/,
  ],
  [
    'the package of a failed purchase',
    () => report(instanceId, 0, { packageInstanceId: ids.failedPackage }),
    'unknown-package',
    /no package/,
  ],
  [
    'a package that is none',
    () => report(instanceId, 0, { packageInstanceId: ids.yearly }),
    'not-a-package',
    /charging mode is PERIOD/,
  ],
];

describe('a report', () => {
  test.each(bad)('of %s is refused with its reason, and nothing is stored', async (_, input, code, reason) => {
    const w = usageWorld(running.table);
    const answer = await reportUsage(w.deps, input());
    expect(answer).toMatchObject({ outcome: 'refused', code, reason: expect.stringMatching(reason) });
    expect(await records()).toBe(0);
  });

  test('without the package that the product demands is refused', async () => {
    const w = usageWorld(running.table, { packageUsage: 'required' });
    expect(await reportUsage(w.deps, report(instanceId))).toMatchObject({
      outcome: 'refused',
      code: 'package-missing',
    });
    expect(await records()).toBe(0);
  });

  test('for an instance or a package that is not provisioned yet is refused for now', async () => {
    const w = usageWorld(running.table);
    const unprovisioned = await opened(running.table, { state: 'PENDING', chargingMode: undefined });
    const packageInstanceId = unprovisioned;
    for (const early of [report(unprovisioned), report(instanceId, 0, { packageInstanceId })]) {
      expect(await reportUsage(w.deps, early)).toMatchObject({
        outcome: 'refused',
        code: 'not-open',
        later: true,
        reason: expect.stringContaining(unprovisioned),
      });
    }
    expect(await records()).toBe(0);
  });

  test('is taken at the edges of what is allowed', async () => {
    const w = usageWorld(running.table);
    const edges = [
      report(instanceId, 0, { value: '99999999.9999' }),
      { ...report(instanceId), begin: iso(NOW - 21 * DAY), end: iso(NOW - 21 * DAY + 1_000), value: 0.0001 },
      report(ids.young ?? '', 0, { begin: iso(NOW - 30 * 60_000) }),
      { ...report(ids.released ?? ''), begin: iso(NOW - 2 * HOUR), end: iso(NOW - HOUR - 1_000) },
      report(instanceId, 1, { packageInstanceId: ids.package }),
    ];
    for (const edge of edges) expect(await reportUsage(w.deps, edge)).toMatchObject({ outcome: 'stored' });
  });
});
