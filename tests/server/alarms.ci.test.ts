import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { type RunningServer, startServer } from '../../handlers/server/start.ts';
import { defineConfig } from '../../lib/config/config.ts';
import { putIf } from '../../lib/instances/write.ts';
import { ensureLocalSecrets } from '../../scripts/dev/local-secrets.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { instance, waiting } from '../alarms/support.ts';
import { temporaryFolder } from '../support/command.ts';
import { memoryTable } from '../support/memory-table.ts';
import { type ShakyTable, shaky } from './host.ts';

/** A server of a deployed stage, with a webhook and a heartbeat that end in this process. */
const SECRET = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
const posted: { readonly turn: string; readonly rule: string }[] = [];
let beats = 0;
const outside = createServer(async (request, response) => {
  const body = await text(request);
  if (request.url === '/beat') beats += 1;
  else {
    const { data } = new Webhook(SECRET).verify(body, request.headers as Record<string, string>) as {
      data: { news: typeof posted };
    };
    posted.push(...data.news.map(({ turn, rule }) => ({ turn, rule })));
  }
  response.end();
});
const folder = temporaryFolder();
let server: RunningServer;
let table: ShakyTable;

beforeAll(async () => {
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${Object(outside.address()).port}`;
  const config = defineConfig({
    service: 'shop',
    products: { demo: { seller: demoSeller } },
    stages: {
      prod: {
        ...{ host: 'server', purpose: 'demonstration', webhooks: ['pager'], heartbeat: `${address}/beat` },
        server: { private: '127.0.0.1:0' },
      },
    },
  });
  const secretsFile = join(folder.path, 'secrets.json');
  const secrets = await ensureLocalSecrets(secretsFile, config.products.values(), false);
  writeFileSync(secretsFile, JSON.stringify({ ...secrets, receivers: { pager: `${address}/alarms#${SECRET}` } }));
  table = shaky(memoryTable(), Date.now);
  const overdue = waiting('provision', Date.now() - 11 * 60_000);
  const item = instance('a', { ...overdue, dueAt: Date.now() + 3_600_000 });
  await putIf(table, item as never, { condition: 'attribute_not_exists(#pk)', values: {} });
  const env = { KOOGATE_STAGE: 'prod', KOOGATE_SECRETS: secretsFile, PORT: '0' };
  server = await startServer(config, env, { table, write: () => {}, sweepMs: 50 });
});

afterAll(async () => {
  await server.stop();
  outside.close();
  outside.closeAllConnections();
  rmSync(folder.path, { recursive: true, force: true });
});

/** Waits until an alarm has been told of. */
async function told(turn: string, rule: string): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end; ) {
    if (posted.some((one) => one.turn === turn && one.rule === rule)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Expected ${rule} to be ${turn}, found ${JSON.stringify(posted)}.`);
}

test('a server tells of what its sweep finds in the table, and its heartbeat beats', async () => {
  await told('opened', 'purchase-failing');
  while (beats === 0) await new Promise((resolve) => setTimeout(resolve, 20));
});

test('a server whose clock is off says so, and when it is right again', async () => {
  table.ahead = 20_000;
  await server.watchClock();
  await told('opened', 'clock');
  table.ahead = 0;
  await server.watchClock();
  await told('closed', 'clock');
});

test('a server that loses its table ends its heartbeat, and rings no sooner than ten minutes after its last message', async () => {
  posted.length = 0;
  table.fault = () => {
    throw new Error('out of reach');
  };
  const before = beats;
  await new Promise((resolve) => setTimeout(resolve, 500));
  table.fault = () => {};
  expect(beats - before).toBeLessThanOrEqual(1);
  expect(posted).toEqual([]); // within ten minutes of the clock's message it keeps silent
});
