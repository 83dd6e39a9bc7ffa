import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { jwtVerify } from 'jose';
import type { HookContext, Order } from '../../../lib/seller/contract.ts';
import type { LicenseApplication } from '../../../lib/seller/license-contract.ts';
import { demoLicenseSeller, ISSUER, licensePublicKey } from '../../../scripts/dev/samples/demo-licenses.ts';
import { context, instance, memoryNotes, orderOf } from '../../seller/hooks.ts';

const pem = (type: 'ed25519' | 'x25519') =>
  generateKeyPairSync(type as 'ed25519')
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
const key = pem('ed25519');
const NOW = new Date('2026-01-01T00:00:00Z');
const application: LicenseApplication = {
  instance,
  eventId: 'evt-1',
  effectiveAt: NOW,
  expiresAt: new Date('2026-06-01T00:00:00Z'),
  deviceFingerprint: 'device-1',
};
const { expiresAt: _, ...endless } = application;

/** Contexts that share their notes. */
function given(order?: Order) {
  const kept = new Map<string, string>();
  const at = (over: Partial<HookContext> = {}) =>
    context({ notes: memoryNotes(kept), now: NOW, secret: async () => key, ...over });
  const bought =
    order === undefined ? undefined : demoLicenseSeller.provision({ instance, wanted: 'ACTIVE', order }, at());
  const apply = async (asked: LicenseApplication = application, over: Partial<HookContext> = {}) => {
    await bought;
    return demoLicenseSeller.issueLicense?.(asked, at(over));
  };
  return { kept, at, apply };
}

function orderFor(line: Partial<Order['line']>): Order {
  const order = orderOf('licence', 1);
  return { ...order, line: { ...order.line, ...line } };
}

describe('a licence', () => {
  test('is verified with the public half of the key', async () => {
    const answer = await given(orderOf('licence', 1)).apply();
    if (answer === undefined || !('license' in answer)) throw new Error('none was issued');
    const publicKey = createPublicKey(licensePublicKey(key));
    const { payload } = await jwtVerify(answer.license, publicKey, { issuer: ISSUER, currentDate: NOW });
    expect(payload).toMatchObject({ sub: instance.instanceId, device: 'device-1' });
  });

  test('of an instance that nobody bought is not issued, now or later', async () => {
    expect(await given().apply()).toEqual({ failed: { reason: 'There is no such instance.' } });
  });

  test('is not signed with a key of another kind', async () => {
    const { apply } = given(orderOf('licence', 1));
    await expect(apply(application, { secret: async () => pem('x25519') })).rejects.toThrow('must be an Ed25519 key');
  });

  test('needs its end where a period was bought, and none where the product is paid once', async () => {
    expect(await given(orderFor({ chargingMode: 'PERIOD' })).apply(endless)).toEqual({
      refused: { resultCode: '000902' },
    });
    const { expiresAt: __, ...line } = orderOf('licence', 1).line;
    const once = { ...orderOf('licence', 1), line: { ...line, chargingMode: 'ONE_TIME' as const } };
    expect(await given(once).apply(endless)).toEqual({ license: expect.any(String) });
  });

  test('is one seat where the order names no number', async () => {
    const { apply } = given(orderFor({ products: [] }));
    expect(await apply()).toEqual({ license: expect.any(String) });
    expect(await apply({ ...application, deviceFingerprint: 'device-2' })).toEqual({
      refused: { resultCode: '000900' },
    });
  });

  test('is given to more devices once more seats were bought', async () => {
    const { apply, at } = given(orderOf('licence', 1));
    await apply();
    const second = { ...application, deviceFingerprint: 'device-2' };
    expect(await apply(second)).toEqual({ refused: { resultCode: '000900' } });
    await demoLicenseSeller.upgrade({ instance, wanted: 'ACTIVE', upgradeOrder: orderOf('licence', 2) }, at());
    expect(await apply(second)).toEqual({ license: expect.any(String) });
  });

  test('is refused while the instance is frozen', async () => {
    const { apply, at } = given(orderOf('licence', 1));
    await apply();
    await demoLicenseSeller.freeze({ instance, wanted: 'FROZEN' }, at());
    expect(await apply()).toEqual({ refused: { resultCode: '000901' } });
    await demoLicenseSeller.unfreeze({ instance, wanted: 'ACTIVE' }, at());
    expect(await apply()).toEqual({ license: expect.any(String) });
  });
});

test('a change of an instance that nobody bought fails for good, and notes nothing', async () => {
  const { kept, at } = given();
  expect(await demoLicenseSeller.freeze({ instance, wanted: 'FROZEN' }, at())).toEqual({
    failed: { reason: expect.any(String) },
  });
  expect(kept.size).toBe(0);
});
