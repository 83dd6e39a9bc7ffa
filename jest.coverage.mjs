import { globSync, readFileSync } from 'node:fs';
import { transformSync } from 'esbuild';
import base from './jest.config.mjs';

/** Files of types alone: there is nothing in them to run. */
const isTypes = (file) => transformSync(readFileSync(file, 'utf8'), { loader: 'ts' }).code.trim() === '';
const typesAlone = globSync('lib/**/*.ts', { cwd: import.meta.dirname }).filter((file) => isTypes(file));

/**
 * `npm run coverage`: how much of lib/ the tests in process reach, by V8's own count; below the threshold it fails.
 * What runs in processes of its own (the bundles, the local server, commands) is not counted, so it is left out.
 */
export default {
  ...base,
  testPathIgnorePatterns: [
    '/node_modules/',
    '/tests/(e2e|deploy|cli|console|dev|evidence|readme|types|browser)/',
    '/tests/build/',
  ],
  collectCoverage: true,
  coverageProvider: 'v8',
  collectCoverageFrom: ['lib/**/*.ts', ...typesAlone.map((file) => `!${file}`)],
  coverageDirectory: 'coverage',
  coverageReporters: ['text', 'text-summary', 'json-summary', 'json'],
  coverageThreshold: { global: { lines: 99, branches: 98 } },
};
