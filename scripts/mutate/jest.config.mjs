import { resolve } from 'node:path';
import base from '../../jest.config.mjs';

/** The tests that the mutants of one part are up against; main.ts says which folders. */
const folders = (process.env.MUTATE_TESTS ?? 'protocol,instances,middleware').split(',');

export default {
  ...base,
  rootDir: resolve(import.meta.dirname, '../..'),
  testMatch: folders.map((folder) => `<rootDir>/tests/${folder}/**/*.test.ts`),
  // Other programs as the other side of cryptography: slow, and they test nothing that the vectors do not.
  testPathIgnorePatterns: ['/node_modules/', 'oaep-java', 'oaep-openssl', 'vendor-signer'],
  maxWorkers: 1,
};
