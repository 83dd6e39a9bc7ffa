import { describe, expect, test } from '@jest/globals';
import { usageInfoOf } from '../../lib/usage/usage-info.ts';

const at = Date.UTC(2025, 8, 1, 2);
const usage = { version: 3, total: '12.5', at, counted: [] };

describe('usage that queryInstance shows', () => {
  test('is the total of an on-demand instance, and zero before the first record', () => {
    expect(usageInfoOf({ chargingMode: 'ON_DEMAND', usage }, 0)).toEqual([
      { usageValue: 12.5, statisticalTime: '20250901020000000' },
    ]);
    expect(usageInfoOf({ chargingMode: 'ON_DEMAND' }, at)).toEqual([
      { usageValue: 0, statisticalTime: '20250901020000000' },
    ]);
  });

  test('is, for a package, what was charged to it, by on-demand instance', () => {
    const byInstance = { 'od-b': '2.5', 'od-a': '10', 'od-c': '1' };
    expect(usageInfoOf({ chargingMode: 'ON_DEMAND_PKG', usage: { ...usage, byInstance } }, 0)).toEqual([
      { relatedInstanceId: 'od-a', usageValue: 10, statisticalTime: '20250901020000000' },
      { relatedInstanceId: 'od-b', usageValue: 2.5, statisticalTime: '20250901020000000' },
      { relatedInstanceId: 'od-c', usageValue: 1, statisticalTime: '20250901020000000' },
    ]);
    expect(usageInfoOf({ chargingMode: 'ON_DEMAND_PKG' }, at)).toEqual([
      { usageValue: 0, statisticalTime: '20250901020000000' },
    ]);
  });

  test.each(['PERIOD', 'ONE_TIME', undefined])('is none of an instance that is charged %s', (chargingMode) => {
    expect(usageInfoOf(chargingMode === undefined ? {} : { chargingMode }, 0)).toBeUndefined();
  });
});
