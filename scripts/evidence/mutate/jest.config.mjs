import { join, resolve } from 'node:path';

/** The one file that bundle.mjs makes of the tests. */
export default {
  rootDir: resolve(import.meta.dirname, '../../..'),
  testEnvironment: join(import.meta.dirname, 'environment.cjs'),
  roots: ['<rootDir>/.local/mutate'],
  testMatch: ['<rootDir>/.local/mutate/all.test.cjs'],
  transform: {},
  testTimeout: 20_000,
  maxWorkers: 1,
};
