import base from './jest.config.mjs';

/** The tests that drive a real browser: one after the other, since each waits for what a person would see. */
export default {
  ...base,
  testMatch: ['<rootDir>/tests/browser/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
  maxWorkers: 1,
};
