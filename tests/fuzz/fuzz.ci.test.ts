import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Corpus, seeds } from './inputs.ts';
import { ROUTE } from './route.ts';
import { PARSERS, VERIFIERS } from './targets.ts';

const RUNS = 1_000;

test.each(Object.entries({ ...PARSERS, ...VERIFIERS }))(
  '%s: takes or refuses any input, and throws nothing else',
  (_, property) => {
    fc.assert(property, { numRuns: RUNS });
  },
);

test('the route answers any request, signed and within its bounds', async () => {
  await fc.assert(ROUTE, { numRuns: RUNS });
});

test.each<Corpus>(['body', 'query', 'v1-query', 'kit-body', 'time'])(
  'the corpus %s has seeds, none twice',
  (corpus) => {
    expect(seeds(corpus).length).toBeGreaterThan(7);
    expect(new Set(seeds(corpus)).size).toBe(seeds(corpus).length);
  },
);
