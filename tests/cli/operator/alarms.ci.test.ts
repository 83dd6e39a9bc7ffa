import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ROOT } from '../../../scripts/dev/local/settings.ts';
import { type StandInRobots, startRobots } from '../../../scripts/testing/robots.ts';
import { temporaryFolder } from '../../support/command.ts';
import { AWS_KEYS, type FakeSsm, startFakeSsm } from '../../support/fake-ssm.ts';
import { type Listener, listen } from '../../support/listen.ts';
import { operate } from './operate.ts';

const CONFIG = `import { defineConfig } from '${join(ROOT, 'lib/config/config.ts')}';
import { demoSeller as seller } from '${join(ROOT, 'scripts/dev/samples/demo.ts')}';
const purpose = 'demonstration';
const robots = { group: 'wecom', ding: 'dingtalk', fei: 'feishu', team: 'slack' } as const;
export default defineConfig({
  service: 'my-shop',
  products: { crm: { seller } },
  stages: {
    quiet: { purpose, region: 'ap-southeast-1' },
    prod: { purpose, region: 'ap-southeast-1', alarms: { robots, severities: { team: 'critical', ding: 'warning' } } },
    mailed: { purpose, region: 'ap-southeast-1', receivers: ['ops', 'boss'], alarms: { severities: { boss: 'critical' } } },
    cn: { purpose, host: 'server', receivers: ['ops'], webhooks: ['pager'] },
  },
});
`;
const TOPIC = 'arn:aws:sns:ap-southeast-1:123456789012:my-shop-mailed-Alarms-1A2B';

const folder = temporaryFolder();
let robots: StandInRobots;
let ssm: FakeSsm;
let aws: Listener;
let asked: URLSearchParams[] = [];
let isDeployed = true;
let env: Record<string, string>;

beforeAll(async () => {
  writeFileSync(join(folder.path, 'koogate.config.ts'), CONFIG);
  symlinkSync(join(ROOT, 'node_modules'), join(folder.path, 'node_modules'));
  robots = await startRobots(Date.now);
  ssm = await startFakeSsm();
  const { wecom, dingtalk, feishu, slack } = robots.addresses;
  const receivers = { group: wecom, ding: dingtalk, fei: feishu, team: slack };
  for (const [name, address] of Object.entries(receivers)) {
    ssm.parameters.set(`/my-shop/prod/receivers/${name}`, address);
  }
  aws = await listen((_, body, response) => {
    const form = new URLSearchParams(body);
    asked.push(form);
    if (form.get('Action') === 'Publish') return response.end('<PublishResponse/>');
    const found =
      isDeployed && form.get('StackName') === 'my-shop-mailed' && form.get('LogicalResourceId') === 'Alarms';
    if (!found) return response.writeHead(400).end('<Error><Code>ValidationError</Code></Error>');
    return response.end(`<Detail><PhysicalResourceId>${TOPIC}</PhysicalResourceId></Detail>`);
  });
  env = {
    ...AWS_KEYS,
    KOOGATE_CONFIG: join(folder.path, 'koogate.config.ts'),
    KOOGATE_DATA: folder.path,
    AWS_ENDPOINT_URL_SSM: ssm.endpoint,
    AWS_ENDPOINT_URL_CLOUDFORMATION: aws.url,
    AWS_ENDPOINT_URL_SNS: aws.url,
  };
});
afterAll(async () => {
  await Promise.all([robots.close(), ssm.stop(), aws.close()]);
  rmSync(folder.path, { recursive: true });
});
beforeEach(() => {
  asked = [];
  isDeployed = true;
});

const run = (...args: readonly string[]) => operate(['alarms', ...args], env);

