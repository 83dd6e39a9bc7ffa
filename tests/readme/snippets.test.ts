import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { httpSeller } from '../../lib/seller/http.ts';
import { freePort } from '../../scripts/dev/engine.ts';
import { context, instance, orderOf } from '../seller/hooks.ts';
import { type AcmeApi, startAcmeApi } from './acme-api.ts';
import { parsePage } from './markdown.ts';
import { seller as acme } from './own-seller.ts';

const change = { instance, wanted: 'ACTIVE' as const, order: orderOf('acme-team', 10) };
const renewal = { ...change, scene: 'RENEWAL' as const, expiresAt: new Date('2027-09-01T15:59:59Z') };

describe('the seller in TypeScript', () => {
  const calls: { request: string; key: unknown; authorization: string | undefined; body: unknown }[] = [];
  const known = (idempotencyKey: string) => context({ idempotencyKey, secret: async (name) => `the key ${name}` });
  let api: AcmeApi;
  let status = 200;
  beforeAll(async () => {
    api = await startAcmeApi(({ method, url, headers }, body, response) => {
      const { authorization, 'idempotency-key': key } = headers;
      calls.push({ request: `${method} ${url}`, key, authorization, body: JSON.parse(body) });
      response.writeHead(status).end();
    });
  });
  afterAll(() => api.close());

  const tenant = `PUT /tenants/${instance.instanceId}`;

  test('makes a tenant over the API, with its key, and says how to get in', async () => {
    expect(await acme.provision(change, known('buy'))).toEqual({
      access: { frontEndUrl: `https://${instance.instanceId}.acme.example.com` },
    });
    expect(calls).toEqual([
      { request: tenant, key: 'buy', authorization: 'Bearer the key acme', body: { seats: 10, open: true } },
    ]);
  });

  test('carries every change to the API', async () => {
    calls.length = 0;
    await acme.renew(renewal, known('renew'));
    await acme.freeze(change, known('freeze'));
    await acme.unfreeze(change, known('unfreeze'));
    await acme.upgrade({ ...change, upgradeOrder: orderOf('acme-team', 20) }, known('upgrade'));
    expect(await acme.release(change, known('release'))).toBeUndefined();

    expect(new Set(calls.map(({ request }) => request))).toEqual(new Set([tenant]));
    expect(calls.map(({ key, body }) => [key, body])).toEqual([
      ['renew', { expiresAt: '2027-09-01T15:59:59.000Z' }],
      ['freeze', { open: false }],
      ['unfreeze', { open: true }],
      ['upgrade', { seats: 20 }],
      ['release', { removed: true }],
    ]);
  });

  test('throws when the API fails, so that the change is tried again', async () => {
    status = 503;
    await expect(acme.freeze(change, known('freeze'))).rejects.toThrow('503');
  });
});

describe('the backend in plain Node', () => {
  const secret = `whsec_${Buffer.from('a secret for the backend').toString('base64')}`;
  let backend: ChildProcess;
  let url: string;
  beforeAll(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const env = { ...process.env, PORT: String(port), KOOGATE_SELLER_SECRET: secret };
    const file = new URL('backend.mjs', import.meta.url).pathname;
    backend = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    if (backend.stdout === null) throw new Error('The backend has no output.');
    await once(backend.stdout, 'data');
  });
  afterAll(async () => {
    const gone = once(backend, 'exit');
    backend.kill();
    await gone;
  });

  test('carries out every event', async () => {
    const seller = httpSeller({ url, secret: async () => secret });

    expect(await seller.provision(change, context())).toEqual({
      access: {
        frontEndUrl: 'https://acme.example.com',
        userName: 'admin',
        password: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    });
    expect(await seller.renew(renewal, context())).toBeUndefined();
    expect(await seller.freeze(change, context())).toBeUndefined();
    expect(await seller.unfreeze(change, context())).toBeUndefined();
    expect(await seller.upgrade({ ...change, upgradeOrder: change.order }, context())).toBeUndefined();
    expect(await seller.release(change, context())).toBeUndefined();
    expect(await seller.canChange?.({ instance, target: {} }, context())).toEqual({ allowed: true });
    expect(await seller.orderNotified?.({ product: 'demo', order: change.order }, context())).toBeUndefined();
  });

  test('turns away a call signed with another secret, and one that is old', async () => {
    const stranger = httpSeller({ url, secret: async () => 'whsec_c29tZW9uZSBlbHNl' });
    await expect(stranger.freeze(change, context())).rejects.toThrow('401');

    const seller = httpSeller({ url, secret: async () => secret });
    await expect(seller.freeze(change, context({ now: new Date(Date.now() - 600_000) }))).rejects.toThrow('401');
  });

  test('turns away a call without a signature', async () => {
    expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(401);
  });
});

test.each([
  ['own-seller.ts', 'README.md', 22],
  ['backend.mjs', 'docs/getting-started.md', 30],
])('tests/readme/%s stands in %s word for word, and is short', (file, page, lines) => {
  const snippet = readFileSync(new URL(file, import.meta.url), 'utf8').trim();
  expect(snippet.split('\n').length).toBeLessThanOrEqual(lines);
  expect(parsePage(page).text).toContain(snippet);
});

const KINDS = readdirSync(new URL('../docs/products', import.meta.url)).map((file) => [file.replace(/\..*/, ''), file]);

test.each(KINDS)('docs/products/%s.md shows tests/docs/products/%s, in both languages', (kind, file) => {
  const snippet = readFileSync(new URL(`../docs/products/${file}`, import.meta.url), 'utf8').trim();
  for (const folder of ['docs', 'docs/zh']) {
    expect(parsePage(`${folder}/products/${kind}.md`).fences[0]).toBe(`\`\`\`ts\n${snippet}\n\`\`\``);
  }
});

test('docs/products.md leads to a page for each kind of product', () => {
  const links = parsePage('docs/products.md').sections.flatMap((section) => section.links);
  const pages = readdirSync(new URL('../../docs/products', import.meta.url));
  expect(pages.length).toBe(KINDS.length);
  expect(links).toEqual(expect.arrayContaining(pages.map((page) => `products/${page}`)));
});
