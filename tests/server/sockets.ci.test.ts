import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Seller } from '../../lib/seller/contract.ts';
import { call, sendCall, signCall, signGet } from '../../scripts/marketplace/signed-calls.ts';
import { eventually, type Host, openRaw, type RawConnection, refused, startHost } from './host.ts';

const seller = { provision: async () => ({ access: { userName: 'owner' } }) } as unknown as Seller;
const TEST_CALL = {
  activity: 'newInstance',
  businessId: 'b-1',
  orderId: 'MOCKPERIODYEARNEW',
  orderLineId: 'MOCKPERIODYEARNEW-000001',
  testFlag: '1',
};

let host: Host;
beforeAll(async () => {
  host = await startHost(
    { crm: { seller }, old: { seller, families: ['saas-v1'] } },
    { headersTimeoutMs: 300, requestTimeoutMs: 600, sweepMs: 60_000 },
  );
});
afterAll(() => host.stop());

const signed = (message: Readonly<Record<string, unknown>> = TEST_CALL) => {
  const { url, body } = signCall(host.url('crm'), host.key('crm'), message);
  return { path: url.slice(new URL(url).origin.length), body };
};
const head = (path: string, ...lines: string[]) =>
  [`POST ${path} HTTP/1.1`, 'Host: shop.example.com', 'Connection: close', ...lines, '', ''].join('\r\n');
const errors = () => host.lines.filter(({ level }) => level === 'error');

/** Sends bytes, and gives what came back until the connection ended. */
async function exchange(...parts: (string | Buffer)[]): Promise<string> {
  const connection = await openRaw(host.server.port);
  for (const part of parts) connection.send(part);
  return connection.ended;
}

describe('a call over a raw connection', () => {
  test('is answered with the headers as they are spelt', async () => {
    const { path, body } = signed();
    const answer = await exchange(head(path, `Content-Length: ${Buffer.byteLength(body)}`), body);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toMatch(/\r\nBody-Sign: sign_type="HMAC-SHA256", signature= "[^"]+"\r\n/);
    expect(answer).toMatch(/\r\nContent-Type: application\/json\r\n/);
    expect(answer).toContain('"resultCode":"000000"');
  });

  test('may come in chunks, cut anywhere', async () => {
    const { path, body } = signed();
    const bytes = Buffer.from(body);
    const chunks = [bytes.subarray(0, 1), bytes.subarray(1, 40), bytes.subarray(40)];
    const sent = chunks.flatMap((chunk) => [`${chunk.length.toString(16)}\r\n`, chunk, '\r\n']);
    expect(await exchange(head(path, 'Transfer-Encoding: chunked'), ...sent, '0\r\n\r\n')).toContain('"000000"');
  });

  test('whose signature comes twice is refused and signed', async () => {
    const { path, body } = signed();
    const twice = `${path}&signature=${/signature=(\w+)/.exec(path)?.[1]}`;
    const answer = await exchange(head(twice, `Content-Length: ${Buffer.byteLength(body)}`), body);
    expect(answer).toMatch(/"resultCode":"00000[12]"/);
    expect(answer).toContain('Body-Sign: ');
  });

  test.each([
    ['as it is sent', (query: string) => query, '000000'],
    ['with a blank as plus', (query: string) => query.replaceAll('%20', '+'), '000000'],
    ['with a plus for what was a plus', (query: string) => query.replaceAll('%2B', '+'), '000000'], // both readings are tried
  ])('of V1.0 has its query string read %s', async (_, change, code) => {
    const parameters = {
      activity: 'newInstance',
      businessId: 'a b+c/d',
      orderId: 'O-1',
      productId: 'p',
      testFlag: '1',
      ...{ customerId: 'c', chargingMode: '1', expireTime: '20301231000000', saasExtendParams: '' },
    };
    const { url } = signGet(host.url('old'), host.key('old'), parameters);
    const path = change(url.slice(new URL(url).origin.length));
    const answer = await exchange(`GET ${path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`);
    expect(answer).toContain(`"resultCode":"${code}"`);
  });

  test('that is pipelined behind another is answered behind it', async () => {
    const [first, second] = [signed(), signed({ ...TEST_CALL, activity: 'queryInstance', instanceId: 'i' })];
    const one = head(first.path, `Content-Length: ${Buffer.byteLength(first.body)}`).replace(
      'Connection: close\r\n',
      '',
    );
    const two = head(second.path, `Content-Length: ${Buffer.byteLength(second.body)}`);
    const answer = await exchange(one, first.body, two, second.body);
    expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
  });

  test('counts its time from the arrival of its head', async () => {
    const { path, body } = signed();
    const connection = await openRaw(host.server.port);
    connection.send(head(path, `Content-Length: ${Buffer.byteLength(body)}`));
    await new Promise((resolve) => setTimeout(resolve, 250));
    connection.send(body);
    await connection.ended;
    const line = host.lines.filter(({ message }) => message === 'call').at(-1);
    expect(line?.milliseconds).toBeGreaterThanOrEqual(240);
  });
});

