import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile, type OutputFile, type Plugin } from 'esbuild';
import { factoryPath } from '../../handlers/factories.ts';
import { EVENT_STREAMS, hasFurtherClient } from './event-streams.ts';
import { lateStreams } from './late-streams.ts';
import { EXTENSION } from './roots.ts';

/** The deployed functions; each is made by the factory `<name>Function` of `handlers/<name>`. */
export const FUNCTIONS = ['produce', 'fulfil', 'login', 'meter', 'reconcile'] as const;

export type FunctionName = (typeof FUNCTIONS)[number];

/**
 * The one package that the bundles have in another form. The default credential chain brings profiles, SSO, STS and
 * instance metadata: more than a quarter of a bundle, for functions whose credentials are in their environment.
 */
const ALIASES = {
  '@aws-sdk/credential-provider-node': fileURLToPath(new URL(`environment-credentials${EXTENSION}`, import.meta.url)),
};

/** Form of all bundles. */
export const FORM = {
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node24',
  supported: { 'regexp-unicode-property-escapes': true }, // Node 24's, too: else each becomes a `new RegExp` at the start
  format: 'cjs',
  mainFields: ['module', 'main'],
  minify: true,
  sourcemap: 'external',
  sourcesContent: false,
  legalComments: 'none',
  charset: 'ascii', // one character beyond Latin-1 would make Node keep and read all of a file at twice the size
  logLevel: 'warning',
  metafile: true,
  write: false,
  alias: ALIASES,
} as const satisfies BuildOptions;

/** Functions to be bundled. */
export interface BundleOptions {
  /** Path of the settings that the functions are made with. */
  readonly configFile: string;
  /** Folder that the bundles are written to. */
  readonly outdir: string;
  readonly functions?: readonly FunctionName[];
}

/**
 * Bundles functions to `<outdir>/<name>.cjs`, each with the map of its sources beside it. A file is put in place whole,
 * and only if it changed, so that a local run and a package run at the same time do not disturb each other.
 *
 * The SDK's event streams, which DynamoDB has none of, come along only with a further client: in a single file they make
 * every cold start a tenth longer, since what they share with the rest can then not be loaded in one go.
 */
export async function bundle(options: BundleOptions): Promise<Metafile> {
  const whole = bundleOptions(options);
  const without = await build({ ...whole, external: [EVENT_STREAMS] });
  const { outputFiles, metafile } = hasFurtherClient(without.metafile) ? await build(whole) : without;
  writeOutputs(outputFiles);
  return metafile;
}

/**
 * Gives esbuild's options for the functions. CommonJS, because an ES module's import of `node:http` loads undici, which
 * costs a cold start 20 ms.
 */
export function bundleOptions({ configFile, outdir, functions = FUNCTIONS }: BundleOptions) {
  return {
    ...FORM,
    absWorkingDir: dirname(configFile),
    entryPoints: functions.map((name) => ({ in: `function:${name}`, out: name })),
    outdir,
    plugins: [entries(configFile), ownMapsOnly, leanManifests, lateStreams],
  } as const satisfies BuildOptions;
}

/** Bundles programs in the form of the functions, for those who try what a function can do. */
export async function bundlePrograms(options: {
  readonly programs: readonly string[];
  readonly outdir: string;
}): Promise<void> {
  const { programs, outdir } = options;
  writeOutputs((await build({ ...FORM, entryPoints: [...programs], outdir })).outputFiles);
}

/** Puts built files in place, those that changed. @returns their paths */
export function writeOutputs(outputFiles: readonly OutputFile[]): readonly string[] {
  return outputFiles.filter(({ path, contents }) => replace(path, contents)).map(({ path }) => path);
}

/** Makes the entry of each function: its factory, called with the installation's settings. */
function entries(configFile: string): Plugin {
  return {
    name: 'koogate-functions',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^function:/ }, ({ path }) => ({ path: path.slice(9), namespace: 'koogate-function' }));
      onLoad({ filter: /.*/, namespace: 'koogate-function' }, ({ path: name }) => ({
        contents: [
          `import config from ${JSON.stringify(configFile)};`,
          `import { ${name}Function } from ${JSON.stringify(factoryPath(name))};`,
          `export const handler = ${name}Function(config, process.env);`,
        ].join('\n'),
        resolveDir: dirname(configFile),
      }));
    },
  };
}

/** Keeps packages out of the maps: nobody looks for his mistake there, and they would be most of a map. */
export const ownMapsOnly: Plugin = {
  name: 'own-maps-only',
  setup({ onLoad }) {
    const empty = Buffer.from('{"version":3,"sources":[""],"mappings":"A"}').toString('base64');
    onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, async ({ path }) => ({
      contents: `${await readFile(path, 'utf8')}\n//# sourceMappingURL=data:application/json;base64,${empty}`,
      loader: 'default',
    }));
  },
};

/** Leaves nothing but the version of the manifests that packages read it from. */
const leanManifests: Plugin = {
  name: 'lean-manifests',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]node_modules[\\/].*[\\/]package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

function replace(path: string, contents: Uint8Array): boolean {
  if (existsSync(path) && readFileSync(path).equals(contents)) return false;
  mkdirSync(dirname(path), { recursive: true });
  const next = join(dirname(path), `.${process.pid}-${Date.now()}`);
  writeFileSync(next, contents);
  renameSync(next, path);
  return true;
}
