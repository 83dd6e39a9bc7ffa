import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { appCodeHeaders, createMarketplaceClient, type SITES, type Site } from '../../lib/open-api/index.ts';
import { listen } from '../support/listen.ts';
import { ACCESS_KEYS, failure, KEYS, NOW, record, startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

/** Addresses that a client calls when none of them can be reached. */
async function called(site: keyof typeof SITES | Site): Promise<string[]> {
  const hosts: string[] = [];
  const client = createMarketplaceClient({
    site,
    keys: KEYS,
    clock: () => NOW,
    fetch: async (url) => {
      hosts.push(new URL(String(url)).origin);
      throw new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } });
    },
    retry: { tries: 2, sleep: async () => undefined },
  });
  await failure(client.queryLicense('LIC-1'));
  return hosts;
}

describe('the site', () => {
  test.each([
    ['china', ['https://mkt.myhuaweicloud.com', 'https://mkt.myhuaweicloud.cn']],
    ['international', ['https://mkt-intl.myhuaweicloud.com', 'https://mkt-intl.myhuaweicloud.com']],
    ['europe', ['https://mkt.myhuaweicloud.eu', 'https://mkt.myhuaweicloud.eu']],
  ] as const)('%s has its own hosts', async (site, hosts) => {
    expect(await called(site)).toEqual(hosts);
  });

  test('may be an address of one’s own', async () => {
    expect(await called({ baseUrl: 'https://a.example', fallbackUrl: 'https://b.example' })).toEqual([
      'https://a.example',
      'https://b.example',
    ]);
  });

  test.each(['http://mkt.example.com', 'mars'])('is refused unless it is https: %s', (baseUrl) => {
    expect(() => createMarketplaceClient({ site: { baseUrl }, keys: KEYS })).toThrow(/https/);
  });
});

describe('the keys', () => {
  test.each([
    ['as they are', KEYS],
    ['by a function', () => KEYS],
    ['by a function that takes its time', async () => KEYS],
  ])('may be given %s', async (_, keys) => {
    const client = createMarketplaceClient({ site: { baseUrl: world.standIn.url }, keys, clock: () => NOW });
    expect(await client.activateLicenses(['LIC'])).toEqual({ confirmedBy: 'answer' });
    world.standIn.licenses.set('LIC', { status: 'COLLECTED' });
  });

  test('that are temporary are refused with another token', async () => {
    const keys = { ...KEYS, securityToken: 'expired' };
    const client = createMarketplaceClient({ site: { baseUrl: world.standIn.url }, keys, clock: () => NOW });
    expect(await failure(client.queryLicense('LIC'))).toMatchObject({ code: 'APIG.0301', action: 'check-setup' });
  });
});

describe('the time for a try', () => {
  test('is longer where there is more to carry or to work through, and so is the time for all tries', async () => {
    const slow = await listen((_, __, response) => {
      setTimeout(() => response.end('{"error_code":"MKT.0000"}'), 300);
    });
    const site = { baseUrl: slow.url };
    const retry = { tries: 1, budget: 100 };
    const client = createMarketplaceClient({ site, keys: KEYS, accessKeys: ACCESS_KEYS, timeout: 100, retry });

    expect(await failure(client.queryLicense('LIC'))).toMatchObject({ code: 'timeout', uncertain: true });
    expect(await client.pushUsage([record(1)])).toMatchObject([{ outcome: 'accepted' }]);
    await client.uploadFile('evt', { name: 'a', content: new Blob([Buffer.alloc(64_000)]) });
    await slow.close();
  });
});

describe('the AppCode', () => {
  test('goes into its header', () => {
    expect(appCodeHeaders('https://api.example/x', 'abc123')).toEqual({ 'X-Apig-AppCode': 'abc123' });
    expect(appCodeHeaders(new URL('http://127.0.0.1:1'), 'abc123')).toEqual({ 'X-Apig-AppCode': 'abc123' });
  });

  test.each([
    ['http://api.example/x', 'code-1'],
    ['https://api.example/x', ''],
    ['https://api.example/x', 'code-1\r\nX-Other: 1'],
    ['https://api.example/x', 'code-1 '],
    ['https://api.example/x', 'code-1云'],
  ])('does not go to %s as %j, and shows in no error', (url, code) => {
    let message = '';
    try {
      appCodeHeaders(url, code);
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(/https|AppCode/);
    expect(message).not.toContain('code-1');
  });
});
