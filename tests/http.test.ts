import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { ExchangeError, exchange } from '../lib/http.ts';
import { type Listener, listen } from './support/listen.ts';

const fault = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error) => (error instanceof ExchangeError ? error.fault : String(error)),
  );

describe('a body that is read while it is sent', () => {
  let server: Listener;
  const arrived: { length: string | undefined; encoding: string | undefined; body: string }[] = [];
  beforeAll(async () => {
    server = await listen(({ headers }, body, response) => {
      arrived.push({ length: headers['content-length'], encoding: headers['transfer-encoding'], body });
      response.end('{}');
    });
  });
  afterAll(() => server.close());

  const post = (size: number, open: () => AsyncIterable<Uint8Array>) =>
    exchange({
      method: 'POST',
      url: new URL(server.url),
      headers: {},
      body: { size, open },
      limit: 100,
      timeout: 5_000,
    });

  test('arrives whole, with its length named', async () => {
    await post(7, async function* () {
      yield Buffer.from('abc');
      yield Buffer.from('defg');
    });
    expect(arrived).toEqual([{ length: '7', encoding: undefined, body: 'abcdefg' }]);
  });

  test('ends the request when it fails, with its own fault', async () => {
    const failing = post(7, async function* () {
      yield Buffer.from('abc');
      throw new ExchangeError('unreadable', 'gone');
    });
    expect(await fault(failing)).toBe('unreadable');
    expect(arrived).toHaveLength(1);
  });
});

describe('a request that fails', () => {
  const failing = (error: unknown) =>
    exchange({
      method: 'GET',
      url: new URL('https://mkt.example.com/?token=secret'),
      headers: {},
      limit: 100,
      fetch: () => Promise.reject(error),
    });

  test.each<[string, unknown, string]>([
    ['the system’s code', new TypeError('secret', { cause: { code: 'ECONNRESET', message: 'secret' } }), 'ECONNRESET'],
    ['its name, if there is no code', new TypeError('secret', { cause: new Error('secret') }), 'TypeError'],
    ['nothing, if it is no error at all', 'secret', 'unknown cause'],
  ])('names %s, and never its message', async (_, error, cause) => {
    const thrown = await failing(error).catch((one: unknown) => one);
    expect(thrown).toEqual(new ExchangeError('connection', `no connection, or it broke (${cause})`));
  });
});

describe('certificates', () => {
  const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  let folder: string;
  let close: () => void;
  let url: URL;
  let reached = 0;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'koogate-tls-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const made = [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      key,
      '-out',
      cert,
      '-days',
      '1',
      ...subject,
    ];
    expect(spawnSync('openssl', made).status).toBe(0);
    const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) => {
      reached += 1;
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    url = new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
    close = () => server.close();
  });
  afterEach(() => {
    if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
  });
  afterAll(() => {
    close();
    rmSync(folder, { recursive: true });
  });

  const get = () => exchange({ method: 'GET', url, headers: {}, limit: 100, timeout: 5_000 });

  test('that nobody vouches for are refused', async () => {
    expect(await fault(get())).toBe('connection');
    expect(reached).toBe(0);
  });

  test('are verified whatever the environment says: without that nothing is sent', async () => {
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    expect(await fault(get())).toBe('insecure');
    expect(reached).toBe(0);
  });
});
