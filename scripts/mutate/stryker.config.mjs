/** Mutation testing: `npm run mutate`, where main.ts names the files and the tests they are up against. */
export default {
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  jest: { configFile: 'scripts/mutate/jest.config.mjs', enableFindRelatedTests: true },
  coverageAnalysis: 'perTest',
  // TypeScript 7 has no JavaScript interface, with which Stryker would rewrite tsconfig.json; the copy does not need it.
  tsconfigFile: 'none',
  ignorePatterns: ['dist', '.local', '.serverless', 'coverage', 'docs', 'biome.json', 'scripts/*/node_modules'],
  tempDirName: '.local/stryker',
  // What runs while a module is loaded would need every test anew in a fresh process: minutes for each mutant.
  ignoreStatic: true,
  reporters: ['clear-text', 'progress-append-only', 'json'],
  jsonReporter: { fileName: '.local/mutate/report.json' },
  clearTextReporter: { allowColor: false, logTests: false, allowEmojis: false, reportTests: false },
  timeoutMS: 20_000,
  thresholds: { high: 95, low: 90, break: null },
};
