export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/tests/browser/'], // need Chromium: npm run test:browser
  transform: { '^.+\\.ts$': '<rootDir>/scripts/evidence/jest-esbuild.cjs' },
  testTimeout: 60_000,
  maxWorkers: 2,
  modulePathIgnorePatterns: ['<rootDir>/.local/', '<rootDir>/dist/'], // copies of this tree, while mutants run
  workerGracefulExitTimeout: 30_000, // one that is still there by then is held open by something, however busy the machine
};
