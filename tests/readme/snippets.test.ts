import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { httpSeller } from '../../lib/seller/http.ts';
import { freePort } from '../../scripts/dev/engine.ts';
import { context, instance, orderOf } from '../seller/hooks.ts';
import { type Listener, listen } from '../support/listen.ts';
import { acme } from './own-seller.ts';

const change = { instance, order: orderOf('acme-team', 10) };
const renewal = { ...change, scene: 'RENEWAL' as const, expiresAt: new Date('2027-09-01T15:59:59Z') };

describe('the seller in TypeScript', () => {
  const calls: { path: string | undefined; key: string | string[] | undefined; body: unknown }[] = [];
  let api: Listener;
  let status = 200;
  beforeAll(async () => {
    api = await listen((request, body, response) => {
      calls.push({ path: request.url, key: request.headers['idempotency-key'], body: JSON.parse(body) });
      response.writeHead(status).end(JSON.stringify({ url: 'https://t1.acme.example.com', password: 'made-by-acme' }));
    });
    process.env.ACME_API = api.url;
  });
  afterAll(() => api.close());

  test('makes a tenant over the API and passes on how to get in', async () => {
    expect(await acme.provision(change, context({ idempotencyKey: 'buy' }))).toEqual({
      access: { frontEndUrl: 'https://t1.acme.example.com', userName: 'admin', password: 'made-by-acme' },
    });
    expect(calls).toEqual([{ path: '/tenants', key: 'buy', body: { id: instance.instanceId, seats: 10 } }]);
  });

  test('carries every change to the API', async () => {
    calls.length = 0;
    await acme.renew(renewal, context());
    await acme.freeze(change, context());
    await acme.unfreeze(change, context());
    await acme.upgrade({ ...change, upgradeOrder: orderOf('acme-team', 20) }, context());
    expect(await acme.release(change, context())).toBeUndefined();

    expect(new Set(calls.map(({ path }) => path))).toEqual(new Set([`/tenants/${instance.instanceId}`]));
    expect(calls.map(({ body }) => body)).toEqual([
      { expiresAt: '2027-09-01T15:59:59.000Z' },
      { open: false },
      { open: true },
      { seats: 20 },
      { removed: true },
    ]);
  });

  test('throws when the API fails, so that the change is tried again', async () => {
    status = 503;
    await expect(acme.freeze(change, context())).rejects.toThrow('503');
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

describe('the README', () => {
  const readme = new URL('../../README.md', import.meta.url);
  test.each(['own-seller.ts', 'backend.mjs'])('shows tests/readme/%s word for word, in under 30 lines', (file) => {
    const snippet = readFileSync(new URL(file, import.meta.url), 'utf8').trim();
    expect(snippet.split('\n').length).toBeLessThan(30);
    if (!existsSync(readme)) return;
    if (readFileSync(readme, 'utf8').includes(snippet)) return;
    throw new Error(`README.md does not show tests/readme/${file} as it is: paste the file into its code block.`);
  });
});
