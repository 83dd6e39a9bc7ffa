import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { ensureLocalSecrets } from '../../../scripts/dev/local-secrets.ts';
import { startStandIn } from '../../../scripts/marketplace/stand-in/server.ts';
import { temporaryFolder } from '../../support/command.ts';
import { operate } from './operate.ts';

const folder = temporaryFolder();
const env = { KOOGATE_DATA: folder.path };
afterAll(folder.remove);

test('an order is printed as a table, from a stand-in started for the moment', async () => {
  const { code, output } = await operate(['order', 'MOCKPERIODYEARNEW'], env);
  expect(code).toBe(0);
  expect(output).toMatch(/^orderId +MOCKPERIODYEARNEW$/m);
  expect(output).toMatch(/^line\.chargingMode +PERIOD$/m);
  expect(output).toMatch(/^asked at http:\/\/127\.0\.0\.1:\d+$/m);
});

test('--json prints the order as JSON, of the line asked for', async () => {
  const { output } = await operate(['order', 'CS1UPGRD', 'CS1UPGRD-000002', '--json'], env);
  expect(JSON.parse(output)).toMatchObject({ orderType: 'CHANGE', line: { orderLineId: 'CS1UPGRD-000002' } });
});

test('KOOGATE_OPENAPI_URL is asked with the keys of the secrets file', async () => {
  const { marketplace: keys } = await ensureLocalSecrets(
    join(folder.path, 'secrets.json'),
    [{ id: 'demo', families: ['saas-v2'] }],
    false,
  );
  const standIn = await startStandIn({ keys });
  const { output } = await operate(['order', 'CS7'], { ...env, KOOGATE_OPENAPI_URL: standIn.url });
  expect(output).toContain(`asked at ${standIn.url}`);
  expect(standIn.asked).toEqual(['CS7']);
  await standIn.stop();
});

test.each([
  [['FOREIGN1'], 'gave no order (MKT.0150)', 1],
  [[], 'Which order?', 2],
  [['CS7', '--nonsense'], '--nonsense', 2],
  [['CS7', '--stage', 'staging'], 'no stage "staging". Take one of: dev, prod', 2],
])('%j ends with a sentence and its exit code', async (args, sentence, exit) => {
  const { code, output } = await operate(['order', ...args], env);
  expect([code, output.split('\n').length]).toEqual([exit, 1]);
  expect(output).toContain(sentence);
});