describe('koogate alarms test', () => {
  test('sends each robot one of each severity that it hears of, and says that it was taken', async () => {
    const { code, output } = await run('test', '--stage', 'prod');
    expect(robots.refused).toEqual([]);
    expect(code).toBe(0);
    const rows = output.split('\n').map((line) => line.trim().split(/ {2,}/));
    expect(rows).toEqual(
      expect.arrayContaining([
        ['receiver', 'critical', 'warning', 'info'],
        ['group', 'taken', 'taken', 'taken'],
        ['ding', 'taken', 'taken', '–'],
        ['team', 'taken', '–', '–'],
      ]),
    );
    const counts = robots.taken.map(({ kind, text }) => `${kind} ${/TEST|测试/.test(text)}`).sort();
    const times = (kind: string, count: number) => Array.from({ length: count }, () => `${kind} true`);
    expect(counts).toEqual([
      ...times('dingtalk', 2),
      ...times('feishu', 3),
      ...times('slack', 1),
      ...times('wecom', 3),
    ]);
  });

  test('says what a robot answered that refuses, and ends with 1', async () => {
    ssm.parameters.set('/my-shop/prod/receivers/ding', robots.addresses.dingtalk.replace(/....$/, '0000'));
    robots.broken.add('wecom');
    const { code, output } = await run('test', '--stage', 'prod', '--json');
    robots.broken.clear();
    ssm.parameters.set('/my-shop/prod/receivers/ding', robots.addresses.dingtalk);
    const { answers } = JSON.parse(output);
    expect(code).toBe(1);
    expect(answers).toContainEqual({
      ...{ receiver: 'ding', severity: 'critical', answer: 'refused' },
      reason: 'Receiver ding answered errcode 310000 (sign not match).',
    });
    expect(answers).toContainEqual(
      expect.objectContaining({ receiver: 'group', reason: expect.stringContaining('HTTP 502') }),
    );
    expect(answers).toContainEqual({ receiver: 'ding', severity: 'info', answer: 'unsent' });
    const inChinese = await run('test', '--stage', 'prod', '--lang', 'zh', '--parameters', '/nowhere');
    expect(inChinese).toMatchObject({
      code: 1,
      output: expect.stringMatching(/未送达[\s\S]*cannot be read[\s\S]*请修正其地址/),
    });
  });

  test('sends e-mail on AWS through the topic of the stack, each severity to those who hear of it', async () => {
    const { code, output } = await run('test', '--stage', 'mailed');
    expect([code, output]).toEqual([0, expect.stringMatching(/topic:info .*\n.*topic:critical/)]);
    const published = asked.filter((form) => form.get('Action') === 'Publish');
    expect(new Set(published.map((form) => form.get('TopicArn')))).toEqual(new Set([TOPIC]));
    expect(published.map((form) => form.get('MessageAttributes.entry.1.Value.StringValue')).sort()).toEqual([
      ...['critical', 'info', 'info', 'info'],
    ]);
    isDeployed = false;
    const unknown = await run('test', '--stage', 'mailed');
    expect(unknown).toMatchObject({ code: 1, output: expect.stringMatching(/names no topic "Alarms" of the stack/) });
  });

  test('tries the mail server and webhooks of a server with the secrets file', async () => {
    const { code, output } = await run('test', '--stage', 'cn', '--json');
    expect(code).toBe(1); // there is no secrets file
    const { answers } = JSON.parse(output);
    expect(new Set(answers.map(({ receiver }: { receiver: string }) => receiver))).toEqual(
      new Set(['mail:info', 'pager']),
    );
    expect(JSON.stringify(answers)).toMatch(/secrets file .* cannot be read/);
  });

  test('needs a stage with somebody who hears', async () => {
    expect(await run('test')).toMatchObject({
      code: 2,
      output: expect.stringMatching(/--stage with one of quiet, prod/),
    });
    expect(await run('test', '--stage', 'quiet')).toMatchObject({
      code: 1,
      output: expect.stringMatching(/Nobody hears/),
    });
    expect(await run('tset')).toMatchObject({ code: 2, output: expect.stringMatching(/found "tset"/) });
    expect(await run('--help')).toMatchObject({ code: 0, output: expect.stringMatching(/koogate alarms test/) });
  });
});
