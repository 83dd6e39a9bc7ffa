import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { ensureLocalSecrets } from '../../../scripts/dev/local-secrets.ts';
import { startStandIn } from '../../../scripts/marketplace/stand-in/server.ts';
import { runCommand, temporaryFolder } from '../../support/command.ts';

const folder = temporaryFolder();
const env = { KOOGATE_DATA: folder.path };
afterAll(folder.remove);

test('an order is printed as a table, from a stand-in started for the moment', async () => {
  const { code, output } = await runCommand('cli/operator/order.ts', ['MOCKPERIODYEARNEW'], env);
  expect(code).toBe(0);
  expect(output).toMatch(/^orderId +MOCKPERIODYEARNEW$/m);
  expect(output).toMatch(/^line\.chargingMode +PERIOD$/m);
  expect(output).toMatch(/^asked at http:\/\/127\.0\.0\.1:\d+$/m);
});

test('--json prints the order as JSON, of the line asked for', async () => {
  const { output } = await runCommand('cli/operator/order.ts', ['CS1UPGRD', 'CS1UPGRD-000002', '--json'], env);
  expect(JSON.parse(output)).toMatchObject({ orderType: 'CHANGE', line: { orderLineId: 'CS1UPGRD-000002' } });
});

test('KOOGATE_OPENAPI_URL is asked with the keys of the secrets file', async () => {
  const { marketplace: keys } = await ensureLocalSecrets(
    join(folder.path, 'secrets.json'),
    [{ id: 'demo', families: ['saas-v2'] }],
    false,
  );
  const standIn = await startStandIn({ keys });
  const { output } = await runCommand('cli/operator/order.ts', ['CS7'], { ...env, KOOGATE_OPENAPI_URL: standIn.url });
  expect(output).toContain(`asked at ${standIn.url}`);
  expect(standIn.asked).toEqual(['CS7']);
  await standIn.stop();
});

test.each([
  [['FOREIGN1'], 'gave no order (MKT.0150)'],
  [[], 'Which order?'],
])('%j ends with a sentence and exit code 1', async (args, sentence) => {
  const { code, output } = await runCommand('cli/operator/order.ts', args, env);
  expect([code, output.split('\n').length]).toEqual([1, 2]);
  expect(output).toContain(sentence);
});
