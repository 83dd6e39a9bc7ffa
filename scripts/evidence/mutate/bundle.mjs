import { globSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/*
 * Makes one script of all test files and all that they import. A run of Jest then loads one file instead of hundreds,
 * which is most of the time that a mutant takes. MUTATE_TESTS names the folders of tests, separated by commas.
 */

const root = resolve(import.meta.dirname, '../../..');
const folders = (process.env.MUTATE_TESTS ?? 'tests/protocol').split(',');

/**
 * Other programs as the other side of cryptography: slow, and they test nothing that the vectors do not; and tests whose
 * subject runs in processes of its own, where no mutant is.
 */
const LEFT_OUT = /-java|oaep-openssl|vendor-signer|crash\.ci|pgbouncer|faults\.ci|isolate\.ci|over-http\.ci/;

/** CommonJS has no `import.meta`: each file gets what it would say. */
const importMeta = {
  name: 'import-meta',
  setup({ onLoad }) {
    onLoad({ filter: /\.m?[jt]s$/ }, ({ path }) => ({
      loader: 'ts',
      contents: readFileSync(path, 'utf8')
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.filename', JSON.stringify(path))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
    }));
  },
};

const files = folders
  .flatMap((folder) => globSync(`${folder}/**/*.test.ts`, { cwd: root }).toSorted())
  .filter((file) => !LEFT_OUT.test(file));

/*
 * A describe of its own for each file, so that what it does before all its tests is done for its tests alone; and only
 * files are loaded of which a test is asked for by name, for a mutant runs against the tests that reach it.
 */
const entry = `
const names = (globalThis.testNamePattern ?? '').replaceAll('\\\\', '');
const add = (file, load) => (names === '' || names.includes(file)) && describe(file, load);
${files.map((file) => `add(${JSON.stringify(file)}, () => void require(${JSON.stringify(`./${file}`)}));`).join('\n')}
`;

await build({
  stdin: { contents: entry, resolveDir: root },
  outfile: resolve(root, '.local/mutate/all.test.cjs'),
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  logLevel: 'error',
  keepNames: true, // tests count the table's commands by name
  external: ['@jest/globals', 'dynalite', 'esbuild'],
  plugins: [importMeta],
});
