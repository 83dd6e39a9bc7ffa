import { expect, test } from '@jest/globals';
import { Refusal } from '../../lib/protocol/refusal.ts';

test('a refusal shows in a log as what it is', () => {
  const refusal = new Refusal('000003', 'no such instance');
  expect(refusal).toBeInstanceOf(Error);
  expect(refusal).toMatchObject({ name: 'Refusal', resultCode: '000003', message: 'no such instance' });
  expect(String(refusal)).toBe('Refusal: no such instance');
});

test('a refusal holds no stack, while a defect after it does', () => {
  expect(new Refusal('000003', 'no such instance').stack).not.toContain('    at ');
  expect(new Error('defect').stack).toContain('    at ');
});
