import { describe, expect, test } from '@jest/globals';
import { chaos, twoKeys } from './chaos-run.ts';

describe('koogate chaos', () => {
  test.each(['saas-v2', 'saas-v1', 'license-online', 'license-2', 'license-1', 'kit-v2', 'kit-v1', 'maas'])(
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
    const skipped = ['kit-repeats', 'kit-opposites', 'kit-many-users', 'one-key', 'replayed-key'];
    expect(others).toEqual(skipped.map((id) => [id, 'skipped']));
    expect(report.probes.find(({ id }) => id === 'retry-storm')?.did).toEqual({ '000000': 60 });
    expect(report.probes.length).toBeGreaterThan(20);
  });
});
