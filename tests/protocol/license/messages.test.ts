import { describe, expect, test } from '@jest/globals';
import {
  isLicenseActivity,
  LICENSE_ACTIVITIES,
  type LicenseActivityName,
  parseLicenseMessage,
} from '../../../lib/protocol/license/messages.ts';
import { RESULT_CODES } from '../../../lib/protocol/result-codes.ts';
import { refused } from '../../support/refused.ts';

const license = 'LIC-DEMO-0001';

/** The least that each call may hold. */
const LEAST: Record<LicenseActivityName, Record<string, unknown>> = {
  refreshLicenseCode: {
    license,
    scene: 'RENEWAL',
    orderId: 'o-2',
    orderLineId: 'o-2-000001',
    expireTime: '20261001155959',
  },
  updateLicenseCodeStatus: { license, status: 'FREEZE' },
  releaseLicenseCode: { license },
  getLicenseAsync: { instanceId: 'i-1', eventId: 'evt-1', effectiveTime: '2025-09-01 10:30:15 z' },
};
const activities = Object.keys(LEAST) as LicenseActivityName[];

describe('calls about licence codes', () => {
  test('refreshLicenseCode', () => {
    const body = { ...LEAST.refreshLicenseCode, scene: 'UNSUBSCRIBE_RENEWAL_PERIOD', productId: 'p-2', unknown: 1 };
    expect(parseLicenseMessage('refreshLicenseCode', body)).toEqual({
      activity: 'refreshLicenseCode',
      testFlag: false,
      license,
      scene: 'UNSUBSCRIBE_RENEWAL_PERIOD',
      orderId: 'o-2',
      orderLineId: 'o-2-000001',
      productId: 'p-2',
      expiresAt: Date.UTC(2026, 9, 1, 15, 59, 59),
    });
  });

  test('updateLicenseCodeStatus and releaseLicenseCode', () => {
    expect(parseLicenseMessage('updateLicenseCodeStatus', { license, status: 'UNFREEZE', testFlag: '1' })).toEqual({
      activity: 'updateLicenseCodeStatus',
      testFlag: true,
      license,
      status: 'UNFREEZE',
    });
    const release = { activity: 'releaseLicenseCode', testFlag: false, license };
    expect(parseLicenseMessage('releaseLicenseCode', { license, orderId: '', orderLineId: null })).toEqual(release);
    expect(parseLicenseMessage('releaseLicenseCode', { license, orderId: 'o' })).toEqual({ ...release, orderId: 'o' });
  });
});

describe('getLicenseAsync', () => {
  const least = {
    activity: 'getLicenseAsync',
    testFlag: false,
    instanceId: 'i-1',
    eventId: 'evt-1',
    effectiveAt: Date.UTC(2025, 8, 1, 10, 30, 15),
    deviceFingerprint: '',
  };

  test('knows a licence without end and without device, absent and empty being one', () => {
    expect(parseLicenseMessage('getLicenseAsync', LEAST.getLicenseAsync)).toEqual(least);
    const empty = { ...LEAST.getLicenseAsync, expireTime: '', deviceFingerprint: '' };
    expect(parseLicenseMessage('getLicenseAsync', empty)).toEqual(least);
  });

  test('reads both forms of time', () => {
    const body = { ...LEAST.getLicenseAsync, effectiveTime: '20250901103015', expireTime: '2026-09-01 10:30:15 z' };
    expect(parseLicenseMessage('getLicenseAsync', body)).toEqual({
      ...least,
      expiresAt: Date.UTC(2026, 8, 1, 10, 30, 15),
    });
  });

  test('takes a fingerprint of 5 KB and refuses a longer one', () => {
    const parse = (deviceFingerprint: string) =>
      parseLicenseMessage('getLicenseAsync', { ...LEAST.getLicenseAsync, deviceFingerprint });
    expect(parse('A|'.repeat(2_560)).deviceFingerprint).toHaveLength(5_120);
    const expected = { resultCode: '000002', message: 'deviceFingerprint must have at most 5 KB' };
    expect(refused(() => parse(`${'A|'.repeat(2_560)}B`))).toMatchObject(expected);
    expect(refused(() => parse('é'.repeat(2_561)))).toMatchObject(expected);
  });
});

describe('what is missing or malformed is refused by name', () => {
  test.each(activities.flatMap((activity) => Object.keys(LEAST[activity]).map((name) => [activity, name] as const)))(
    '%s without %s',
    (activity, name) => {
      const { [name]: _, ...body } = LEAST[activity];
      expect(refused(() => parseLicenseMessage(activity, body))).toMatchObject({
        resultCode: '000002',
        message: `${name} is missing`,
      });
    },
  );

  test.each<[LicenseActivityName, string, unknown]>([
    ['refreshLicenseCode', 'scene', 'TRIAL_TO_FORMAL'],
    ['refreshLicenseCode', 'expireTime', '2026-10-01'],
    ['refreshLicenseCode', 'license', 7],
    ['refreshLicenseCode', 'license', 'x'.repeat(257)],
    ['updateLicenseCodeStatus', 'status', 'NORMAL'],
    ['getLicenseAsync', 'effectiveTime', '2025-09-01 10:30:15 CST'],
    ['getLicenseAsync', 'expireTime', 1_788_253_815_000],
    ['getLicenseAsync', 'deviceFingerprint', ['A']],
    ['releaseLicenseCode', 'testFlag', 'yes'],
  ])('%s with %s %j', (activity, name, value) => {
    const refusal = refused(() => parseLicenseMessage(activity, { ...LEAST[activity], [name]: value }));
    expect(refusal).toMatchObject({ resultCode: '000002', message: expect.stringContaining(`${name} must `) });
  });
});

test('only activities about licences are known, the codes of the first three being the licence key class', () => {
  expect(activities.filter(isLicenseActivity)).toEqual(activities);
  expect(
    ['getLicense', 'newInstance', 'constructor', undefined, ['releaseLicenseCode']].filter(isLicenseActivity),
  ).toEqual([]);
  expect(activities.map((activity) => LICENSE_ACTIVITIES[activity].keyClass)).toEqual([
    'license',
    'license',
    'license',
    'base',
  ]);
});

test('an application for a licence has result codes of its own', () => {
  expect(Object.keys(RESULT_CODES).filter((code) => code.startsWith('0009'))).toEqual([
    '000900',
    '000901',
    '000902',
    '000903',
  ]);
});
