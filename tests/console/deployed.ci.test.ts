import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { acceptPurchase } from '../../lib/instances/accept-purchase.ts';
import type { PostgresTable } from '../../lib/table/postgres/open.ts';
import { SAMPLES_CONFIG } from '../../scripts/dev/demo/stage.ts';
import { startCommand, temporaryFolder } from '../support/command.ts';
import { newTable, type Reached, sharedPostgres } from '../support/postgres.ts';

/* `koogate console --database`, as a process of its own. */

const folder = temporaryFolder();
let server: Reached;
let table: PostgresTable;

beforeAll(async () => {
  server = await sharedPostgres();
  table = await newTable(server);
});
afterAll(async () => {
  await table.close();
  folder.remove();
});

test('serves the table to whoever has the printed address, acts only with --write, and ends with Ctrl-C', async () => {
  const { item } = await acceptPurchase(
    table,
    { product: 'demo', orderId: 'CS1', orderLineId: 'CS1-000001', sentAt: 1 },
    Date.now(),
  );
  const args = ['console', '--database', server.url, '--table', table.name];
  const env = {
    KOOGATE_CONFIG: SAMPLES_CONFIG,
    KOOGATE_DATA: join(folder.path, 'none'),
    PGPASSWORD: server.password,
    CONSOLE_PORT: '0',
  };
  const command = startCommand('bin.mjs', args, env);
  try {
    await command.until('Ctrl-C ends it');
    const page = new URL(/http:\S+#token=\S+/.exec(command.output())?.[0] ?? '');
    const ask = async (path: string, body: object, token = page.hash.replace('#token=', '')) => {
      const headers = { 'content-type': 'application/json', 'x-console-token': token };
      const answer = await fetch(new URL(path, page), { method: 'POST', headers, body: JSON.stringify(body) });
      return { status: answer.status, text: await answer.text() };
    };
    expect((await ask('/api/setup', {}, 'guessed')).status).toBe(401);
    const setup = JSON.parse((await ask('/api/setup', {})).text);
    expect(setup.deployed).toMatchObject({ writes: false, place: expect.stringContaining(table.name) });
    const found = await ask('/api/find', { id: 'CS1', isCustomer: false });
    expect(JSON.parse(found.text).items).toMatchObject([{ instanceId: item.instanceId, state: 'PENDING' }]);
    const scanned = (await ask('/api/scan', { state: 'PENDING' })).text.trim().split('\n');
    expect(JSON.parse(scanned.at(-1) ?? '')).toMatchObject({ matched: 1, done: true });
    const retry = { product: 'demo', instanceId: item.instanceId, action: 'retry', isNotice: false };
    expect(await ask('/api/act', retry)).toMatchObject({ status: 403, text: expect.stringContaining('read-only') });
    expect(command.output()).toContain('It only reads');
  } finally {
    command.child.kill('SIGINT');
  }
  expect(await command.ended).toBe(0);
});
