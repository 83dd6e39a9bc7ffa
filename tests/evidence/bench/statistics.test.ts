import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { measuredOf } from '../../../scripts/evidence/bench/proof.ts';
import { goalText, judged, mergedRows, summary, table, valueText } from '../../../scripts/evidence/bench/report.ts';
import { median, quantile, ratiosOf, spreadOf, verdictOf } from '../../../scripts/evidence/bench/statistics.ts';

const numbers = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1 });

describe('the median', () => {
  test('is the value in the middle, or lies between the two', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  test('has as many values below as above, in whatever order they come', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const middle = median(values);
        expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(values.length / 2);
        expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(values.length / 2);
        expect(median(values.toReversed())).toBe(middle);
      }),
    );
  });

  test('is not disturbed by a round in which the machine was busy', () => {
    expect(median([1, 1, 1, 1, 1, 1, 1, 1, 1_000])).toBe(1);
  });

  test('of nothing is an error, not a number', () => {
    expect(() => median([])).toThrow('no value');
  });
});

test('the spread is the middle half around the median', () => {
  expect(spreadOf([1, 2, 3, 4, 5])).toEqual({ median: 3, low: 2, high: 4 });
  expect(quantile([10, 20], 0.25)).toBe(12.5);
});

describe('ratios', () => {
  test('are taken round by round, so that a slow round slows both sides', () => {
    expect(ratiosOf([1, 10, 1], [2, 20, 2])).toEqual([0.5, 0.5, 0.5]);
  });

  test('of rows that do not belong together are refused', () => {
    expect(() => ratiosOf([1], [1, 2])).toThrow('rounds');
  });
});

describe('a verdict', () => {
  test.each([
    [0.25, { atMost: 0.25 }, 'met'],
    [0.251, { atMost: 0.25 }, 'missed'],
    [0.6, { atMost: 0.7, stretch: 0.6 }, 'stretch met'],
    [0.65, { atMost: 0.7, stretch: 0.6 }, 'met'],
    [0.71, { atMost: 0.7, stretch: 0.6 }, 'missed'],
    [2, { atLeast: 2 }, 'met'],
    [1.99, { atLeast: 2 }, 'missed'],
    [0, { atMost: 0 }, 'met'],
    [1, { atMost: 0 }, 'missed'],
    [Number.NaN, { atMost: 1 }, 'missed'],
    [7, undefined, 'not judged'],
  ] as const)('on %p with the goal %p is "%s"', (value, goal, verdict) => {
    expect(verdictOf(value, goal)).toBe(verdict);
  });
});

describe('the report', () => {
  const rows = [
    { figure: 'good', value: 0.2, spread: [0.19, 0.21], goal: { atMost: 0.25 }, ours: '1 ms', theirs: '5 ms' },
    { figure: 'bad', value: 1, goal: { atLeast: 2 }, ours: '1/s', theirs: '1/s', note: 'because' },
  ] as const;

  const judgedRows = rows.map((row) => judged(row, 'group', '2026-11-21T23:00:00.000Z'));

  test('keeps the rows of groups that were not measured again, in the order of the groups', () => {
    const row = (group: string, figure: string) => ({ ...judged(rows[0], group, ''), figure });
    const merged = mergedRows([row('b', 'old b'), row('a', 'old a')], [row('b', 'new b')], ['a', 'b']);
    expect(merged.map(({ figure }) => figure)).toEqual(['old a', 'new b']);
  });

  test('shows value, spread and goal of each figure in a line of its own', () => {
    expect(valueText(rows[0])).toBe('0.200 (0.190–0.210)');
    expect(valueText(rows[1])).toBe('1');
    expect(goalText({ atMost: 0.7, stretch: 0.6 })).toBe('≤ 0.7 (0.6)');
    expect(goalText({ atLeast: 2 })).toBe('≥ 2');
    expect(goalText(undefined)).toBe('–');
    const lines = table(judgedRows).split('\n');
    expect(lines).toHaveLength(4);
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  });

  test('counts nothing for or against a figure without a goal', () => {
    const unjudged = judged({ figure: 'micro', value: 9, ours: '9 µs', theirs: '1 µs' }, 'group', '');
    expect(summary([...judgedRows, unjudged])).toBe(summary(judgedRows));
  });

  test('names what was missed, and why', () => {
    expect(summary(judgedRows)).toBe('missed: bad: 1, the goal is ≥ 2; because\n1 of 2 goals met');
  });

  test('is kept for the page with its command, and a quick run is told as one', () => {
    const machine = { cpu: 'CPU', cores: 2, memoryGB: 8, platform: 'linux x64', node: 'v24', load: 1 };
    const [good, bad] = measuredOf(judgedRows, { quick: true, machine });
    expect(good).toMatchObject({ title: 'good', value: '0.200 (0.190–0.210)', goal: '≤ 0.25', verdict: 'met' });
    expect(bad).toMatchObject({ note: 'because', command: 'npm run bench -- --quick --only group' });
    expect(bad?.machine).toMatch(/^CPU, 2 cores, 8 GB/);
  });
});
