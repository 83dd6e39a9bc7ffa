import { once } from 'node:events';
import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LONGEST_BODY } from '../../scripts/console/read-body.ts';
import { type ConsoleServer, startConsole } from '../../scripts/console/server.ts';
import type { CertifyLine } from '../../scripts/console/shapes.ts';
import { freePort } from '../../scripts/dev/engine.ts';
import { type StandIn, startStandIn } from '../../scripts/marketplace/stand-in/server.ts';
import { KEYS } from '../cli/reference/server.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { ACCOUNT, type ConsoleSeller, formOf, startConsoleSeller } from './seller.ts';

let seller: ConsoleSeller;
let table: TestTable;
let page: ConsoleServer;
let standIn: StandIn;

beforeAll(async () => {
  [seller, table, standIn] = await Promise.all([
    startConsoleSeller(),
    startTable(),
    startStandIn({ keys: ACCOUNT, accessKey: KEYS.base ?? [] }),
  ]);
  page = await start(0);
});
afterAll(async () => {
  await page.stop();
  await Promise.all([seller.stop(), table.stop(), standIn.stop()]);
});

function start(port: number): Promise<ConsoleServer> {
  return startConsole({
    port,
    setup: () => seller.setup,
    table: table.table,
    secrets: seller.secrets,
    cases: join(seller.folder, 'cases.json'),
    clock: Date.now,
    openApis: {
      siteOf: () => ({ address: standIn.url, site: undefined }),
      secrets: seller.secrets,
      data: seller.folder,
    },
  });
}

