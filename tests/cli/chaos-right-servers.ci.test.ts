import { describe, expect, test } from '@jest/globals';
import { chaos, twoKeys } from './chaos-run.ts';

describe('koogate chaos', () => {
  test.each(['saas-v2', 'saas-v1', 'license-online', 'license-2', 'kit-v2', 'maas'])(
    'finds nothing on a right server of %s',
    async (family) => {
      const { code, report } = await chaos({ keys: twoKeys }, '--family', family);
      expect(report.probes.filter(({ verdict }) => verdict === 'wrong')).toEqual([]);
      expect(code).toBe(0);
    },
  );

  test('answers every question where state can be seen and two keys are known', async () => {
    const { report } = await chaos({ keys: twoKeys });
    const others = report.probes.filter(({ verdict }) => verdict !== 'right').map(({ id, verdict }) => [id, verdict]);
    // Instances have no keys of customers.
    expect(others).toEqual(['one-key', 'replayed-key'].map((id) => [id, 'skipped']));
    expect(report.probes.find(({ id }) => id === 'retry-storm')?.did).toEqual({ '000000': 60 });
    expect(report.probes.length).toBeGreaterThan(20);
  });
});
