import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Department, findTreeFault } from '../../../lib/protocol/kit/department.ts';

const department = (orgCode: string, parentCode: string): Department => ({ orgCode, orgName: orgCode, parentCode });

/** Departments 0 … n, each below an earlier one, below none, or below one that is not listed. */
const trees = fc.array(fc.nat(), { minLength: 1, maxLength: 40 }).chain((picks) => {
  const departments = picks.map((pick, i) => department(`d${i}`, i === 0 ? '' : parentOf(pick, i)));
  return fc.shuffledSubarray(departments, { minLength: departments.length });
});

function parentOf(pick: number, i: number): string {
  if (pick % 5 === 0) return '';
  return pick % 7 === 0 ? 'elsewhere' : `d${pick % i}`;
}

describe('a set of departments', () => {
  test('is sound as a tree, in any order', () => {
    fc.assert(fc.property(trees, (departments) => expect(findTreeFault(departments)).toBeUndefined()));
  });

  test('is refused with a ring in it, of any length, wherever it hangs', () => {
    fc.assert(
      fc.property(trees, fc.integer({ min: 2, max: 9 }), fc.nat(), (departments, length, seed) => {
        const ring = Array.from({ length }, (_, i) => department(`r${i}`, `r${(i + 1) % length}`));
        const tail = department('tail', `r${seed % length}`);
        const all = seed % 2 === 0 ? [...departments, ...ring, tail] : [tail, ...ring, ...departments];
        expect(findTreeFault(all)).toBe('holds departments that are parents of each other');
      }),
    );
  });

  test('is refused with a department twice, or below itself', () => {
    expect(findTreeFault([department('a', ''), department('b', 'a'), department('a', '')])).toMatch('twice');
    expect(findTreeFault([department('a', 'a')])).toMatch('own parent');
  });

  test('may be a chain of fifty thousand', () => {
    const chain = Array.from({ length: 50_000 }, (_, i) => department(`${i}`, i === 0 ? '' : `${i - 1}`));
    expect(findTreeFault(chain.toReversed())).toBeUndefined();
    expect(findTreeFault([...chain.slice(1), department('0', '49999')])).toMatch('parents of each other');
  });
});
