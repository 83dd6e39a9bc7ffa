import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FailedChange, InstanceItem } from '../../../lib/instances/item.ts';
import { keys } from '../../../lib/instances/keys.ts';
import { createTable, localClient, startDynoxide } from '../../../scripts/dev/engine.ts';
import { TABLE } from '../../../scripts/dev/local/settings.ts';
import { secretsFile } from '../../secrets/fixture.ts';
import { temporaryFolder } from '../../support/command.ts';
import { operate } from './operate.ts';

const folder = temporaryFolder();
const dbPath = join(folder.path, 'dynamo.db');
const key = keys.instance('demo', 'i-1');

async function withDatabase<Result>(use: (client: ReturnType<typeof localClient>) => Promise<Result>): Promise<Result> {
  const engine = await startDynoxide({ dbPath });
  const client = localClient(engine.endpoint);
  try {
    return await use(client);
  } finally {
    client.destroy();
    await engine.stop();
  }
}

beforeAll(() => {
  const hmac = { audit: 'a'.repeat(32), customer: 'c'.repeat(32) };
  writeFileSync(join(folder.path, 'secrets.json'), JSON.stringify({ ...secretsFile(), hmac }));
  return withDatabase(async (client) => {
    const failed: FailedChange = {
      kind: 'freeze',
      id: 'change-1',
      acceptedAt: 1,
      sentAt: 5,
      reason: 'no',
      failedAt: 2,
    };
    const item: InstanceItem = {
      ...key,
      product: 'demo',
      instanceId: 'i-1',
      orderId: 'CS1',
      orderLineId: 'CS1-000001',
      wanted: 'FROZEN',
      state: 'ACTIVE',
      orders: new Set(['newInstance#CS1#CS1-000001']),
      statusAt: 5,
      expireSetAt: 0,
      createdAt: 1,
      pending: [],
      failed: { 'change-1': failed },
      attempts: 0,
    };
    await createTable(client, TABLE);
    await client.send(new PutItemCommand({ TableName: TABLE, Item: marshall(item) }));
  });
});
afterAll(folder.remove);

test('what was set aside is queued again in the data file, with its idempotency key', async () => {
  const { code, output } = await operate(['retry', 'i-1'], { KOOGATE_DATA: folder.path });
  expect([code, output]).toEqual([
    0,
    'demo: queued again: freeze (idempotency key change-1)\n' +
      `It is carried out when KooGate next runs on ${dbPath}.`,
  ]);
  const { Item = {} } = await withDatabase((client) =>
    client.send(new GetItemCommand({ TableName: TABLE, Key: marshall(key) })),
  );
  expect(unmarshall(Item)).toMatchObject({ pending: [{ id: 'change-1', kind: 'freeze' }], failed: {} });
});

test('a second time there is nothing left', async () => {
  const { code, output } = await operate(['retry', 'i-1', '--product', 'demo'], {
    KOOGATE_DATA: folder.path,
  });
  expect([code, output]).toEqual([0, 'demo: nothing had been set aside, and nothing waits for its next attempt.']);
});

test('what has failed and waits for its next attempt is due at once', async () => {
  await withDatabase(async (client) => {
    const { Item = {} } = await client.send(new GetItemCommand({ TableName: TABLE, Key: marshall(key) }));
    const waiting = { ...unmarshall(Item), attempts: 2, dueAt: Date.now() + 3_600_000 };
    await client.send(new PutItemCommand({ TableName: TABLE, Item: marshall(waiting) }));
  });
  const { code, output } = await operate(['retry', 'i-1', '--product', 'demo'], { KOOGATE_DATA: folder.path });
  expect([code, output]).toEqual([
    0,
    `demo: due at once: freeze (idempotency key change-1)\nIt is carried out when KooGate next runs on ${dbPath}.`,
  ]);
  const { Item = {} } = await withDatabase((client) =>
    client.send(new GetItemCommand({ TableName: TABLE, Key: marshall(key) })),
  );
  expect(unmarshall(Item)).toMatchObject({ dueAt: 0, attempts: 2 });
});

test.each([
  [['i-2'], 'There is nothing of that id under demo, plain'],
  [['i-1', '--product', 'plain'], 'There is nothing of that id under plain'],
  [['--order', 'CS1', '--line', 'CS1-000001'], 'There is nothing of that id'],
  [['--license', 'LIC-1'], 'There is nothing of that id'],
  [['--event', 'evt-1', '--fingerprint', 'D1'], 'There is nothing of that id'],
])('%j ends with a sentence and exit code 1', async (args, sentence) => {
  const { code, output } = await operate(['retry', ...args], { KOOGATE_DATA: folder.path });
  expect(code).toBe(1);
  expect(output).toContain(sentence);
});

test.each([
  [[], 'Of which instance?'],
  [['i-1', '--product', 'nobody'], 'There is no product "nobody". Known are: demo, plain'],
  [['i-1', '--nonsense'], '--nonsense'],
])('%j is a usage error', async (args, sentence) => {
  const { code, output } = await operate(['retry', ...args], { KOOGATE_DATA: folder.path });
  expect(code).toBe(2);
  expect(output).toContain(sentence);
});

test('without data it says so and makes none', async () => {
  const empty = temporaryFolder();
  const { code, output } = await operate(['retry', 'i-1'], { KOOGATE_DATA: empty.path });
  expect(code).toBe(1);
  expect(output).toContain(`There are no data in ${empty.path}`);
  empty.remove();
});
