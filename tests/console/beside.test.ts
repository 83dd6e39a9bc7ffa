import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startConsoleBeside } from '../../scripts/console/beside.ts';
import type { Setup } from '../../scripts/console/shapes.ts';
import type { Run } from '../../scripts/dev/local/run-file.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { type ConsoleSeller, startConsoleSeller } from './seller.ts';

let table: TestTable;
let seller: ConsoleSeller;
let run: Run;

beforeAll(async () => {
  [table, seller] = await Promise.all([startTable(), startConsoleSeller()]);
  run = {
    pid: process.pid,
    route: 'http://127.0.0.1:3000/produce',
    endpoint: table.engine,
    table: table.table.name,
    openApi: 'http://127.0.0.1:1',
    data: join(seller.folder, 'data'),
    secrets: seller.secrets,
    products: [
      { id: 'demo', name: 'demo', families: ['saas-v2', 'order-notify'] },
      { id: 'kit', name: 'kit', families: ['saas-v2', 'order-notify', 'kit-v2', 'kit-v1'] },
    ],
  };
});
afterAll(() => Promise.all([table.stop(), seller.stop()]));

test('offers the products of this installation, each with the kinds that its families make', async () => {
  const page = await startConsoleBeside(run, { CONSOLE_PORT: '0' });
  const answer = await fetch(`http://127.0.0.1:${page.port}/api/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-console-token': page.token },
    body: '{}',
  });
  const { products } = (await answer.json()) as Setup;
  await page.stop();
  expect(products.find(({ name }) => name === 'demo')).toEqual({
    name: 'demo',
    at: 'http://127.0.0.1:3000/produce/demo',
    families: ['saas-v2', 'order-notify'],
    kinds: ['saas-period', 'saas-once', 'saas-on-demand', 'order-notify'],
  });
  expect(products.find(({ name }) => name === 'kit')?.kinds).toContain('joint');
  await expect(fetch(page.url)).rejects.toThrow();
});

test('the token lasts over a restart, for the owner of the data alone', async () => {
  const first = await startConsoleBeside(run, { CONSOLE_PORT: '0' });
  await first.stop();
  const second = await startConsoleBeside(run, { CONSOLE_PORT: '0' });
  await second.stop();
  expect(second.token).toBe(first.token);
  const file = join(run.data, 'console-token');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  writeFileSync(file, 'spoilt');
  const third = await startConsoleBeside(run, { CONSOLE_PORT: '0' });
  await third.stop();
  expect(third.token).toMatch(/^[\w-]{32}$/);
  expect(third.token).not.toBe(first.token);
});

test('offers other products once it is told of them', async () => {
  const page = await startConsoleBeside(run, { CONSOLE_PORT: '0' });
  page.sell([{ id: 'old', name: 'new', families: ['saas-v2'] }]);
  const answer = await fetch(`http://127.0.0.1:${page.port}/api/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-console-token': page.token },
    body: '{}',
  });
  const { products } = (await answer.json()) as Setup;
  await page.stop();
  expect(products).toMatchObject([{ name: 'old', at: 'http://127.0.0.1:3000/produce/new' }]);
});

test.each(['abc', '-1', '70000', '3080.5'])('refuses the port %s', async (CONSOLE_PORT) => {
  await expect(startConsoleBeside(run, { CONSOLE_PORT })).rejects.toThrow(
    `CONSOLE_PORT is "${CONSOLE_PORT}", but a port is a number up to 65535.`,
  );
});
