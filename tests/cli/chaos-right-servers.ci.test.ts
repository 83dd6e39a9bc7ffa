import { describe, expect, test } from '@jest/globals';
import { chaos, twoKeys } from './chaos-run.ts';

describe('koogate chaos', () => {
  test.each(['saas-v2', 'saas-v1', 'license-online', 'license-2', 'kit-v2'])(
    'finds nothing on a right server of %s',
    async (family) => {
      const { code, report } = await chaos({ keys: twoKeys }, '--family', family);
      expect(report.probes.filter(({ verdict }) => verdict === 'wrong')).toEqual([]);
      expect(code).toBe(0);
    },
  );

  test('answers every question where state can be seen and two keys are known', async () => {
    const { report } = await chaos({ keys: twoKeys });
    expect(report.probes.map(({ verdict }) => verdict).filter((verdict) => verdict !== 'right')).toEqual([]);
    expect(report.probes.find(({ id }) => id === 'retry-storm')?.did).toEqual({ '000000': 60 });
    expect(report.probes.length).toBeGreaterThan(20);
  });
});
