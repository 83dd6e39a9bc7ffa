import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createActor } from '../../scripts/dev/demo/actor.ts';
import { chooseLives } from '../../scripts/dev/demo/families.ts';
import { playLife, playShortLife } from '../../scripts/dev/demo/life.ts';
import { createReport } from '../../scripts/dev/demo/report.ts';
import type { Stage } from '../../scripts/dev/demo/stage.ts';
import { rsaPair } from '../support/rsa.ts';
import { startServer, type TestServer } from '../support/server.ts';

/*
 * The demo is the main job over real HTTP: it must pass, and it must be able to fail.
 */

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** A report, and the lines of the checks that failed. */
function silentReport() {
  let text = '';
  const out = new Writable({
    write: (chunk, _encoding, done) => {
      text += chunk;
      done();
    },
  });
  return { report: createReport(out), failures: () => text.split('\n').filter((line) => line.includes('✗')) };
}

test("a purchase's whole life is as it should be", async () => {
  const { report, failures } = silentReport();
  await playLife(createActor(server, 'demo', report), server);
  await playShortLife(createActor(server, 'plain', report));
  expect(failures()).toEqual([]);
  expect(report.failed).toBe(0);
  expect(report.passed).toBeGreaterThan(40);
});

test.each([
  ['v1', 40],
  ['license', 30],
  ['online-license', 25],
  ['models', 14],
  ['gateway', 14],
])('the life of %s is as it should be', async (family, checks) => {
  const { report, failures } = silentReport();
  for (const play of chooseLives(family)) await play(server, report);
  expect(failures()).toEqual([]);
  expect(report.passed).toBeGreaterThanOrEqual(checks);
});

test('a family that nobody knows is named, and those that are', () => {
  expect(() => chooseLives('v3')).toThrow(/no family "v3".*v1.*online-license.* or all/);
  expect(chooseLives('all').length).toBeGreaterThanOrEqual(4);
  expect(chooseLives()).toEqual(chooseLives('v2'));
});

test('credentials encrypted for somebody else are noticed', async () => {
  const { report, failures } = silentReport();
  const { privateKey } = rsaPair();
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const marketplace = { ...server.secrets.marketplace, privateKey: pem };
  await readAccess({ ...server, secrets: { ...server.secrets, marketplace } }, report);
  expect(failures()).toEqual([expect.stringContaining('the credentials can be read')]);
});

test('an answer that is not the expected one, and one signed with another key, are noticed', async () => {
  const { report, failures } = silentReport();
  const products = {
    ...server.secrets.products,
    demo: { accessKeys: { base: ['unknown-key'], general: ['unknown-key'] } },
  };
  const actor = createActor({ ...server, secrets: { ...server.secrets, products } }, 'demo', report);
  await actor.send({ activity: 'queryInstance', instanceId: 'i' }, '000003');
  expect(failures()).toHaveLength(2);
});

async function readAccess(stage: Stage, report: ReturnType<typeof createReport>): Promise<void> {
  const actor = createActor(stage, 'demo', report);
  const order = { orderId: 'CS5', orderLineId: 'CS5-000001' };
  const bought = await actor.send({ activity: 'newInstance', businessId: 'b', ...order }, '000004');
  actor.readAccess(await actor.untilReady(String(bought.json.instanceId)), true);
}