interface Received {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** With node:http, which lets Host and Origin be anything. */
async function ask(
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
  method = 'POST',
): Promise<Received> {
  const sent = request({
    host: '127.0.0.1',
    port: page.port,
    path,
    method,
    headers: { 'content-type': 'application/json', 'x-console-token': page.token, ...headers },
  });
  sent.on('error', () => {}); // a body too long is cut off
  sent.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  const [response] = await once(sent, 'response');
  let text = '';
  for await (const part of response) text += part;
  return { status: response.statusCode, headers: response.headers, text };
}

const problemOf = ({ text }: Received) => JSON.parse(text).problem.id;

describe('the console server', () => {
  test('serves the page, its style and its script, none of them with the token', async () => {
    for (const [path, type] of [
      ['/', 'text/html'],
      ['/page.css', 'text/css'],
      ['/page.js', 'text/javascript'],
      ['/icon.svg', 'image/svg+xml'],
    ] as const) {
      const { status, headers, text } = await ask(path, undefined, { 'x-console-token': '' }, 'GET');
      expect([path, status, String(headers['content-type']).split(';')[0]]).toEqual([path, 200, type]);
      expect(text).not.toContain(page.token);
    }
  });

  test('the page has no inline script, style or handler, and loads nothing from elsewhere', async () => {
    const { text } = await ask('/', undefined, {}, 'GET');
    expect(text).not.toMatch(/<script(?![^>]* src="\/)|<style|\sstyle=|\son[a-z]+=|https?:/i);
  });

  test('every answer, refusals too, forbids framing, sniffing and keeping', async () => {
    for (const answer of [
      await ask('/', undefined, {}, 'GET'),
      await ask('/api/setup', {}),
      await ask('/api/setup', {}, { host: 'evil.example' }),
      await ask('/none', {}),
    ]) {
      expect(answer.headers).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cache-control': 'no-store',
      });
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  test.each([
    ['page.refused.token', 401, { 'x-console-token': 'guessed' }],
    ['page.refused.host', 403, { host: 'evil.example' }],
    ['page.refused.origin', 403, { origin: 'http://evil.example' }],
    ['page.refused.site', 403, { 'sec-fetch-site': 'cross-site' }],
    ['page.refused.type', 415, { 'content-type': 'text/plain' }],
  ])('%s', async (id, status, headers) => {
    const answer = await ask('/api/send', { form: formOf(seller.at) }, headers);
    expect([answer.status, problemOf(answer)]).toEqual([status, id]);
    expect(seller.received).toEqual([]);
  });

  test('refuses other methods, paths, shapes and bodies', async () => {
    expect(await ask('/api/setup', undefined, {}, 'GET')).toMatchObject({ status: 405 });
    expect(await ask('/', {})).toMatchObject({ status: 405 });
    expect(await ask('/api/nothing', {})).toMatchObject({ status: 404 });
    expect(await ask('/../package.json', undefined, {}, 'GET')).toMatchObject({ status: 404 });
    expect(problemOf(await ask('/api/send', '{"form":'))).toBe('page.refused.json');
    for (const form of [
      undefined,
      {},
      formOf('not an address'),
      { ...formOf(seller.at), activity: 'noSuch' },
      { ...formOf(seller.at), product: '../demo' },
    ]) {
      expect(problemOf(await ask('/api/send', { form }))).toBe('page.refused.shape');
    }
    const long = await ask('/api/send', JSON.stringify({ pad: 'x'.repeat(LONGEST_BODY) }));
    expect([long.status, problemOf(long)]).toEqual([413, 'page.refused.length']);
  });

  test('says what is missing for a call, and no more', async () => {
    const answer = await ask('/api/sign', { form: 1, ...formOf(seller.at), product: 'unknown' });
    expect([answer.status, problemOf(answer)]).toEqual([400, 'problem.product']);
  });

  test('debugs, saves what passed, runs it again, and removes it', async () => {
    const sent = JSON.parse((await ask('/api/send', { form: formOf(seller.at) })).text);
    expect(sent.passed).toBe(true);
    const saved = JSON.parse((await ask('/api/cases/add', { id: sent.id })).text);
    expect(saved).toMatchObject(formOf(seller.at));
    expect(JSON.parse((await ask('/api/cases/run', { id: saved.id })).text).passed).toBe(true);
    seller.unsigned = true;
    const failed = JSON.parse((await ask('/api/cases/run', { id: saved.id })).text);
    seller.unsigned = false;
    expect(failed.checks).toContainEqual({ id: 'body-sign-missing', state: 'fail' });
    expect(problemOf(await ask('/api/cases/add', { id: failed.id }))).toBe('page.problem.not-passed');
    expect(JSON.parse((await ask('/api/cases/remove', { id: saved.id })).text)).toEqual([]);
    expect(problemOf(await ask('/api/cases/run', { id: saved.id }))).toBe('page.problem.no-case');
  });

  test('has no report before the first certification', async () => {
    const report = await ask('/api/certify/report', { form: 'html', locale: 'en' });
    expect([report.status, problemOf(report)]).toEqual([400, 'page.problem.no-certification']);
  });

  test('certifies, telling how far it is, and comes to a verdict', async () => {
    const { text } = await ask('/api/certify', { product: 'demo', kind: 'saas-once', at: seller.at });
    const lines: CertifyLine[] = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ done: 0, total: expect.any(Number) });
    expect(lines.at(-1)).toMatchObject({
      certificate: {
        kind: 'saas-once',
        verdict: { good: true },
        cases: expect.arrayContaining([expect.objectContaining({ id: 'queryInstance', passed: true })]),
      },
    });
    for (const [form, beginning] of [
      ['html', '<!doctype html>\n<html lang="zh">'],
      ['junit', '<?xml'],
      ['json', '{'],
    ] as const) {
      const report = JSON.parse((await ask('/api/certify/report', { form, locale: 'zh' })).text);
      expect(report.text.slice(0, beginning.length)).toBe(beginning);
    }
    const nobody = await ask('/api/certify', { product: 'unknown', kind: 'saas-once', at: seller.at });
    expect(nobody.text).toContain('problem.product');
  });

  test('takes the next port if its own is taken', async () => {
    const taken = createServer().listen(await freePort(), '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const other = await start(port);
    expect(other.port).toBeGreaterThan(port);
    expect(other.token).not.toBe(page.token);
    expect(other.url).toBe(`http://127.0.0.1:${other.port}/#token=${other.token}`);
    await other.stop();
    taken.close();
  });

  test('is not to be reached from outside this machine', async () => {
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((one) => one?.internal === false && one.family === 'IPv4');
    const reached = await new Promise((resolve) => {
      const socket = connect(page.port, outside?.address ?? '127.0.0.2');
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    });
    expect(reached).toBe(false);
  });
});

describe('open APIs', () => {
  const call = async (request: object) =>
    JSON.parse((await ask('/api/open-apis/call', { product: 'demo', request })).text);

  test('are called with the account of the secrets file, and ticked off', async () => {
    const open = JSON.parse((await ask('/api/open-apis', { product: 'demo' })).text);
    expect(new Set(open.map(({ state }: { state: string }) => state))).toEqual(new Set(['open']));
    expect(await call({ case: 'order', orderId: ' MOCKPERIODYEARNEW ', orderLineId: '' })).toMatchObject({
      passed: true,
      place: standIn.url,
      text: expect.stringMatching(/^orderId +MOCKPERIODYEARNEW$/m),
      states: expect.arrayContaining([expect.objectContaining({ case: 'order', state: 'rehearsed' })]),
    });
    expect(await call({ case: 'license-activate', codes: 'T-1, T-2' })).toMatchObject({ passed: true });
    expect(await call({ case: 'license-usage', codes: 'T-1', active: '3' })).toMatchObject({ passed: true });
    expect(await call({ case: 'usage', instanceId: '' })).toMatchObject({ passed: true });
    const file = { name: 'a.lic', base64: Buffer.from('licence').toString('base64') };
    expect(await call({ case: 'upload', eventId: 'evt-1', text: '', file })).toMatchObject({ passed: true });
    expect(standIn.uploads[0]?.file?.content.toString()).toBe('licence');
  });

  test('of a stand-in give out the orders that the page makes', async () => {
    const order = { orderId: 'CS-7', orderType: 'CHANGE', skuCode: 'large', linearValue: '50', form: 'domain=acme' };
    const made = await ask('/api/orders', { product: 'demo', order: { ...order, customerName: 'Acme' } });
    expect(JSON.parse(made.text)).toEqual({ orderId: 'CS-7', orderLineId: 'CS-7-000001', place: standIn.url });
    const { text } = await call({ case: 'order', orderId: 'CS-7', orderLineId: '' });
    expect(text).toMatch(/CHANGE[\s\S]*large/);
    const wrong = await ask('/api/orders', { product: 'demo', order: { ...order, linearValue: 'many' } });
    expect(wrong.text).toContain('linearValue: expected');
  });

  test('say why they refuse, and hold no key', async () => {
    const refused = await call({ case: 'order', orderId: 'FOREIGN1' });
    expect(refused).toMatchObject({ passed: false, text: expect.stringContaining('MKT.0150') });
    expect(JSON.stringify(refused)).not.toContain(ACCOUNT.secretAccessKey);
    expect(
      await ask('/api/open-apis/call', { product: 'demo', request: { case: 'order', orderId: '' } }),
    ).toMatchObject({
      status: 400,
    });
  });
});
