import { chmodSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../../scripts/dev/engine.ts';
import type { LocalServer } from '../../scripts/dev/local/server.ts';
import { startLocalHost } from '../../scripts/dev/local/server-host.ts';
import { ROOT } from '../../scripts/dev/local/settings.ts';
import { call } from '../../scripts/marketplace/signed-calls.ts';
import { temporaryFolder } from '../support/command.ts';
import { eventually } from './host.ts';

/* The local run on the server host: built and started again while files change. */

const folder = temporaryFolder();
const data = join(folder.path, 'data');
const configFile = join(folder.path, 'koogate.config.ts');
const settings = (
  products: string,
) => `import { defineConfig } from ${JSON.stringify(join(ROOT, 'lib/config/config.ts'))};
import { samples } from ${JSON.stringify(join(ROOT, 'scripts/dev/samples/index.ts'))};

export default defineConfig({ service: 'shop', products: { ${products} }, stages: {} });
`;
const sold: string[][] = [];
let server: LocalServer;

beforeAll(async () => {
  chmodSync(folder.path, 0o711); // as root, PostgreSQL runs as nobody and has to get there
  symlinkSync(join(ROOT, 'node_modules'), join(folder.path, 'node_modules'));
  writeFileSync(configFile, settings('first: samples.plain'));
  const env = {
    PATH: process.env.PATH,
    PORT: String(await freePort()),
    KOOGATE_CONFIG: configFile,
    KOOGATE_DATA: data,
  };
  server = await startLocalHost(env, undefined, (products) => sold.push(products.map(({ name }) => name)));
});
afterAll(async () => {
  await server?.stop();
  folder.remove();
});

const dial = async (product: string) => {
  const { products } = JSON.parse(readFileSync(server.run.secrets, 'utf8'));
  const message = { activity: 'newInstance', businessId: 'b', orderId: 'O', orderLineId: 'L', testFlag: '1' };
  return (await call(`${server.run.route}/${product}`, products[product].accessKeys.base[0], message)).json.resultCode;
};
const says = (text: string) => eventually(() => server.output().includes(text), `the output says "${text}"`, 30_000);

test('the table lies in PostgreSQL, and calls are answered', async () => {
  expect(server.run.database).toMatch(/^postgres:/);
  expect(await dial('first')).toBe('000000');
});

test('a report that is posted as on AWS comes through the private listener, signed', async () => {
  const { status } = await fetch(server.run.usageQueue ?? '', { method: 'POST', body: '{"product":"first"}' });
  expect(status).toBe(200);
  await says('A usage report was refused.');
  expect(server.output()).not.toContain('meter threw');
});

test('a product that is added is sold within moments, with keys of its own', async () => {
  writeFileSync(configFile, settings('first: samples.plain, second: samples.plain'));
  await says('The server runs the new code.');
  expect(await dial('second')).toBe('000000');
  expect(await dial('first')).toBe('000000');
  await eventually(() => sold.length > 0, 'the new products are told');
  expect(sold).toEqual([['first', 'second']]);
});

test('a mistake is named with its line, and the code of before runs on', async () => {
  writeFileSync(configFile, settings('first: samples.plain,, second: samples.plain'));
  await says('Not rebuilt; the code of before runs on.');
  expect(server.output()).toMatch(/koogate\.config\.ts:4: /);
  expect(await dial('second')).toBe('000000');
});

test('it ends with all it started, and nothing says that it runs', async () => {
  await server.stop();
  expect(await server.ended).toBe(0);
  expect(existsSync(join(data, 'run.json'))).toBe(false);
});
