import base from './jest.config.mjs';

/** The lane of `npm test`: what its file name does not put into the lane of `.ci/run` alone. */
export default {
  ...base,
  testPathIgnorePatterns: [...base.testPathIgnorePatterns, '\\.ci\\.test\\.ts$'],
  testSequencer: '<rootDir>/scripts/evidence/jest-order.cjs',
};
