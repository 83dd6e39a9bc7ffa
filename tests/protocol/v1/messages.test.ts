import { describe, expect, test } from '@jest/globals';
import { isV1Activity, parseV1Message, V1_ACTIVITIES, type V1ActivityName } from '../../../lib/protocol/v1/messages.ts';
import { PARAMETER_NAMES } from '../../../lib/protocol/v1/names.ts';
import { refused } from '../../support/refused.ts';

const expireTime = '20261001155959';
const expiresAt = Date.UTC(2026, 9, 1, 15, 59, 59);
const instanceId = 'i-1';

/** The least that each call may hold. */
const LEAST: Record<V1ActivityName, Record<string, string>> = {
  newInstance: { customerId: 'c-1', orderId: 'o-1', productId: 'p-1' },
  queryInstance: { instanceId: 'aa-1, bb-2,aa-1' },
  refreshInstance: { instanceId, orderId: 'o-2', expireTime },
  expireInstance: { instanceId },
  instanceStatus: { instanceId, instanceStatus: 'NORMAL' },
  releaseInstance: { instanceId, orderId: 'o-1' },
  upgrade: { instanceId, orderId: 'o-3', skuCode: 's-2', productId: 'p-2' },
};
const activities = Object.keys(LEAST) as V1ActivityName[];

describe('a V1.0 call becomes the message of its V2.0 twin', () => {
  test('newInstance, with the order it tells', () => {
    const parameters = {
      ...LEAST.newInstance,
      businessId: 'b-1',
      customerName: '演示',
      expireTime,
      orderAmount: '1999.995',
      periodType: 'year',
      periodNumber: '2',
      amount: '10',
      trialFlag: '1',
      chargingMode: '1',
      provisionType: '1',
      unknown: 'ignored',
      email: '',
    };
    expect(parseV1Message('newInstance', parameters)).toEqual({
      activity: 'newInstance',
      testFlag: false,
      orderId: 'o-1',
      orderLineId: '',
      productId: 'p-1',
      businessId: 'b-1',
      told: {
        customerId: 'c-1',
        customerName: '演示',
        orderId: 'o-1',
        productId: 'p-1',
        businessId: 'b-1',
        expireTime: expiresAt,
        orderAmount: '1999.995',
        periodType: 'year',
        periodNumber: 2,
        amount: 10,
        trialFlag: true,
        chargingMode: '1',
        provisionType: '1',
      },
    });
  });

  test('newInstance tells nothing that was not sent', () => {
    expect(parseV1Message('newInstance', LEAST.newInstance)).toStrictEqual({
      activity: 'newInstance',
      testFlag: false,
      orderId: 'o-1',
      orderLineId: '',
      productId: 'p-1',
      told: { customerId: 'c-1', orderId: 'o-1', productId: 'p-1', trialFlag: false },
    });
  });

  test.each([
    [{}, 'RENEWAL'],
    [{ trialToFormal: '0' }, 'RENEWAL'],
    [{ trialToFormal: '' }, 'RENEWAL'],
    [{ trialToFormal: '1' }, 'TRIAL_TO_FORMAL'],
  ])('refreshInstance with %p is a %s', (more, scene) => {
    expect(parseV1Message('refreshInstance', { ...LEAST.refreshInstance, ...more })).toMatchObject({
      activity: 'refreshInstance',
      instanceId,
      orderId: 'o-2',
      orderLineId: '',
      scene,
      expiresAt,
    });
  });

  test('refreshInstance names a product only if there is one', () => {
    const parse = (productId: string) => parseV1Message('refreshInstance', { ...LEAST.refreshInstance, productId });
    expect(parse('p-9')).toHaveProperty('productId', 'p-9');
    expect(parse('')).not.toHaveProperty('productId');
  });

  test('expireInstance and instanceStatus, each with its reason', () => {
    const frozen = { activity: 'updateInstanceStatus', testFlag: false, instanceId, status: 'FREEZE' };
    expect(parseV1Message('expireInstance', { instanceId, orderId: 'o' })).toEqual({ ...frozen, reason: 'expired' });
    const parse = (instanceStatus: string) => parseV1Message('instanceStatus', { instanceId, instanceStatus });
    expect(parse('FREEZE')).toEqual({ ...frozen, reason: 'status' });
    expect(parse('NORMAL')).toEqual({ ...frozen, status: 'UNFREEZE', reason: 'status' });
  });

  test('releaseInstance, upgrade and queryInstance', () => {
    const { testFlag, ...release } = parseV1Message('releaseInstance', LEAST.releaseInstance);
    expect(release).toEqual({ activity: 'releaseInstance', instanceId, orderId: 'o-1' });
    expect(testFlag).toBe(false);
    expect(
      parseV1Message('upgrade', { ...LEAST.upgrade, bandWidth: '1234567', diskSize: '0', orderAmount: '20' }),
    ).toMatchObject({
      activity: 'upgradeInstance',
      instanceId,
      orderId: 'o-3',
      orderLineId: '',
      told: { skuCode: 's-2', productId: 'p-2', bandWidth: 1_234_567, diskSize: 0, orderAmount: '20' },
    });
    expect(parseV1Message('queryInstance', LEAST.queryInstance)).toEqual({
      activity: 'queryInstance',
      testFlag: false,
      instanceIds: ['aa-1', 'bb-2'],
    });
  });

  test.each(activities)('%s knows a debugging call', (activity) => {
    expect(parseV1Message(activity, { ...LEAST[activity], testFlag: '1' }).testFlag).toBe(true);
    expect(parseV1Message(activity, { ...LEAST[activity], testFlag: '0' }).testFlag).toBe(false);
  });
});

