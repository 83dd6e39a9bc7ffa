import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ROOT } from '../../scripts/dev/local/settings.ts';
import { readAdditions, resolveVariable } from '../../scripts/dev/stage.ts';
import { temporaryFolder } from '../support/command.ts';

/*
 * What a stage's settings add to a service, in Serverless' own terms; tests/deploy packages it.
 */

const CONFIG = `import { defineConfig } from '${join(ROOT, 'lib/config/config.ts')}';
import { demoSeller as seller } from '${join(ROOT, 'scripts/dev/samples/demo.ts')}';
const login = { appId: 'a', callbackUrl: 'https://a.example.com/', siteUrl: 'https://b.example.com/' };
const plain = { purpose: 'demonstration', region: 'ap-southeast-1' } as const;
export default defineConfig({
  service: 'my-shop',
  products: { crm: { seller, login } },
  stages: {
    plain,
    signing: { ...plain, login: true },
    heard: { ...plain, receivers: ['a-1', 'a1', 'ops'] },
    sorted: { ...plain, receivers: ['ops', 'boss'], alarms: { severities: { boss: 'critical' } } },
    digested: { ...plain, alarms: { digest: 9 } },
    posted: { ...plain, webhooks: ['pager'], alarms: { robots: { chat: 'wecom' } } },
    nowhere: { purpose: 'demonstration', environment: { ACME_API: 'https://api.example.com' } },
  },
});
`;

const folder = temporaryFolder();
const before = process.env.KOOGATE_CONFIG;

beforeAll(() => {
  process.env.KOOGATE_CONFIG = join(folder.path, 'koogate.config.ts');
  writeFileSync(process.env.KOOGATE_CONFIG, CONFIG);
  symlinkSync(join(ROOT, 'node_modules'), join(folder.path, 'node_modules'));
});

afterAll(() => {
  if (before === undefined) delete process.env.KOOGATE_CONFIG;
  else process.env.KOOGATE_CONFIG = before;
  folder.remove();
});

describe('the additions of a stage', () => {
  test('are its region alone where it asks for nothing', async () => {
    expect(await readAdditions('plain')).toEqual({
      region: 'ap-southeast-1',
      events: [],
      functions: [],
      resources: [],
    });
  });

  test('are the files of the login, wherever the package lies', async () => {
    const file = join(ROOT, 'deploy/aws/login.yml');
    const { functions, resources } = await readAdditions('signing');
    expect([functions, resources]).toEqual([[`$\{file(${file}):functions}`], [`$\{file(${file}):resources}`]]);
  });

  test('are one subscription for each receiver, however alike their names', async () => {
    const [{ Resources }] = (await readAdditions('heard')).resources as [{ Resources: object }];
    expect(Object.keys(Resources)).toEqual(['AlarmReceiverADash1', 'AlarmReceiverA1', 'AlarmReceiverOps']);
  });

  test('are filters of subscriptions where receivers hear of different severities', async () => {
    const [{ Resources }] = (await readAdditions('sorted')).resources as [{ Resources: object }];
    expect(Resources).toMatchObject({
      AlarmReceiverOps: { Properties: { FilterPolicy: { from: ['info', { exists: false }] } } },
      AlarmReceiverBoss: { Properties: { FilterPolicy: { from: ['critical', { exists: false }] } } },
    });
    expect(JSON.stringify((await readAdditions('heard')).resources)).not.toContain('FilterPolicy');
  });

  test('are rights of the sweep on the addresses of webhooks and robots', async () => {
    const [{ Resources }] = (await readAdditions('posted')).resources as [{ Resources: object }];
    expect(Object.keys(Resources)).toEqual(['WebhookPolicy']);
    expect(JSON.stringify(Resources)).toContain('parameter/my-shop/posted/receivers/pager"');
    expect(JSON.stringify(Resources)).toContain('parameter/my-shop/posted/receivers/chat"');
    expect(JSON.stringify(Resources)).toContain('"Roles":[{"Ref":"FulfilRole"}]');
  });

  test('are rights of the sweep on the whole table where there is a digest', async () => {
    const [{ Resources }] = (await readAdditions('digested')).resources as [{ Resources: object }];
    expect(Object.keys(Resources)).toEqual(['DigestPolicy']);
    expect(JSON.stringify(Resources)).toContain('"Action":["dynamodb:Scan","dynamodb:Query"]');
  });

  test('are the login in the local run, as soon as a product has settings for it', async () => {
    expect(await readAdditions('local')).toMatchObject({ functions: [expect.stringContaining('login.yml')] });
  });
});

describe('a variable', () => {
  test('has the value of the stage', async () => {
    expect(await resolveVariable('table', 'plain')).toBe('my-shop-plain');
    expect(await resolveVariable('parameters', 'plain')).toBe('/my-shop/plain');
    expect(await resolveVariable('environment', 'nowhere')).toEqual({ ACME_API: 'https://api.example.com' });
    expect(await resolveVariable('sweepEnvironment', 'plain')).toEqual({ KOOGATE_TOPIC: { Ref: 'Alarms' } });
    expect(await resolveVariable('sweepEnvironment', 'local')).toEqual({});
  });

  test('has no value of any stage in the local run', async () => {
    expect(await resolveVariable('environment', 'local')).toEqual({});
  });

  test('that does not exist is refused with those that do', async () => {
    await expect(resolveVariable('tabel', 'plain')).rejects.toThrow(/knows no "tabel", only table, parameters/);
    await expect(resolveVariable('toString', 'plain')).rejects.toThrow(/knows no "toString"/);
  });
});
