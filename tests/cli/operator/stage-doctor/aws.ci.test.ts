import { createHash } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createObservations } from '../../../../lib/alarms/observations.ts';
import { speaker } from '../../../../scripts/cli/messages/index.ts';
import { type CheckName, findingTexts } from '../../../../scripts/cli/operator/stage-doctor/finding.ts';
import { runDoctor } from '../../../../scripts/cli/operator/stage-doctor/run.ts';
import type { DoctorOptions } from '../../../../scripts/cli/operator/stage-doctor/visit.ts';
import { KEYS } from '../../../support/installation.ts';
import { startDeployed, troubles } from './world.ts';

let world: Awaited<ReturnType<typeof startDeployed>>;
beforeAll(async () => {
  world = await startDeployed();
});
beforeEach(() => world.mend());
afterAll(() => world.stop());

const answered = { isTest: false, resultCode: '000000', milliseconds: 40 };
const lookup = async () => ['203.0.113.7'];
const visit = (options: DoctorOptions = {}, settings: object = {}, clock?: () => number) =>
  runDoctor(world.place(settings, clock), { at: world.origin, ca: world.ca, lookup, ...options });
const only = async (...checks: CheckName[]) => troubles((await visit({ only: checks })).findings);

test('a sound stage has nothing to do, every family is called, and the table is as it was', async () => {
  const items = async () =>
    (await world.installation.engine.client.send(new ScanCommand({ TableName: world.table }))).Items;
  const before = await items();
  const seen: string[] = [];
  const report = await visit({ onFinding: ({ check }) => void seen.push(check) });
  // The engine of the tests has neither of the two.
  expect(troubles(report.findings)).toEqual(['advice table.unprotected']);
  expect(report.isFine).toBe(true);
  const called = report.findings.filter(({ name }) => name === 'answered').map(({ values }) => values.family);
  expect(called).toEqual(['saas-v2', 'order-notify', 'kit-v2', 'license-2']);
  expect(await items()).toEqual(before);
  expect(seen).toHaveLength(report.findings.length);
  const text = JSON.stringify(report);
  for (const key of [...KEYS.base, ...KEYS.kit, ...KEYS.license, 'ops@example.com', '"sk"']) {
    expect(text).not.toContain(key);
  }
});

type Breaking = () => void;
test.each<[string, CheckName, string[], Breaking]>([
  [
    'a parameter is gone',
    'secrets',
    ['todo secrets.gone'],
    () => world.ssm.parameters.delete('/shop/prod/marketplace'),
  ],
  ['there is no hmac', 'secrets', ['advice secrets.no-hmac'], () => world.ssm.parameters.delete('/shop/prod/hmac')],
  ['parameters may not be read', 'secrets', ['unknown secrets.unreadable'], () => world.ssm.denied.add('*')],
  [
    'a class has no key',
    'keys',
    ['todo keys.class-missing'],
    () => world.ssm.parameters.set('/shop/prod/products/codes', JSON.stringify({ accessKeys: { base: ['x'] } })),
  ],
  [
    'keys may not be read',
    'keys',
    ['unknown keys.unreadable'],
    () => world.ssm.denied.add('/shop/prod/products/codes'),
  ],
  ['there is no stack', 'account', ['todo account.no-stack'], () => Object.assign(world.account, { stack: undefined })],
  [
    'the last deployment was rolled back',
    'account',
    ['advice account.stack-back'],
    () => Object.assign(world.account.stack ?? {}, { status: 'UPDATE_ROLLBACK_COMPLETE' }),
  ],
  [
    'the stack is stuck',
    'account',
    ['todo account.stack-failed'],
    () => Object.assign(world.account.stack ?? {}, { status: 'UPDATE_ROLLBACK_FAILED' }),
  ],
  ['a role was deleted', 'account', ['todo account.role-gone'], () => world.account.roles.delete('fulfil-role')],
  [
    'a function has another table',
    'account',
    ['todo account.function-set'],
    () => world.account.functions.set('shop-prod-fulfil', { KOOGATE_TABLE: 'other' }),
  ],
  [
    'a function was deleted',
    'account',
    ['todo account.function-gone'],
    () => world.account.functions.delete('shop-prod-fulfil'),
  ],
  ['roles may not be looked at', 'account', ['unknown account.roles-unseen'], () => world.account.denied.add('iam')],
  [
    'the stack may not be looked at',
    'account',
    ['todo account.failed'],
    () => world.account.denied.add('cloudformation'),
  ],
  [
    'more is to be reserved than the account has',
    'account',
    ['todo account.limit-exceeded'],
    () => Object.assign(world.account.limit, { all: 110 }),
  ],
  [
    'a receiver has not confirmed',
    'receivers',
    ['todo receivers.unconfirmed'],
    () => world.account.subscriptions.push('PendingConfirmation'),
  ],
  [
    'a receiver has unsubscribed',
    'receivers',
    ['todo receivers.lacking'],
    () => void world.account.subscriptions.splice(0),
  ],
])('%s', async (_, check, expected, breakIt) => {
  breakIt();
  const found = await only(check);
  expect(found).toEqual(expected);
});

