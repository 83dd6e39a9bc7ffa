import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { InstanceItem } from '../../lib/instances/item.ts';
import { keys } from '../../lib/instances/keys.ts';
import { readItem } from '../../lib/instances/write.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { demoLicenseSeller } from '../../scripts/dev/samples/demo-licenses.ts';
import { type Installation, KEYS, startInstallation } from '../support/installation.ts';
import { routeEvent } from '../support/route.ts';
import { getEvent } from '../support/v1.ts';

const HOUR_MS = 3_600_000;
const BASE = KEYS.base[0] ?? '';
const LICENSE = KEYS.license[0] ?? '';

let installation: Installation;
beforeAll(async () => {
  installation = await startInstallation({
    license: { seller: demoLicenseSeller, families: ['license-2', 'license-1'], v1ReadWindow: 2 * HOUR_MS },
    legacy: { seller: demoSeller, families: ['saas-v1'] },
  });
});
afterAll(() => installation.stop());

const get = (key: string, product: string, parameters: Readonly<Record<string, string>>, now: number) =>
  getEvent(key, parameters, { product, now });

async function bought(orderId: string): Promise<string> {
  const purchase = { activity: 'newInstance', orderId, productId: 'p', customerId: 'c' };
  const { json } = await installation.deliver(get(BASE, 'legacy', purchase, installation.time.now));
  return json.instanceId ?? '';
}

async function wanted(instanceId: string): Promise<string | undefined> {
  return (await readItem<InstanceItem>(installation.tools.table, keys.instance('legacy', instanceId)))?.wanted;
}

describe('a V1.0 status that was signed hours ahead', () => {
  test('is in its turn where it arrived: what comes later holds', async () => {
    const instanceId = await bought('CS-AHEAD');
    const freeze = { activity: 'instanceStatus', instanceId, instanceStatus: 'FREEZE' };
    const ahead = get(BASE, 'legacy', freeze, installation.time.now + 8 * HOUR_MS);
    expect((await installation.deliver(ahead)).json.resultCode).toBe('000000');
    expect(await wanted(instanceId)).toBe('FROZEN');
    installation.time.now += HOUR_MS;
    const normal = { ...freeze, instanceStatus: 'NORMAL' };
    const unfreeze = get(BASE, 'legacy', normal, installation.time.now);
    expect((await installation.deliver(unfreeze)).json.resultCode).toBe('000000');
    expect(await wanted(instanceId)).toBe('ACTIVE');
  });
});

describe('a V1.0 call that hands something out', () => {
  test('gives a licence no more once its window is over', async () => {
    const event = get(
      LICENSE,
      'license',
      { activity: 'getLicense', orderId: 'CS1', customerId: 'c' },
      installation.time.now,
    );
    expect((await installation.deliver(event)).json.license).toBeDefined();
    installation.time.now += HOUR_MS;
    expect((await installation.deliver(event)).json.license).toBeDefined();
    installation.time.now += 1.1 * HOUR_MS;
    const late = await installation.deliver(event);
    expect(late.json).toMatchObject({ resultCode: '000002', resultMsg: expect.stringContaining('more than 2 h back') });
    expect(late.json.license).toBeUndefined();
  });

  test('gives credentials for a day, and neither buys nor queries after that', async () => {
    const instanceId = await bought('CS-DAY');
    const { now } = installation.time;
    const query = get(BASE, 'legacy', { activity: 'queryInstance', instanceId }, now);
    const purchase = { activity: 'newInstance', orderId: 'CS-DAY', productId: 'p', customerId: 'c' };
    const again = get(BASE, 'legacy', purchase, now);
    installation.time.now += 23 * HOUR_MS;
    expect((await installation.deliver(query)).json.resultCode).not.toBe('000002');
    installation.time.now += 2 * HOUR_MS;
    for (const event of [query, again]) expect((await installation.deliver(event)).json.resultCode).toBe('000002');
  });

  test('is answered whatever its age as a debugging call, which hands out samples', async () => {
    const old = { activity: 'getLicense', orderId: 'CS2', customerId: 'c', testFlag: '1' };
    const event = get(LICENSE, 'license', old, installation.time.now - 400 * 24 * HOUR_MS);
    expect((await installation.deliver(event)).json.resultCode).toBe('000000');
  });
});

test('no answer may be kept by what stands in between, whatever it is', async () => {
  const { now } = installation.time;
  const events = {
    success: get(BASE, 'legacy', { activity: 'newInstance', orderId: 'CS3', productId: 'p', customerId: 'c' }, now),
    refusal: get('wrong', 'legacy', { activity: 'newInstance' }, now),
    'unknown product': get(BASE, 'nothing', { activity: 'newInstance' }, now),
    'another method': routeEvent(BASE, {}, { product: 'legacy', now }),
    'the bare domain': { ...routeEvent(BASE, {}, { now }), routeKey: 'GET /' },
  };
  for (const [what, event] of Object.entries(events)) {
    expect([what, (await installation.deliver(event)).headers['Cache-Control']]).toEqual([what, 'no-store']);
  }
});
