import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { KitItem } from '../../lib/instances/kit-item.ts';
import { readItem } from '../../lib/instances/write.ts';
import type { RouteEvent } from '../../lib/middleware/route.ts';
import { kitKeys } from '../../lib/tenants/keys.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { type Installation, startInstallation } from '../support/installation.ts';
import { encryptSecret, kitEvent } from '../support/kit.ts';

const DAY_MS = 86_400_000;

let installation: Installation;
beforeAll(async () => {
  installation = await startInstallation({ kit: { seller: demoSeller, families: ['kit-v2', 'kit-v1'] } });
});
afterAll(() => installation.stop());

const common = (tenantId: string) => ({ instanceId: 'i-1', tenantId, testFlag: 0 });
const binding = (tenantId: string) => ({ product: 'kit', ...common(tenantId) });

async function bind(tenantId: string, version: 'v2' | 'v1') {
  const app = { appId: 'app-1', clientId: 'c', clientSecret: encryptSecret(installation.kitPublicKey, 's') };
  const tenant = { orderId: 'CS1', tenantCode: 'a', name: 'Acme', domainName: 'https://a.example.com' };
  for (const [name, message] of [
    ['tenantSync', tenant],
    ['applicationSync', app],
    ['authSync', { appId: 'app-1', userList: [{ userName: 'jdoe' }] }],
  ] as const) {
    const event = kitEvent(name, { ...common(tenantId), ...message, flag: 1 }, installation.time.now, { version });
    expect((await installation.deliver(event)).json.resultCode).toBe('000000');
  }
  installation.time.now += 5_000;
}

/** The same bytes, headers and signature on another path: what is not signed. */
function redirected(event: RouteEvent, to: string): RouteEvent {
  const path = (event.pathParameters?.product ?? '').replace(/\w+$/, to);
  return { ...event, rawPath: `/produce/${path}`, pathParameters: { product: path } };
}

async function eventsOf(tenantId: string) {
  const keys = [kitKeys.tenant(binding(tenantId)), kitKeys.application(binding(tenantId), 'app-1')];
  return Promise.all(keys.map(async (key) => (await readItem<KitItem>(installation.tools.table, key))?.event));
}

describe.each(['v2', 'v1'] as const)('a signed removal, %s', (version) => {
  test.each([
    ['authSync', { appId: 'app-1', userList: [{ userName: 'jdoe' }] }],
    ['singleOrgSync', { orgCode: '100' }],
  ])('of %s unbinds neither the enterprise nor its application on their paths', async (name, message) => {
    const tenantId = `${version}-${name}`;
    await bind(tenantId, version);
    const genuine = kitEvent(name, { ...common(tenantId), ...message, flag: 0 }, installation.time.now, { version });
    expect((await installation.deliver(genuine)).json.resultCode).toBe('000000');
    for (const path of ['tenantSync', 'applicationSync']) {
      expect((await installation.deliver(redirected(genuine, path))).json.resultCode).toBe('000002');
    }
    expect(await eventsOf(tenantId)).toEqual(['added', 'added']);
  });
});

describe('a V1 removal that was signed long ago', () => {
  const removal = (tenantId: string, at: number) =>
    kitEvent('tenantSync', { ...common(tenantId), flag: 0 }, installation.time.now, { version: 'v1', at });

  test('is refused after a day, whatever it removes', async () => {
    await bind('late', 'v1');
    const { now } = installation.time;
    const late = await installation.deliver(removal('late', now - DAY_MS - 1_000));
    expect(late.json).toMatchObject({ resultCode: '000002', resultMsg: expect.stringContaining('more than a day') });
    expect(await eventsOf('late')).toEqual(['added', 'added']);
    expect((await installation.deliver(removal('late', now))).json.resultCode).toBe('000000');
  });

  test('is taken within the day, since senders differ in their time zones', async () => {
    const { now } = installation.time;
    expect((await installation.deliver(removal('other', now - 8 * 3_600_000))).json.resultCode).toBe('000000');
  });
});
