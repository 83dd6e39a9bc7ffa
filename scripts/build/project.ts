import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { Config } from '../../lib/config/config.ts';
import { CONFIG_FILE, findProject } from './roots.ts';

/** An installation: the folder that its settings lie in, and the settings. */
export interface Project {
  readonly root: string;
  readonly configFile: string;
  readonly config: Config;
}

/** Thrown where the settings cannot be read; its message says what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the settings of the installation at hand. They are bundled first, so that the seller's code may be written in
 * any way that esbuild takes, as it is for the functions; packages stay where they are.
 * @param configFile path of the settings; by default `koogate.config.ts` at or above the current folder, or the file that
 *   `KOOGATE_CONFIG` names.
 * @throws ConfigError
 */
export async function loadProject(configFile: string = findConfig()): Promise<Project> {
  if (!existsSync(configFile)) {
    throw new ConfigError(
      `There is no ${CONFIG_FILE} in ${dirname(configFile)} or above: run this in the folder of your shop, or make one ` +
        'with "npx koogate new <folder>".',
    );
  }
  const root = findProject(dirname(configFile));
  return { root, configFile, config: await importConfig(configFile, root) };
}

/** Path of the settings that count here. */
export function findConfig(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return env.KOOGATE_CONFIG || join(findProject(), CONFIG_FILE);
}

async function importConfig(configFile: string, root: string): Promise<Config> {
  const name = relative(process.cwd(), configFile);
  const folder = join(root, 'node_modules', '.koogate');
  const file = join(folder, `config-${process.pid}-${Date.now()}.mjs`);
  try {
    const { outputFiles } = await build({
      absWorkingDir: root,
      entryPoints: [configFile],
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node22',
      sourcemap: 'inline',
      write: false,
      logLevel: 'silent',
      plugins: [importMeta],
    });
    await mkdir(folder, { recursive: true });
    await writeFile(file, outputFiles[0]?.contents ?? '');
    const { default: config } = await import(pathToFileURL(file).href);
    if (config?.products instanceof Map) return config;
  } catch (error) {
    throw new ConfigError(`${name} cannot be read. ${sentenceOf(error)}`, { cause: error });
  } finally {
    await rm(file, { force: true });
  }
  throw new ConfigError(`${name} must export its settings: export default defineConfig({ … }).`);
}

/** Compiler errors with their place; other errors by their own message. */
function sentenceOf(error: unknown): string {
  const { errors, message } = Object(error) as { errors?: unknown; message?: unknown };
  if (!Array.isArray(errors)) return String(message ?? error);
  return errors
    .map(({ text, location }) => (location ? `${location.file}:${location.line}: ${text}` : String(text)))
    .join('\n');
}

/** Leaves each bundled file its own `import.meta.url`, `dirname` and `filename`. */
const importMeta: Plugin = {
  name: 'import-meta',
  setup({ onLoad }) {
    onLoad({ filter: /\.[cm]?[jt]sx?$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      if (!source.includes('import.meta')) return undefined;
      const contents = source
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.filename', JSON.stringify(path))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href));
      return { contents, loader: /tsx?$/.test(path) ? 'ts' : 'js' };
    });
  },
};