test.each([
  [{ all: 10, free: 10 }, 'advice account.limit-low', {}],
  [{ all: 1000, free: 1000 }, 'advice account.limit-reserve', { all: 1000, most: 900 }],
  [{ all: 140, free: 140 }, undefined, {}],
])('an account with the limit %j is advised: %s', async (limit, expected, values) => {
  Object.assign(world.account.limit, limit);
  const { findings } = await visit({ only: ['account'] }, { reservedConcurrency: undefined });
  expect(troubles(findings)).toEqual(expected === undefined ? [] : [expected]);
  expect(findings.at(-1)?.values).toMatchObject(values);
});

test.each([
  ['no backups', 'DescribeContinuousBackups', { ContinuousBackupsDescription: {} }, 'todo table.no-backups'],
  ['no expiry', 'DescribeTimeToLive', { TimeToLiveDescription: {} }, 'todo table.no-expiry'],
  [
    'an older schema',
    'DescribeTable',
    {
      Table: { TableStatus: 'ACTIVE', GlobalSecondaryIndexes: [{ IndexName: 'due' }], DeletionProtectionEnabled: true },
    },
    'todo table.no-index',
  ],
])('a table with %s', async (_, operation, body, expected) => {
  world.told[operation] = { status: 200, body };
  expect(await only('table')).toContain(expected);
});

test('keys that differ on both sides are shown by their fingerprints alone', async () => {
  const stored = { base: ['another-key', ...KEYS.base], general: KEYS.general, kit: KEYS.kit };
  world.ssm.parameters.set('/shop/prod/products/crm', JSON.stringify({ accessKeys: stored }));
  const secretsFile = { path: 'prod.json', content: { products: { crm: { accessKeys: KEYS } } } };
  const { findings } = await visit({ only: ['keys', 'calls'], secretsFile });
  expect(troubles(findings)).toEqual([
    'todo calls.refused', // by the stage, which has no such key
    'todo keys.differ-from-file',
    'todo keys.differ-from-file',
    'unknown keys.not-in-file',
  ]);
  const text = JSON.stringify(findings);
  expect(text).toContain(sha('another-key'));
  expect(text).not.toContain('another-key');
});

test('which key the marketplace has is told by its calls, and by nothing else', async () => {
  const { table } = world.installation.tools;
  const calls = async (at: number, product: string, ...keys: string[]) => {
    const observations = createObservations(table, () => at);
    for (const key of keys) observations.count({ product, proven: { ...answered, key } });
    await observations.flush();
  };
  const seen = async () =>
    (await visit({ only: ['keys'] })).findings
      .filter(({ name, values }) => name !== 'fingerprints' && values.keyClass === 'base')
      .map(({ name }) => name);
  expect(await seen()).toEqual(['not-seen']);
  const [now, before] = [Date.now(), Date.now() - 30 * 3_600_000];
  const [newest, older] = [`base_0_${sha('base-key-new')}`, `base_1_${sha('base-key-old')}`];
  await calls(before, 'crm', older);
  expect(await seen()).toEqual(['older-in-use']);
  await calls(before, 'crm', newest);
  expect(await seen()).toEqual(['seen']);
  await calls(now, 'crm', newest);
  expect(await seen()).toEqual(['seen', 'removable']);
});

