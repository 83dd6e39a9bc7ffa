import { type AddressInfo, connect, createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createMarketplaceClient } from '../../lib/open-api/index.ts';
import { DOCUMENTED_ERRORS } from '../../scripts/marketplace/stand-in/errors.ts';
import { ACCESS_KEYS, API_NAMES, CALLS, failure, KEYS, NOW, startWorld, type World } from './world.ts';

let world: World;
let port: number;
let wire = '';
const spy = createServer((socket) => {
  const through = connect(Number(new URL(world.standIn.url).port), '127.0.0.1');
  socket.on('data', (data) => {
    wire += data.toString('latin1');
  });
  socket.pipe(through).pipe(socket);
  for (const end of [socket, through]) end.on('error', () => [socket, through].map((each) => each.destroy()));
});

beforeAll(async () => {
  world = await startWorld();
  await new Promise<void>((resolve) => spy.listen(0, '127.0.0.1', resolve));
  port = (spy.address() as AddressInfo).port;
});
afterAll(async () => {
  spy.close();
  await world.stop();
});

beforeEach(() => {
  world.standIn.licenses.set('LIC-ALIVE', { status: 'ALIVE', activatedAt: 0, expiresAt: 1 });
  world.standIn.licenses.set('LIC-1', { status: 'COLLECTED' });
});

test.each(API_NAMES)('no byte of the %s shows a secret key', async (api) => {
  wire = '';
  const client = createMarketplaceClient({
    site: { baseUrl: `http://127.0.0.1:${port}` },
    keys: KEYS,
    accessKeys: ACCESS_KEYS,
    clock: () => NOW,
  });
  await CALLS[api](client);
  expect(wire).toContain(KEYS.accessKeyId);
  expect(wire).toContain(`X-Security-Token: ${KEYS.securityToken}`);
  for (const secret of [KEYS.secretAccessKey, ...ACCESS_KEYS]) {
    for (const form of [secret, Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('hex')]) {
      expect(wire).not.toContain(form);
    }
  }
});

test.each(API_NAMES)('no error of the %s shows one, whatever the answer repeats', async (api) => {
  const echo = JSON.stringify({ ...KEYS, ACCESS_KEYS, authorization: 'Signature=abc' });
  for (const [code] of DOCUMENTED_ERRORS[api]) {
    const body = { resultCode: code, error_code: code, resultMsg: echo, error_msg: echo, data: echo, extra_info: echo };
    world.standIn.faults.choose(api, () => ({ code, body }));
    await failure(CALLS[api](world.client)); // looks for the secrets
  }
  for (const code of [echo, `MKT.${KEYS.secretAccessKey}`, ACCESS_KEYS[0]]) {
    world.standIn.faults.choose(api, () => ({ body: { resultCode: code, error_code: code } }));
    await failure(CALLS[api](world.client));
  }
  world.standIn.faults.clear();
});
