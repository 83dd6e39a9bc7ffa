import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RunningServer, startServer } from '../../handlers/server/start.ts';
import { defineConfig } from '../../lib/config/config.ts';
import { putIf } from '../../lib/instances/write.ts';
import { ensureLocalSecrets } from '../../scripts/dev/local-secrets.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { type StandInKind, type StandInRobots, startRobots } from '../../scripts/testing/robots.ts';
import { instance, waiting } from '../alarms/support.ts';
import { temporaryFolder } from '../support/command.ts';
import { memoryTable } from '../support/memory-table.ts';
import { shaky } from './host.ts';

/** Two servers on one table, whose alarms and digest end at robots in this process. */
const MINUTE = 60_000;
/** Ten in the morning of Beijing. */
const TEN = Date.UTC(2026, 2, 18, 2);
const time = { now: TEN - 30 * MINUTE };
const clock = () => time.now;
const folder = temporaryFolder();
const memory = memoryTable();
let robots: StandInRobots;
let servers: readonly RunningServer[];

beforeAll(async () => {
  robots = await startRobots(clock);
  const config = defineConfig({
    service: 'shop',
    products: { demo: { seller: demoSeller } },
    stages: {
      prod: {
        ...{ host: 'server', purpose: 'demonstration', server: { private: '127.0.0.1:0' } },
        alarms: {
          robots: { wecom: 'wecom', dingtalk: 'dingtalk', feishu: 'feishu', slack: 'slack' },
          severities: { slack: 'critical' },
          digest: 10,
        },
      },
    },
  });
  const secretsFile = join(folder.path, 'secrets.json');
  const secrets = await ensureLocalSecrets(secretsFile, config.products.values(), false);
  writeFileSync(secretsFile, JSON.stringify({ ...secrets, receivers: robots.addresses }));
  const env = { KOOGATE_STAGE: 'prod', KOOGATE_SECRETS: secretsFile, PORT: '0' };
  const parts = { clock, write: () => {}, sweepMs: 40 };
  const start = () => startServer(config, env, { ...parts, table: shaky(memory, clock) });
  servers = [await start(), await start()];
});

afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await robots.close();
  rmSync(folder.path, { recursive: true, force: true });
});

const put = (item: object) =>
  putIf(memory, item as never, { condition: 'attribute_not_exists(#pk) OR attribute_exists(#pk)', values: {} });

/** Lets time pass by the minute until something holds; both servers sweep within each. */
async function until(holds: () => boolean): Promise<void> {
  for (let minute = 0; minute < 60; minute += 1) {
    for (let wait = 0; wait < 6; wait += 1) {
      if (holds()) return;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    time.now += MINUTE;
  }
  throw new Error(`Expected more than ${JSON.stringify(robots.taken)}, refused were ${robots.refused.join()}.`);
}

const taken = (kind: StandInKind, pattern: RegExp) =>
  robots.taken.filter((one) => one.kind === kind && pattern.test(one.text)).length;

test('two servers ring once at each robot, tell the others of one that fails, and send one digest', async () => {
  const closed = /\[CLOSED\]|\[已恢复\]/;
  robots.broken.add('wecom');
  await put(instance('a', { ...waiting('renew', TEN - 61 * MINUTE), dueAt: TEN + 86_400_000 }));
  await until(() => taken('feishu', /receiver-failing, wecom/) > 0);
  robots.broken.clear();
  await until(() => taken('wecom', /change-failing/) > 0 && taken('feishu', closed) > 0);
  await put(instance('a'));
  await until(() => taken('wecom', closed) > 0 && taken('dingtalk', closed) > 1);
  time.now = Math.max(time.now, TEN);
  await until(() => taken('feishu', /Audit root [0-9a-f]{64}|审计根 [0-9a-f]{64}/) > 0);
  time.now += 30 * MINUTE;
  await new Promise((resolve) => setTimeout(resolve, 300));
  for (const kind of ['wecom', 'dingtalk', 'feishu'] as const) {
    const counts = [/change-failing/, /每日简报/].map((pattern) => taken(kind, pattern));
    expect([kind, ...counts]).toEqual([kind, 2, 1]); // opened and closed
    expect(taken(kind, /receiver-failing, wecom/)).toBe(kind === 'wecom' ? 0 : 2);
  }
  expect(taken('slack', /./)).toBe(0);
  expect(robots.refused).toEqual([]);
});
