import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FAMILIES } from '../../scripts/marketplace/calls/families.ts';
import { rsaPair } from '../support/rsa.ts';
import { keyArguments, koogate } from './desk.ts';
import { KEYS, type Running, referenceSettings, startServer } from './reference/server.ts';

const pair = rsaPair();
const folder = mkdtempSync(join(tmpdir(), 'koogate-'));
const publicKey = join(folder, 'public.pem');
writeFileSync(publicKey, pair.publicKey.export({ type: 'spki', format: 'pem' }));

let server: Running;

beforeAll(async () => {
  server = await startServer(referenceSettings({ privateKey: pair.privateKey }));
});
afterAll(() => server.close());

const simulate = (...args: string[]) =>
  koogate([
    'simulate',
    ...args,
    '--at',
    server.at,
    '--public-key',
    publicKey,
    '--secrets',
    emptySecrets,
    ...keyArguments(KEYS),
  ]);
const emptySecrets = join(folder, 'secrets.json');
writeFileSync(emptySecrets, '{}');

const everyCall = FAMILIES.flatMap(({ name, activities }) =>
  Object.keys(activities).map((activity): [string, string] => [name, activity]),
);

describe('koogate simulate', () => {
  test.each(everyCall)('%s %s: a debugging call to a right server passes every check', async (family, activity) => {
    const { code, out } = await simulate(activity, '--family', family, '--json');
    const result = JSON.parse(out);
    expect(result.checks.filter(({ state }: { state: string }) => state === 'fail')).toEqual([]);
    expect(result).toMatchObject({ family, activity, passed: true });
    expect(code).toBe(0);
  });

  test('opens the login data of V1.0 and of V2.0', async () => {
    const v1 = JSON.parse((await simulate('newInstance', '--family', 'saas-v1', '--json')).out);
    expect(v1.credentials).toMatchObject([{ userName: 'owner', password: 'Initial-1234' }]);
    expect(v1.response.body).not.toContain('Initial-1234');
    const v2 = JSON.parse((await simulate('queryInstance', '--json')).out);
    expect(v2.credentials).toMatchObject([
      { instanceId: 'huaiweitest123456', userName: 'owner', password: 'Initial-1234' },
    ]);
  });

  test('shows a person request, answer and checks, and never the key', async () => {
    const { out, code } = await simulate('newInstance', '--param', 'businessId=b-1');
    expect(code).toBe(0);
    expect(out).toContain('"businessId":"b-1"');
    expect(out).toContain('✓ Body-Sign holds');
    expect(out).toContain('Debugging succeeded. The case can be saved.');
    for (const key of Object.values(KEYS).flat()) expect(out).not.toContain(key);
  });

  test('speaks Chinese', async () => {
    const { out } = await simulate('newInstance', '--lang', 'zh');
    expect(out).toContain('调试成功，可保存用例。');
  });

  test('ends with 1 and says why for an instance nobody created', async () => {
    const { code, out } = await simulate('refreshInstance', '--real', '--param', 'instanceId=nobody');
    expect(code).toBe(1);
    expect(out).toContain('✗ resultCode is 000003; expected 000000');
  });

  test('ends with 1 when nobody answers', async () => {
    const { code, out } = await koogate(['simulate', 'newInstance', '--at', 'http://127.0.0.1:9', '--key', 'base=x']);
    expect(code).toBe(1);
    expect(out).toContain('no connection');
  });

  test('takes numbers, and leaves members out', async () => {
    const { out, code } = await simulate('newInstance', '--param', 'testFlag:=1', '--without', 'orderId');
    expect(out).toContain('"testFlag":1}');
    expect(out).not.toContain('"orderId"');
    expect(code).toBe(1);
  });
});

describe('koogate simulate, asked wrongly', () => {
  test.each([
    [['simulate', 'buyInstance', '--at', 'http://x', '--key', 'base=1'], '"buyInstance" is no activity'],
    [
      ['simulate', 'upgrade', '--family', 'saas-v2', '--at', 'http://x'],
      'The family saas-v2 has no activity "upgrade"',
    ],
    [['simulate', 'newInstance', '--at', 'seller.example.com', '--key', 'base=1'], 'is not an http or https address'],
    [['simulate', 'tenantSync', '--at', 'http://x', '--key', 'base=1'], 'No access key of the class "kit"'],
    [['simulate', 'applicationSync', '--at', 'http://x', '--key', 'kit=1'], 'give --public-key FILE'],
    [['simulate', 'newInstance', '--at', 'http://x', '--key', 'secret'], 'is not known. Take one of: base, kit'],
    [
      ['simulate', 'newInstance', '--param', 'orderId', '--at', 'http://x', '--key', 'base=1'],
      'name=text or name:=json',
    ],
    [['simulate', 'newInstance', '--colour'], 'There is no option --colour.'],
    [['simulate', 'newInstance', '--secrets', '/nowhere.json'], 'There is no file /nowhere.json'],
    [['sell'], '"sell" is no command'],
  ])('%j says what to do', async (args, said) => {
    const { code, notes } = await koogate(args);
    expect(notes).toContain(said);
    expect(code).toBe(2);
  });

  test('every command has help with examples, in both languages', async () => {
    for (const command of ['simulate', 'doctor', 'keys']) {
      const english = await koogate([command, '--help']);
      expect(english).toMatchObject({ code: 0, notes: '' });
      expect(english.out).toContain('Examples:');
      expect((await koogate([command, '--help', '--lang', 'zh'])).out).toContain('示例：');
    }
    expect((await koogate([])).code).toBe(2);
    expect((await koogate(['--help'])).code).toBe(0);
  });
});
