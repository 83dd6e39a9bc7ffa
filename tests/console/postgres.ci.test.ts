import { chmodSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Subject, Timeline } from '../../scripts/console/shapes.ts';
import { freePort } from '../../scripts/dev/engine.ts';
import { findRun, type Run } from '../../scripts/dev/local/run-file.ts';
import { readLocalSecrets } from '../../scripts/dev/local-secrets.ts';
import { call } from '../../scripts/marketplace/signed-calls.ts';
import { eventually } from '../server/host.ts';
import { type Command, startCommand, temporaryFolder } from '../support/command.ts';

/* The console beside `npm start -- --on server`, whose table lies in PostgreSQL. */

const folder = temporaryFolder();
let command: Command;
let run: Run | undefined;
let page: URL;

beforeAll(async () => {
  chmodSync(folder.path, 0o711); // as root, PostgreSQL runs as nobody and has to get there
  const env = { KOOGATE_DATA: folder.path, PORT: String(await freePort()), CONSOLE_PORT: '0' };
  command = startCommand('bin.mjs', ['start', '--on', 'server'], env);
  await command.until('Ctrl-C ends it');
  run = findRun(folder.path);
  page = new URL(/Console +(http:\S+#token=\S+)/.exec(command.output())?.[1] ?? '');
});
afterAll(async () => {
  command?.child.kill('SIGTERM');
  await command?.ended;
  folder.remove();
});

/** Asks the console as its page does. */
async function ask<Answer>(path: string, body: object): Promise<Answer> {
  const answer = await fetch(new URL(path, page), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-console-token': page.hash.replace('#token=', '') },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Answer;
}

/** Sends a call as the marketplace does. */
async function send(message: object) {
  const key = readLocalSecrets(run?.secrets ?? '').products.demo?.accessKeys.base?.[0] ?? '';
  return (await call(`${run?.route}/demo`, key, { businessId: 'b', ...message })).json;
}

test('instances and their history are shown, and changes as they come', async () => {
  expect(run?.database).toMatch(/^postgres:/);
  expect(await ask('/api/instances', { product: 'demo' })).toEqual([]);

  const bought = { activity: 'newInstance', orderId: 'CS1', orderLineId: 'CS1-000001' };
  const { instanceId } = await send(bought);
  const subject = async () => (await ask<Subject[]>('/api/instances', { product: 'demo' }))[0];
  await eventually(async () => (await subject())?.state === 'ACTIVE', 'the instance is provisioned', 30_000);
  await send({ activity: 'updateInstanceStatus', instanceId, status: 'FREEZE' });
  await eventually(async () => (await subject())?.state === 'FROZEN', 'the instance is frozen', 30_000);
  expect(await ask('/api/instances', { product: 'demo' })).toMatchObject([
    { id: instanceId, kind: 'instance', wanted: 'FROZEN', waiting: 0, setAside: 0 },
  ]);

  const { events } = await ask<Timeline>('/api/timeline', { product: 'demo', key: (await subject())?.key });
  const told = events.map(({ what, change }) => `${what} ${change}`);
  for (const event of ['accepted provision', 'done provision', 'accepted freeze', 'done freeze']) {
    expect(told).toContain(event);
  }
});