describe('what is missing or malformed is refused by name', () => {
  const mandatory = activities.flatMap((activity) =>
    Object.keys(LEAST[activity]).map((name) => [activity, name] as const),
  );

  test.each(mandatory)('%s without %s', (activity, name) => {
    const { [name]: _, ...parameters } = LEAST[activity];
    const expected = { resultCode: '000002', message: `${name} is missing` };
    expect(refused(() => parseV1Message(activity, parameters))).toMatchObject(expected);
    expect(refused(() => parseV1Message(activity, { ...parameters, [name]: '' }))).toMatchObject(expected);
  });

  test.each<[V1ActivityName, string, string]>([
    ['newInstance', 'periodNumber', 'two'],
    ['newInstance', 'periodNumber', '-1'],
    ['newInstance', 'amount', '1.5'],
    ['newInstance', 'orderAmount', '1,5'],
    ['newInstance', 'expireTime', '20260230000000'],
    ['newInstance', 'trialFlag', 'yes'],
    ['newInstance', 'orderId', 'x'.repeat(257)],
    ['newInstance', 'orderId', '   '],
    ['refreshInstance', 'trialToFormal', '2'],
    ['refreshInstance', 'expireTime', '2026-10-01'],
    ['instanceStatus', 'instanceStatus', 'UNFREEZE'],
    ['queryInstance', 'instanceId', ' , '],
    ['queryInstance', 'instanceId', Array.from({ length: 101 }, (_, i) => `i-${i}`).join(',')],
    ['newInstance', 'testFlag', 'true'],
  ])('%s with %s %s', (activity, name, value) => {
    const refusal = refused(() => parseV1Message(activity, { ...LEAST[activity], [name]: value }));
    expect(refusal).toMatchObject({ resultCode: '000002', message: expect.stringContaining(`${name} must `) });
  });

  test('only activities of V1.0 are known', () => {
    expect(activities.filter(isV1Activity)).toEqual(activities);
    expect(Object.keys(V1_ACTIVITIES).sort()).toEqual([...activities].sort());
    expect(['upgradeInstance', 'constructor', '', ['newInstance'], undefined].filter(isV1Activity)).toEqual([]);
  });
});

test('no parameter that is read could vanish inside another one unnoticed', () => {
  const read = activities.flatMap((activity) => Object.keys(LEAST[activity]));
  expect(read.filter((name) => !PARAMETER_NAMES.includes(name))).toEqual([]);
});