test('what stands in front of the route is told apart from the route', async () => {
  world.front.root = 404;
  world.front.instead = { status: 404, text: 'not found' };
  const expected = [...Array(4).fill('todo calls.no-route'), 'todo address.root-refused'].sort();
  expect(await only('address', 'calls')).toEqual(expected);
  world.front.instead = { status: 503, text: '' };
  expect(await only('calls')).toEqual(Array(4).fill('todo calls.keys-gone'));
  world.front.instead = { status: 200, text: '{"resultCode":"000005"}' };
  const { findings } = await visit({ only: ['calls'] });
  expect(troubles(findings)).toEqual(Array(4).fill('todo calls.wrong-answer'));
  expect(findings[0] && findingTexts(speaker('en'), findings[0])).toEqual({
    text: expect.stringMatching(/000005.*Body-Sign/),
    todo: expect.stringContaining('certify'),
  });
});

test('certificates: one that ends soon, one of another name, one of an unknown authority, none', async () => {
  const address = async (options: DoctorOptions) => troubles((await visit({ only: ['address'], ...options })).findings);
  expect(await address({ at: await world.serve(20) })).toEqual(['advice address.certificate-soon']);
  expect(await address({ at: await world.serve(5) })).toEqual(['todo address.certificate-ends']);
  const other = ['todo address.untrusted', 'unknown address.root-unseen'];
  expect(await address({ at: await world.serve(60, 'DNS:shop.example.com') })).toEqual(other);
  const { findings } = await runDoctor(world.place(), { at: world.origin, lookup, only: ['address', 'calls'] });
  expect(troubles(findings)).toEqual([...other, 'unknown calls.unreachable']);
  expect(await address({ at: world.plain })).toContain('todo address.no-tls');
  expect(await address({ at: 'https://localhost:1' })).toEqual(['todo address.no-answer', 'todo address.no-handshake']);
});

test('a clock that is off, and a certificate that has ended by it', async () => {
  const ahead = (ms: number) => visit({ only: ['address'] }, {}, () => Date.now() + ms);
  expect(troubles((await ahead(20_000)).findings)).toEqual(['advice address.clock-off']);
  expect(troubles((await ahead(70 * 86_400_000)).findings)).toEqual([
    'todo address.certificate-over',
    'todo address.clock-wrong',
  ]);
});

test.each<[string, DoctorOptions, string[]]>([
  [
    'is not in the DNS',
    { lookup: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })) },
    ['todo address.no-name'],
  ],
  ['is private from here', { lookup: async () => ['10.1.2.3'] }, ['advice address.private']],
  ['has IPv6 alone', { lookup: async () => ['2001:db8::1'] }, ['advice address.only-ipv6']],
  ['cannot be looked up', { lookup: () => Promise.reject(new Error('SERVFAIL')) }, ['unknown address.name-unseen']],
])('a name that %s', async (_, options, expected) => {
  expect(troubles((await visit({ only: ['address'], ...options })).findings)).toEqual(expected);
});

test('the address is the domain of the settings, else the gateway of the stack, else it is asked for', async () => {
  const from = async (settings: object) => {
    const { findings, address } = await runDoctor(world.place(settings), {
      only: ['address'],
      lookup: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })),
    });
    return [address, findings[0]?.name];
  };
  expect(await from({})).toEqual([undefined, 'unset']);
  Object.assign(world.account.stack?.outputs ?? {}, { Route: 'https://abc.execute-api.example/produce/{product}' });
  expect(await from({})).toEqual(['https://abc.execute-api.example', 'from-stack']);
  const domain = { name: 'market.example.com', certificateArn: 'arn:aws:acm:r:1:certificate/1' };
  expect(await from({ domain })).toEqual(['https://market.example.com', 'from-domain']);
});

test('who hears by other means than mail needs an address, and is tried by another command', async () => {
  const { findings } = await visit(
    { only: ['secrets', 'receivers'] },
    { webhooks: ['desk'], alarms: { robots: { chat: 'wecom' } } },
  );
  expect(troubles(findings)).toEqual(['todo secrets.gone', 'todo secrets.gone', 'unknown receivers.untried']);
});

test('settings that a deployment would refuse, and a stage that names nobody', async () => {
  const { findings, isFine } = await visit(
    { only: ['settings', 'receivers'] },
    { receivers: [], heartbeat: undefined },
  );
  expect(isFine).toBe(false);
  expect(troubles(findings)).toEqual([
    'advice receivers.none',
    'advice settings.no-heartbeat',
    'todo settings.problem',
  ]);
});

function sha(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
