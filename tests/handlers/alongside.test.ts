import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ALONGSIDE } from '../../handlers/alongside.ts';
import { createFulfil } from '../../handlers/create-fulfil.ts';
import { createProduce } from '../../handlers/create-produce.ts';
import { fulfilDependencies } from '../../handlers/fulfil.ts';
import { produceDependencies } from '../../handlers/produce.ts';
import { createRuntime } from '../../handlers/runtime.ts';
import { defineConfig } from '../../lib/config/config.ts';
import type { AskedOrder } from '../../lib/open-api/query-order.ts';
import { documentsOf } from '../../lib/secrets/file.ts';
import type { Secrets } from '../../lib/secrets/secrets.ts';
import type { Seller } from '../../lib/seller/contract.ts';
import { MemoryEngine } from '../../lib/table/memory.ts';
import { recordingLog } from '../middleware/support.ts';
import { pair, secretsFile } from '../secrets/fixture.ts';
import { AWS_KEYS, type FakeSsm, startFakeSsm } from '../support/fake-ssm.ts';
import { order } from '../support/installation.ts';
import { lambdaContext, routeEvent } from '../support/route.ts';
import { getEvent } from '../support/v1.ts';

const access = { frontEndUrl: 'https://t.example.com', userName: 'admin', password: 'first-password' };
const none = async () => undefined;
const seller: Seller = {
  provision: async () => ({ access }),
  renew: none,
  freeze: none,
  unfreeze: none,
  upgrade: none,
  release: none,
};
const config = defineConfig({
  service: 'shop',
  products: { demo: { seller }, legacy: { seller, families: ['saas-v1'], fulfilment: 'inline' } },
  stages: { prod: { region: 'eu-west-1' } },
});

let ssm: FakeSsm;
let engine: MemoryEngine;
const log = recordingLog();
const context = { ...lambdaContext, getRemainingTimeInMillis: () => 290_000 };

beforeAll(async () => {
  ssm = await startFakeSsm();
  const file = secretsFile();
  const products = { ...file.products, legacy: { accessKeys: { base: ['legacy-key'] } } };
  const kit = { login: { secret: 's'.repeat(32) }, sealing: { ...file.sealing, kit: [{ kid: 'k1', ...pair }] } };
  for (const [name, document] of documentsOf('secrets.json', { ...file, ...kit, products })) {
    ssm.parameters.set(`/shop/prod/${name}`, JSON.stringify(document));
  }
});
afterAll(() => ssm.stop());
beforeEach(() => {
  engine = new MemoryEngine();
  ssm.calls.length = 0;
  log.entries.length = 0;
});

/** A function's runtime as a new sandbox has it, on the test's table. */
function cold(name: keyof typeof ALONGSIDE) {
  const env = {
    ...AWS_KEYS,
    KOOGATE_STAGE: 'prod',
    KOOGATE_TABLE: 'shop-prod',
    KOOGATE_PARAMETERS: '/shop/prod',
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL_SSM: ssm.endpoint,
  };
  const runtime = createRuntime(config, env, {
    alongside: ALONGSIDE[name],
    table: () => ({ client: engine, name: 'shop-prod' }),
  });
  const queryOrder = async ({ orderId }: AskedOrder) => {
    await runtime.secrets.account();
    return order(orderId);
  };
  return { ...runtime, queryOrder, log };
}

async function produce(event: ReturnType<typeof routeEvent>): Promise<Record<string, unknown>> {
  const answer = await createProduce(produceDependencies(cold('produce')))(event, lambdaContext);
  return JSON.parse(Object(answer).body);
}

const purchase = { activity: 'newInstance', businessId: 'b', orderId: 'CS1', orderLineId: 'CS1-000001' };
const v2 = (message: object) => produce(routeEvent('newest-key', message, { product: 'demo', now: Date.now() }));
const reads = () => ssm.calls.map(({ target }) => target);

test('a cold start waits for one reading of Parameter Store, whatever the call needs', async () => {
  const { instanceId } = await v2(purchase);
  expect(reads()).toEqual(['GetParameters']);

  ssm.calls.length = 0;
  await createFulfil(fulfilDependencies(cold('fulfil')))({}, context);
  expect(reads()).toEqual(['GetParameters']);

  ssm.calls.length = 0;
  const answer = await v2({ activity: 'queryInstance', instanceId });
  expect(answer).toMatchObject({ resultCode: '000000', info: [{ appInfo: { userName: 'admin' } }] });
  expect(reads()).toEqual(['GetParameters']);
});

test('so does a purchase by V1.0 that is carried out while the marketplace waits', async () => {
  const { activity, businessId, orderId } = purchase;
  const told = { customerId: 'c', customerName: 'n', productId: 'p', chargingMode: '1', expireTime: '20991001155959' };
  const parameters = { activity, businessId, orderId, ...told };
  const answer = await produce(getEvent('legacy-key', parameters, { product: 'legacy', now: Date.now() }));
  expect(answer).toMatchObject({ resultCode: '000000', appInfo: expect.anything() });
  expect(reads()).toEqual(['GetParameters']);
});

test.each<[keyof typeof ALONGSIDE, (secrets: Secrets) => Promise<unknown>, (secrets: Secrets) => Promise<unknown>]>([
  ['meter', ({ product }) => product('demo'), ({ account }) => account()],
  ['reconcile', ({ sealing }) => sealing('personal', 'private'), ({ account }) => account()],
  ['login', ({ login }) => login(), ({ sealing }) => sealing('kit', 'private')],
  ['all', ({ product }) => product('demo'), ({ sealing }) => sealing('personal', 'public')],
])('%s reads the second of its secrets with the first', async (name, first, second) => {
  const { secrets } = cold(name);
  await first(secrets);
  await second(secrets);
  expect(reads()).toEqual(['GetParameters']);
});

test('a stranger’s calls to a product without keys reach Parameter Store once, and say so once', async () => {
  const deps = produceDependencies(cold('produce'));
  const route = createProduce(deps);
  ssm.parameters.delete('/shop/prod/products/demo');
  try {
    for (let times = 0; times < 50; times += 1) {
      const event = routeEvent('any', '{}', { product: 'demo', now: Date.now() });
      expect(await route(event, lambdaContext)).toMatchObject({ statusCode: 503 });
    }
    expect(reads()).toEqual(['GetParameters']);
    expect(log.entries.filter(({ level }) => level === 'error')).toHaveLength(1);
  } finally {
    ssm.parameters.set('/shop/prod/products/demo', JSON.stringify({ accessKeys: { base: ['newest-key'] } }));
  }
});
