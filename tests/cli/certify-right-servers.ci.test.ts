import { describe, expect, test } from '@jest/globals';
import { PRODUCT_KINDS } from '../../scripts/cli/certify/matrix.ts';
import { certify, QUICK_KINDS } from './certify-run.ts';

describe('koogate certify', () => {
  test.each(PRODUCT_KINDS.filter((kind) => !QUICK_KINDS.includes(kind)))(
    'a right server is ready for %s, and nothing is found',
    async (kind) => {
      const { code, report } = await certify({}, kind, '--orders', '2');
      expect(report.findings).toEqual([]);
      expect(report.verdict.id).toBe('verdict.ready');
      expect(report.cases.every(({ runs }) => runs.length === 4)).toBe(true);
      expect(code).toBe(0);
    },
  );
});
