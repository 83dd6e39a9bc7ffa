import { describe, expect, test } from '@jest/globals';
import {
  isLicense1Activity,
  type License1ActivityName,
  parseLicense1Message,
} from '../../../lib/protocol/v1/license-messages.ts';
import { refused } from '../../support/refused.ts';

const expireTime = '20261001155959';

/** The least that each call may hold. */
const LEAST: Record<License1ActivityName, Record<string, string>> = {
  getLicense: { customerId: 'c-1', orderId: 'o-1' },
  refreshLicense: { instanceId: 'i-1', orderId: 'o-2', expireTime },
  expireLicense: { instanceId: 'i-1' },
  releaseLicense: { instanceId: 'i-1', orderId: 'o-1' },
};
const activities = Object.keys(LEAST) as License1ActivityName[];

describe('License 1.0', () => {
  test.each(activities)('%s is read, unknown parameters ignored', (activity) => {
    const parameters = { ...LEAST[activity], testFlag: '1', unknown: 'x' };
    const { expireTime: _, ...ids } = LEAST[activity];
    expect(parseLicense1Message(activity, parameters)).toMatchObject({ activity, testFlag: true, ...ids });
  });

  test('times become milliseconds', () => {
    const expected = Date.UTC(2026, 9, 1, 15, 59, 59);
    expect(parseLicense1Message('refreshLicense', LEAST.refreshLicense).expireTime).toBe(expected);
    expect(parseLicense1Message('getLicense', { ...LEAST.getLicense, expireTime }).expireTime).toBe(expected);
  });

  test.each(activities.flatMap((activity) => Object.keys(LEAST[activity]).map((name) => [activity, name] as const)))(
    '%s without %s is refused',
    (activity, name) => {
      const { [name]: _, ...parameters } = LEAST[activity];
      expect(refused(() => parseLicense1Message(activity, parameters))).toMatchObject({
        resultCode: '000002',
        message: `${name} is missing`,
      });
    },
  );

  test('only its own activities are known', () => {
    expect(activities.filter(isLicense1Activity)).toEqual(activities);
    expect(
      ['getLicenseAsync', 'newInstance', 'constructor', ['getLicense'], undefined].filter(isLicense1Activity),
    ).toEqual([]);
  });
});
