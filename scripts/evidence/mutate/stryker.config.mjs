/** Mutation testing: `npm run mutate`, where main.ts names the files and the tests they are up against. */
export default {
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  jest: { configFile: 'scripts/evidence/mutate/jest.config.mjs', enableFindRelatedTests: false },
  buildCommand: 'node scripts/evidence/mutate/bundle.mjs',
  coverageAnalysis: 'perTest',
  // TypeScript 7 has no JavaScript interface, with which Stryker would rewrite tsconfig.json; the copy does not need it.
  tsconfigFile: 'none',
  ignorePatterns: [
    'dist',
    '.local',
    '.serverless',
    'coverage',
    'docs',
    'biome.json',
    'scripts/evidence/*/node_modules',
  ],
  // Mutants that take effect while modules are loaded are up against every test: as many minutes as mutants.
  ignoreStatic: process.env.MUTATE_WHILE_LOADING !== 'true',
  tempDirName: '.local/stryker',
  reporters: ['clear-text', 'progress-append-only', 'json'],
  jsonReporter: { fileName: process.env.MUTATE_REPORT ?? '.local/mutate/report.json' },
  clearTextReporter: { allowColor: false, logTests: false, allowEmojis: false, reportTests: false },
  timeoutMS: 8_000,
  thresholds: { high: 95, low: 90, break: null },
};
