import { globSync, readFileSync } from 'node:fs';
import { transformSync } from 'esbuild';
import base from './jest.config.mjs';

/** Folders of tests whose subject runs in processes of its own: bundles, the local server, commands. */
export const OWN_PROCESSES = ['build', 'cli', 'console', 'deploy', 'dev', 'e2e', 'evidence', 'readme', 'types'];

/** Files of types alone: there is nothing in them to run. */
const isTypes = (file) => transformSync(readFileSync(file, 'utf8'), { loader: 'ts' }).code.trim() === '';
const typesAlone = globSync('lib/**/*.ts', { cwd: import.meta.dirname }).filter((file) => isTypes(file));

process.env.TEST_ENGINE ??= 'dynoxide,dynalite,postgres';

/**
 * `npm run coverage`: the tests in process, of all lanes and on three engines, and how much of lib/ they reach, by V8's own
 * count; below the threshold it fails.
 */
export default {
  ...base,
  testPathIgnorePatterns: [...base.testPathIgnorePatterns, `/tests/(${OWN_PROCESSES.join('|')})/`],
  collectCoverage: true,
  coverageProvider: 'v8',
  collectCoverageFrom: ['lib/**/*.ts', ...typesAlone.map((file) => `!${file}`)],
  coverageDirectory: 'coverage',
  coverageReporters: ['text', 'text-summary', 'json-summary', 'json'],
  coverageThreshold: { global: { lines: 99, branches: 98 } },
};
