import base from './jest.config.mjs';

/**
 * `npm run coverage`: how much of lib/ the tests in process reach, by V8's own count; below the threshold it fails.
 * What runs in processes of its own (the bundles, the local server, commands) is not counted, so it is left out.
 */
export default {
  ...base,
  testPathIgnorePatterns: [
    '/node_modules/',
    '/tests/(e2e|deploy|koogate|scripts|readme|types|browser)/',
    '/tests/bundle',
    '/tests/prove/',
  ],
  collectCoverage: true,
  coverageProvider: 'v8',
  collectCoverageFrom: ['lib/**/*.ts'],
  coverageDirectory: 'coverage',
  coverageReporters: ['text', 'json-summary', 'json'],
  coverageThreshold: { global: { lines: 95, branches: 95 } },
};
