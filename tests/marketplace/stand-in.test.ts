import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { signRequest } from '../../lib/protocol/sdk-signature.ts';
import { MOCK_ORDERS } from '../../scripts/marketplace/stand-in/orders.ts';
import { type StandIn, startStandIn } from '../../scripts/marketplace/stand-in/server.ts';
import { refuseSignature } from '../../scripts/marketplace/stand-in/signature.ts';
import { vectorsOf } from '../support/vectors.ts';

const keys = { accessKeyId: 'AK', secretAccessKey: 'SK' };
const NOW = Date.UTC(2026, 0, 1, 12);
const PATH = '/api/mkp-openapi-public/global/v1/order/query';

let standIn: StandIn;
beforeAll(async () => {
  standIn = await startStandIn({ keys, clock: () => NOW });
});
afterAll(() => standIn.stop());

async function query(search: string, options: { keys?: typeof keys; now?: number; sent?: string } = {}) {
  const url = new URL(`${PATH}?${search}`, standIn.url);
  const headers = signRequest({ method: 'GET', url, headers: {} }, options.keys ?? keys, options.now ?? NOW);
  const response = await fetch(new URL(`${PATH}?${options.sent ?? search}`, standIn.url), { headers });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

describe('the signature', () => {
  test.each(vectorsOf('sdk-hmac-sha256'))('of $id holds', ({ keys: { ak, sk }, inputs, expected }) => {
    const { host, pathname, search } = new URL(inputs.url);
    const sent = Object.entries({ ...inputs.headers, host, authorization: expected.authorization });
    const headers = Object.fromEntries(sent.map(([name, value]) => [name.toLowerCase(), value]));
    const request = { method: inputs.method, target: pathname + search, headers, body: Buffer.from(inputs.body) };
    const date = inputs.headers['X-Sdk-Date'] ?? '';
    const at = Date.parse(date.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'));
    const pair = { accessKeyId: ak, secretAccessKey: sk };
    expect(refuseSignature(request, pair, at)).toBeUndefined();
    expect(refuseSignature({ ...request, body: Buffer.from('x') }, pair, at)?.code).toBe('APIG.0301');
  });

  test.each(['orderId=A%20b%2Fc~d', 'orderLineId=B&orderId=A', "orderId=!'()*"])('over ?%s holds', async (search) => {
    expect((await query(search)).status).toBe(200);
  });

  test('with another secret is refused', async () => {
    const { status, body } = await query('orderId=A', { keys: { ...keys, secretAccessKey: 'other' } });
    expect([status, body.error_code]).toEqual([401, 'APIG.0301']);
  });

  test('of an unknown access key is refused', async () => {
    const { body } = await query('orderId=A', { keys: { ...keys, accessKeyId: 'other' } });
    expect(body.error_code).toBe('APIG.0301');
  });

  test('over another query is refused', async () => {
    expect((await query('orderId=A', { sent: 'orderId=B' })).body.error_code).toBe('APIG.0301');
  });

  test('is needed at all', async () => {
    expect((await fetch(`${standIn.url}${PATH}?orderId=A`)).status).toBe(401);
  });

  test.each([-1, 1])('holds for 15 minutes either way (%s)', async (direction) => {
    expect((await query('orderId=A', { now: NOW + direction * 15 * 60_000 })).status).toBe(200);
    const { status, body } = await query('orderId=A', { now: NOW + direction * (15 * 60_000 + 1_000) });
    expect([status, body.error_code]).toEqual([401, 'APIG.0303']);
  });
});

describe('the order query', () => {
  test.each(Object.entries(MOCK_ORDERS))('knows the mock order %s', async (orderId, { orderType, chargingMode }) => {
    const { body } = await query(`orderId=${orderId}`);
    expect(body).toMatchObject({
      resultCode: 'MKT.0000',
      orderInfo: { orderId, orderType, orderLine: [{ orderLineId: `${orderId}-000001`, chargingMode }] },
    });
  });

  test('gives the asked line of any other order, new and yearly', async () => {
    const { body } = await query('orderId=CS1&orderLineId=CS1-000002');
    expect(body.orderInfo).toMatchObject({
      orderType: 'NEW',
      orderLine: [{ orderLineId: 'CS1-000002', periodType: 'year' }],
    });
  });

  test.each([
    ['CS1RENEW', 'RENEW'],
    ['CS1UPGRD', 'CHANGE'],
    ['CS1TRIALTOFORMAL', 'TRIAL_TO_FORMAL'],
    ['CS1REFUND', 'UNSUBSCRIBE'],
  ])('takes the ending of %s for its type', async (orderId, orderType) => {
    expect((await query(`orderId=${orderId}`)).body.orderInfo.orderType).toBe(orderType);
  });

  test('gives a registered order its traits', async () => {
    standIn.orders.register('CS9', { orderType: 'NEW', chargingMode: 'ON_DEMAND' });
    const { body } = await query('orderId=CS9');
    expect(body.orderInfo.orderLine[0]).toMatchObject({ chargingMode: 'ON_DEMAND' });
    expect(body.orderInfo.orderLine[0].expireTime).toBeUndefined();
  });

  test('refuses the order of another seller', async () => {
    const { status, body } = await query('orderId=FOREIGN1');
    expect([status, body.resultCode]).toEqual([401, 'MKT.0150']);
    expect(standIn.asked).not.toContain('FOREIGN1');
  });

  test('needs an order number', async () => {
    const { status, body } = await query('orderLineId=A');
    expect([status, body.resultCode]).toEqual([400, 'MKT.0101']);
  });
});
