import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { alarmsOf } from '../../handlers/alarms.ts';
import { defineConfig } from '../../lib/config/config.ts';
import { putIf } from '../../lib/instances/write.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { instance, MINUTE, NOW, waiting } from '../alarms/support.ts';
import { recordingLog } from '../middleware/support.ts';
import { memoryTable } from '../support/memory-table.ts';

const got: string[] = [];
const server = createServer((request, response) => {
  got.push(`${request.method} ${request.url}`);
  response.end();
});
let address: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${Object(server.address()).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

let isOpen = true;

function made(stage: object, name = 'prod', isReadable = true) {
  const table = memoryTable();
  const log = recordingLog();
  const secret = `whsec_${Buffer.alloc(24).toString('base64')}`;
  const secrets = {
    receiver: async (receiver: string) => {
      if (!isReadable) throw new Error('no such secret');
      return receiver === 'pager' ? `${address}/pager#${secret}` : `${address}/${receiver}`;
    },
  };
  const config = defineConfig({ service: 'shop', products: { demo: { seller: demoSeller } }, stages: { prod: stage } });
  const runtime = {
    table,
    log,
    secrets,
    clock: () => NOW + 21 * MINUTE,
    isOpen: async () => isOpen,
    products: config.products,
  };
  const mailed: (readonly string[])[] = [];
  const alarms = alarmsOf(config, { KOOGATE_STAGE: name }, runtime as never, ({ names, from, isOnly }, onUnread) => {
    mailed.push([...names, from, String(isOnly)]);
    if (!isReadable) onUnread(new Error('no mail'));
    return { name: 'mail', send: async () => {} };
  });
  return { alarms, mailed, log, table };
}

test('the local run has no alarms', () => {
  expect(made({}, 'local').alarms).toBeUndefined();
});

test('a stage tells its receivers by mail and its webhooks by a post', async () => {
  got.length = 0;
  const { alarms, mailed, table } = made({ receivers: ['ops'], webhooks: ['pager'] });
  await putIf(table, instance('a', waiting('provision', NOW)) as never, {
    condition: 'attribute_not_exists(#pk)',
    values: {},
  });
  expect(await alarms?.look()).toBe(true);
  expect([mailed, got]).toEqual([[['ops', 'info', 'true']], ['POST /pager']]);
});

test('the heartbeat is called where there is one, and its failure is a line of the log', async () => {
  got.length = 0;
  await made({}).alarms?.beat();
  expect(got).toEqual([]);
  await made({ heartbeat: `${address}/beat` }).alarms?.beat();
  expect(got).toEqual(['GET /beat']);
  const { alarms, log } = made({ heartbeat: 'http://localhost:1/beat' });
  await alarms?.beat();
  expect(log.entries).toMatchObject([{ level: 'warn', message: 'The heartbeat could not be called.' }]);
});

test('an address that cannot be read is a line of the log at the start', async () => {
  const { log } = made({ webhooks: ['pager'] }, 'prod', false);
  await new Promise(setImmediate);
  expect(log.entries).toMatchObject([{ level: 'warn', fields: { receiver: 'pager', reason: 'no such secret' } }]);
});

test('those who hear of the same are mailed together, and nobody hears of what is not meant for him', async () => {
  got.length = 0;
  const robots = { chat: 'slack', quiet: 'slack' } as const;
  const severities = { boss: 'critical', night: 'critical', quiet: 'critical' } as const;
  const { alarms, mailed, table } = made({ receivers: ['ops', 'boss', 'night'], alarms: { robots, severities } });
  expect(mailed).toEqual([
    ['ops', 'info', 'false'],
    ['boss', 'night', 'critical', 'false'],
  ]);
  await putIf(table, instance('a', waiting('renew', NOW - 30 * MINUTE)) as never, {
    condition: 'attribute_not_exists(#pk)',
    values: {},
  });
  await alarms?.look();
  expect(got).toEqual(['POST /chat']);
});

test('the digest goes out beside a look, and not while the table is moved', async () => {
  got.length = 0;
  const { alarms } = made({ webhooks: ['pager'], alarms: { digest: 9 } });
  isOpen = false;
  expect(await alarms?.look()).toBe(true);
  expect(got).toEqual([]);
  isOpen = true;
  expect(await alarms?.look()).toBe(true);
  expect(got).toEqual(['POST /pager']);
});

test('mail that cannot be sent is a line of the log at the start', async () => {
  const { log } = made({ receivers: ['ops', 'boss'] }, 'prod', false);
  expect(log.entries).toMatchObject([{ fields: { receiver: 'ops, boss', reason: 'no mail' } }]);
});