describe('what is too much', () => {
  test('of a body is refused before it is read', async () => {
    const { path } = signed();
    const answer = await exchange(head(path, 'Content-Length: 314572800'));
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toMatch(/Connection: close/);
    const asked = await exchange(head(path, 'Content-Length: 314572800', 'Expect: 100-continue'));
    expect(asked).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('of a body in chunks is refused when it is', async () => {
    const { path } = signed();
    const connection = await openRaw(host.server.port);
    connection.send(head(path, 'Transfer-Encoding: chunked'));
    const chunk = Buffer.alloc(64 * 1024, 0x20);
    for (let sent = 0; sent < 64 && !connection.socket.destroyed; sent += 1) {
      connection.send(Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]));
    }
    expect(await connection.ended).toMatch(/^(HTTP\/1\.1 413 .*)?$/s); // or a reset, which takes the answer along
    expect(errors()).toEqual([]);
  });

  test('of a head is 431', async () => {
    const answer = await exchange(head('/produce/crm', `X-Long: ${'x'.repeat(1024 * 1024)}`));
    expect(answer).toMatch(/^(HTTP\/1\.1 431 .*)?$/s);
  });

  test('of calls is 503, and they may come again', async () => {
    const small = await startHost({ crm: { seller } }, { maxCalls: 1, sweepMs: 60_000 });
    let release: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let asked = 0;
    small.table.fault = () => {
      asked += 1;
      return gate;
    };
    const query = { activity: 'queryInstance', instanceId: 'i-1' };
    const send = () => sendCall(signCall(small.url('crm'), small.key('crm'), query), small.key('crm'));
    const first = send();
    await eventually(() => asked > 0, 'the first call asks the table');
    const second = await fetch(small.url('crm'), { method: 'POST', body: '{}' });
    expect([second.status, second.headers.get('retry-after')]).toEqual([503, '1']);
    small.table.fault = () => {};
    release();
    expect((await first).status).toBe(200);
    expect((await send()).status).toBe(200);
    await small.stop();
  });

  test('of idle connections ends the oldest, and calls are answered on', async () => {
    const patient = await startHost({ crm: { seller } }, { maxIdle: 100, sweepMs: 60_000 });
    const idle: RawConnection[] = [];
    for (let batch = 0; batch < 20; batch += 1) {
      idle.push(...(await Promise.all(Array.from({ length: 100 }, () => openRaw(patient.server.port)))));
    }
    const answer = await call(patient.url('crm'), patient.key('crm'), TEST_CALL);
    expect(answer.json.resultCode).toBe('000000');
    const open = () => idle.filter(({ socket }) => !socket.destroyed).length;
    await eventually(() => open() <= 100, 'at most a hundred connections stay open', 5_000).finally(() => {
      for (const { socket } of idle) socket.destroy();
    });
    await patient.stop();
  });
});

describe('what is slow or no HTTP', () => {
  test.each([
    ['nothing', ''],
    ['half a head', 'POST /produce/crm HTTP/1.1\r\nHost: x\r\n'],
    ['half a body', 'POST /produce/crm HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{'],
  ])('%s ends by itself', async (_, text) => {
    expect(await exchange(text)).toMatch(/^(HTTP\/1\.1 408 .*)?$/s);
  });

  test.each([
    ['noise', Buffer.from([0x16, 0x03, 0x01, 0x00, 0xff, 0x00])],
    ['another protocol', 'EHLO example.com\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a broken chunk', 'POST /produce/crm HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
  ])('%s is 400, and the connection ends', async (_, text) => {
    expect(await exchange(text)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  });

  test('a client that goes in the middle is no error', async () => {
    const { path, body } = signed();
    const [early, late] = [await openRaw(host.server.port), await openRaw(host.server.port)];
    early.send(head(path, 'Content-Length: 1000') + body);
    late.send(head(path, `Content-Length: ${Buffer.byteLength(body)}`) + body);
    early.socket.resetAndDestroy();
    late.socket.resetAndDestroy();
    expect(await exchange('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 200/);
    expect(errors()).toEqual([]);
  });
});

test('other paths are answered without a look at anything', async () => {
  const { port } = host.server;
  const status = async (path: string, method = 'GET') =>
    (await fetch(`http://127.0.0.1:${port}${path}`, { method })).status;
  expect(await status('/')).toBe(200);
  expect(await status('/healthz')).toBe(200);
  expect(await status('/metrics')).toBe(404);
  expect(await status('/usage', 'POST')).toBe(404);
  expect(await status('/produce/none', 'POST')).toBe(404);
  expect(await status('/login/crm/start')).toBe(404);
  expect(await status('/produce/crm', 'DELETE')).toBe(405);
});

test('a call that is on its way at the end is answered; a new connection is refused', async () => {
  const ending = await host.another({ lastRequestsMs: 30_000 });
  const { port } = ending;
  const [fresh, kept] = await Promise.all([openRaw(port), openRaw(port)]);
  kept.send('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
  await kept.until('\r\n\r\n');
  const ended = ending.stop();
  await refused(port);
  for (const connection of [fresh, kept]) {
    const { path, body } = signed();
    const lines = ['Host: x', `Content-Length: ${Buffer.byteLength(body)}`];
    connection.send([`POST ${path} HTTP/1.1`, ...lines, '', body].join('\r\n'));
    const answer = await connection.ended;
    expect(answer).toContain('"resultCode":"000000"');
    expect(answer).toContain('\r\nConnection: close\r\n');
  }
  await ended;
});

test('connections that stand in the queue of the system at the end are taken, and their calls are answered', async () => {
  const ending = await host.another({ lastRequestsMs: 30_000 });
  const waiting = Array.from({ length: 100 }, () => openRaw(ending.port));
  await new Promise<void>((resolve) => process.nextTick(resolve)); // all have asked; the server has taken none yet
  const ended = ending.stop();
  const answers = waiting.map(async (opening) => {
    const connection = await opening;
    const { path, body } = signed();
    connection.send(head(path, `Content-Length: ${Buffer.byteLength(body)}`) + body);
    return /"resultCode":"(\d+)"/.exec(await connection.ended)?.[1];
  });
  expect(await Promise.all(answers)).toEqual(Array(100).fill('000000'));
  await ended;
});

test('a connection on which nothing comes does not hold up the end', async () => {
  const ending = await host.another({ lastRequestsMs: 50 });
  const silent = await openRaw(ending.port);
  await ending.stop();
  expect(await silent.ended).toBe('');
});
