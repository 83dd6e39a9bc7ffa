import { readFile, rename, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { call, sendCall, signCall } from '../../scripts/marketplace/signed-calls.ts';
import { type Listener, listen } from '../support/listen.ts';
import { startServer, type TestServer } from '../support/server.ts';

/*
 * The whole local system over real HTTP, with a seller's backend behind it that counts what reaches it.
 */

const SECRET = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`;
const reached: { id: string; event: string; instanceId: string }[] = [];
let backend: Listener;
let server: TestServer;
let url: string;
let key: string;

beforeAll(async () => {
  backend = await listen((request, body, response) => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const change = new Webhook(SECRET).verify(body, headers) as { event: string; instance: { instanceId: string } };
    reached.push({ id: headers['webhook-id'] ?? '', event: change.event, instanceId: change.instance.instanceId });
    const access = { frontEndUrl: 'https://acme.example.com', userName: 'owner', password: 'first' };
    response.end(JSON.stringify(change.event === 'provision' ? { access } : {}));
  });
  server = await startServer({ KOOGATE_SELLER_URL: backend.url, KOOGATE_SELLER_SECRET: SECRET });
  url = server.productUrl('plain');
  key = server.secrets.products.plain?.accessKeys.base?.[0] ?? '';
});
afterAll(async () => {
  await server?.stop();
  await backend?.close();
});

async function untilReady(instanceId: string) {
  for (;;) {
    const answer = await call(url, key, { activity: 'queryInstance', instanceId });
    if (answer.json.resultCode !== '000004') return answer;
    await sleep(50);
  }
}

test('200 concurrent deliveries of one order line: one instance, and the seller’s code ran once', async () => {
  const purchase = { activity: 'newInstance', orderId: 'CS200', orderLineId: 'CS200-000001' };
  const delivered = async (businessId: string) => {
    let answer = await call(url, key, { ...purchase, businessId });
    // On a machine with too much to do a call may be told to come again; the marketplace does.
    while (answer.json.resultCode === '000005') answer = await call(url, key, { ...purchase, businessId });
    return answer;
  };
  const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => delivered(`b-${index}`)));
  expect(answers.every(({ status, bodySignHolds }) => status === 200 && bodySignHolds)).toBe(true);
  expect(answers.filter(({ json }) => json.resultCode !== '000004' && json.resultCode !== '000000')).toEqual([]);
  const ids = new Set(answers.map(({ json }) => json.instanceId));
  expect(ids.size).toBe(1);
  const instanceId = String([...ids][0]);
  expect((await untilReady(instanceId)).json.resultCode).toBe('000000');
  expect(reached.filter((one) => one.instanceId === instanceId)).toEqual([
    { id: expect.any(String), event: 'provision', instanceId },
  ]);
});

test('changes reach the seller in the order in which they were accepted, each once', async () => {
  const bought = await call(url, key, { activity: 'newInstance', orderId: 'CS201', orderLineId: 'CS201-000001' });
  const instanceId = String(bought.json.instanceId);
  const renewal = { activity: 'refreshInstance', scene: 'RENEWAL', instanceId, expireTime: '20991231155959' };
  const changes = [
    { ...renewal, orderId: 'CS202', orderLineId: 'CS202-000001' },
    { activity: 'updateInstanceStatus', instanceId, status: 'FREEZE' },
    { activity: 'updateInstanceStatus', instanceId, status: 'UNFREEZE' },
    { activity: 'upgradeInstance', instanceId, orderId: 'CS203', orderLineId: 'CS203-000001' },
    { activity: 'releaseInstance', instanceId },
  ];
  const events = () => reached.filter((one) => one.instanceId === instanceId).map(({ event }) => event);
  const expected = ['provision'];
  for (const [index, change] of changes.entries()) {
    await sleep(2); // two calls never carry the same millisecond
    expect((await call(url, key, change)).json.resultCode).toBe('000000');
    if (change.activity !== 'releaseInstance') expect((await call(url, key, change)).json.resultCode).toBe('000000');
    expected.push(['renew', 'freeze', 'unfreeze', 'upgrade', 'release'][index] ?? '');
    while (events().length < expected.length) await sleep(20);
  }
  expect(events()).toEqual(expected);
  expect((await call(url, key, { activity: 'queryInstance', instanceId })).json.resultCode).toBe('000003');
});

test.each([
  ['JSON', 'application/json;charset=utf8'],
  ['no type worth the name', 'application/octet-stream'],
  ['text', 'text/plain'],
])('a body sent as %s is verified on its bytes', async (_, type) => {
  const message = { activity: 'newInstance', orderId: '演示', orderLineId: 'l', testFlag: '1' };
  const { url: signed, body } = signCall(url, key, message);
  const response = await fetch(signed, { method: 'POST', headers: { 'content-type': type }, body: Buffer.from(body) });
  expect(await response.json()).toMatchObject({ resultCode: '000000' });
});

test('bytes that are no UTF-8 are refused with a signature', async () => {
  const { url: signed } = signCall(url, key, {});
  const response = await fetch(signed, { method: 'POST', body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]) });
  expect(response.status).toBe(200);
  expect(response.headers.get('body-sign')).toMatch(/^sign_type="HMAC-SHA256", signature= "/);
  expect(await response.json()).toMatchObject({ resultCode: '000001' });
});

test('a request without a body is refused with a signature', async () => {
  const answer = await sendCall({ ...signCall(url, key, {}), body: '' }, key);
  expect(answer).toMatchObject({ status: 200, bodySignHolds: true, json: { resultCode: '000001' } });
});

test('a body over 256 KB is refused with a signature', async () => {
  const answer = await sendCall(signCall(url, key, { activity: 'newInstance', orderId: 'x'.repeat(300_000) }), key);
  expect(answer).toMatchObject({ status: 200, bodySignHolds: true, json: { resultCode: '000002' } });
});

test.each([
  ['POST', '/produce', 404],
  ['POST', '/produce/', 404],
  ['POST', '/produce/nobody', 404],
  ['POST', '/produce/plain/deeper', 404],
  ['GET', '/produce/plain', 405],
  ['PUT', '/produce/plain', 405],
])('%s %s is %s', async (method, path, status) => {
  const response = await fetch(`${server.baseUrl}${path}`, { method });
  expect(response.status).toBe(status);
  expect(response.headers.get('body-sign')).toBeNull();
});

test('a key exchanged under load loses no call, and nobody gets an answer signed with a key they do not know', async () => {
  const path = server.server.run.secrets;
  const secrets = JSON.parse(await readFile(path, 'utf8'));
  const rotated = 'rotated-key-0000-1111';
  const sent = async (own: string, index: number) => {
    const orderId = `CS9${index}`;
    return call(url, own, { activity: 'newInstance', orderId, orderLineId: `${orderId}-1` });
  };
  const load = async (own: string, from: number) => {
    const answers = [];
    for (let index = from; index < from + 40; index += 1) answers.push(await sent(own, index));
    return answers;
  };
  const before = load(key, 0);
  secrets.products.plain.accessKeys.base.unshift(rotated);
  await writeFile(`${path}.new`, JSON.stringify(secrets), { mode: 0o600 });
  await rename(`${path}.new`, path);
  while ((await sent(rotated, 999)).json.resultCode === '000001') await sleep(20);
  const answers = [...(await before), ...(await Promise.all([load(key, 100), load(rotated, 200)])).flat()];
  expect(answers).toHaveLength(120);
  expect(answers.filter(({ json, bodySignHolds }) => json.resultCode !== '000004' || !bodySignHolds)).toEqual([]);
});
