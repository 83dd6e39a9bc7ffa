import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { awsParts } from './aws-parts.ts';
import { PACKAGE_ROOT } from './roots.ts';

/*
 * The two packages, made from this repository and always of one version. `koogate` is what functions and programs import:
 * lib/, handlers/ and what `koogate/testing` needs of the marketplace's side. `koogate-dev` is what an engineer runs:
 * scripts/ but the evidence. It imports the first as `koogate/internal/…`, which is no public interface and therefore
 * pinned exactly.
 */

/** Folders of the repository that become the package `koogate`. */
const LIBRARY = /^(lib|handlers|scripts\/(marketplace|testing))\//;

/** Files beside the compiled modules that the commands need. */
const ASSETS = [
  'scripts/cli/new/templates',
  'serverless.yml',
  ...['index.html', 'page.css', 'deployed.css', 'icon.svg'].map((name) => `scripts/console/page/${name}`),
];

/** Packages of ours whose binaries the commands run without importing them. */
const RUN_BY_NAME = ['serverless', 'serverless-offline', 'esbuild'];

/** Type declarations that the declarations of `koogate` refer to. */
const DECLARED_BY = ['@types/aws-lambda'];

interface Manifest {
  readonly version: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

/** A package that was built: its folder, ready to be packed. */
export interface BuiltPackage {
  readonly name: string;
  readonly folder: string;
}

/**
 * Compiles the repository and lays out both packages below a folder.
 * @param version another than that of `package.json`, to try what an upgrade does
 * @throws Error with what the compiler said, or naming an import that no dependency explains
 */
export function buildPackages(folder: string, version?: string): readonly BuiltPackage[] {
  rmSync(folder, { recursive: true, force: true });
  const compiled = join(folder, 'compiled');
  compile(compiled);
  const own: Manifest = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8'));
  const root = version === undefined ? own : { ...own, version };
  const files = filesBelow(compiled);
  const library = lay(
    folder,
    'koogate',
    compiled,
    files.filter((file) => LIBRARY.test(file)),
  );
  const tools = lay(
    folder,
    'koogate-dev',
    compiled,
    files.filter((file) => !LIBRARY.test(file)),
  );
  copyAssets(tools);
  writeManifest(library, libraryManifest(root, library));
  writeManifest(tools, toolsManifest(root, tools));
  rmSync(compiled, { recursive: true });
  return [
    { name: 'koogate', folder: library },
    { name: 'koogate-dev', folder: tools },
  ];
}

/** Writes the tarballs `<name>-<version>.tgz` into a folder. @returns their paths */
export function packPackages(packages: readonly BuiltPackage[], out: string): readonly string[] {
  mkdirSync(out, { recursive: true });
  return packages.map(({ folder }) => {
    const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', resolve(out)];
    const { status, stdout, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`npm pack failed in ${folder}:\n${stderr}`);
    const [{ filename }] = JSON.parse(stdout);
    return join(out, filename);
  });
}

/** Emits JavaScript and declarations of all but the evidence and the console's page, which is bundled when it is served. */
function compile(outDir: string): void {
  mkdirSync(outDir, { recursive: true });
  const path = join(outDir, 'tsconfig.json');
  const config = {
    extends: join(PACKAGE_ROOT, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      outDir,
      rootDir: PACKAGE_ROOT,
      declaration: true,
      rewriteRelativeImportExtensions: true,
      typeRoots: [join(PACKAGE_ROOT, 'node_modules/@types')],
    },
    include: ['lib', 'handlers', 'scripts'].map((name) => join(PACKAGE_ROOT, name)),
    exclude: ['scripts/evidence', 'scripts/console/page', 'scripts/cli/new/templates'].map((name) =>
      join(PACKAGE_ROOT, name),
    ),
  };
  writeFileSync(path, JSON.stringify(config));
  const tsc = join(PACKAGE_ROOT, 'node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', path], { encoding: 'utf8' });
  rmSync(path);
  if (status !== 0) throw new Error(`The packages cannot be compiled:\n${stdout}`);
  for (const file of programsOf(PACKAGE_ROOT)) {
    mkdirSync(dirname(join(outDir, file)), { recursive: true });
    cpSync(join(PACKAGE_ROOT, file), join(outDir, file));
  }
}

/** Modules that are JavaScript already: what runs before the version of Node is known, and what Serverless loads. */
function programsOf(root: string): readonly string[] {
  return filesBelow(join(root, 'scripts'))
    .map((file) => join('scripts', file))
    .filter((file) => file.endsWith('.mjs') && !/^scripts\/(evidence|cli\/new\/templates)\//.test(file));
}

/** Copies compiled files into a package, with imports that lead where the files now are. @returns its folder */
function lay(folder: string, name: string, compiled: string, files: readonly string[]): string {
  const target = join(folder, name);
  for (const file of files) {
    const path = join(target, 'dist', file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, relink(file, readFileSync(join(compiled, file), 'utf8')));
  }
  for (const file of ['README.md', 'README.zh-CN.md', 'LICENSE', 'CHANGELOG.md']) {
    if (existsSync(join(PACKAGE_ROOT, file))) cpSync(join(PACKAGE_ROOT, file), join(target, file));
  }
  return target;
}

const SPECIFIER = /((?:\bfrom|\bimport)\s*\(?\s*)(['"])(\.{1,2}\/[^'"\n]+?)\.(?:ts|js)\2/g;

/** Relative imports of TypeScript become those of JavaScript; those that leave `koogate-dev` name the other package. */
function relink(file: string, text: string): string {
  return text.replace(SPECIFIER, (_, head: string, quote: string, path: string) => {
    const target = join(dirname(file), path);
    const leaves = LIBRARY.test(target) && !LIBRARY.test(file);
    return `${head}${quote}${leaves ? `koogate/internal/${target}` : path}.js${quote}`;
  });
}

function copyAssets(folder: string): void {
  for (const asset of ASSETS) {
    const from = join(PACKAGE_ROOT, asset);
    if (existsSync(from)) cpSync(from, join(folder, 'dist', asset), { recursive: true });
  }
  bundleConsolePage(folder);
  copyDeployment(folder);
}

/** Script of the console's page, in one file: its sources refer to TypeScript that the package does not have. */
function bundleConsolePage(folder: string): void {
  buildSync({
    entryPoints: [join(PACKAGE_ROOT, 'scripts/console/page/main.ts')],
    outfile: join(folder, 'dist/scripts/console/page/script.js'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'error',
  });
}

/** The YAML that a shop's `serverless.yml` includes, the parts of this repository's own included; and what servers need. */
function copyDeployment(folder: string): void {
  const target = join(folder, 'deploy/aws');
  cpSync(join(PACKAGE_ROOT, 'deploy/aws'), target, { recursive: true });
  const parts = awsParts(readFileSync(join(PACKAGE_ROOT, 'serverless.yml'), 'utf8'));
  for (const [name, text] of Object.entries(parts)) writeFileSync(join(target, name), text);
  cpSync(join(PACKAGE_ROOT, 'deploy/huawei'), join(folder, 'deploy/huawei'), { recursive: true });
}

function libraryManifest(root: Manifest, folder: string): object {
  const entry = (module: string) => ({ types: `./dist/${module}.d.ts`, default: `./dist/${module}.js` });
  return {
    ...common(root, 'koogate'),
    description: "The seller's side of Huawei Cloud Marketplace (KooGallery): functions, settings, open APIs, protocol",
    sideEffects: false,
    exports: {
      '.': entry('handlers/index'),
      './gateway': entry('lib/gateway/index'),
      './open-api': entry('lib/open-api/index'),
      './protocol': entry('lib/protocol/index'),
      './testing': entry('scripts/testing/index'),
      './internal/*.js': { types: './dist/*.d.ts', default: './dist/*.js' },
      './package.json': './package.json',
    },
    dependencies: versionsOf(root, [...importsOf(folder), ...DECLARED_BY]),
  };
}

function toolsManifest(root: Manifest, folder: string): object {
  const imported = importsOf(folder).filter((name) => name !== 'koogate' && name !== 'serverless');
  return {
    ...common(root, 'koogate-dev'),
    description: 'The command koogate: local system, console, checks, packaging and operation for sellers with KooGate',
    bin: { koogate: './dist/scripts/bin.mjs' },
    exports: {
      './serverless': './dist/scripts/dev/serverless-plugin.mjs',
      './package.json': './package.json',
    },
    dependencies: sorted({ koogate: root.version, ...versionsOf(root, [...imported, ...RUN_BY_NAME]) }),
    optionalDependencies: root.optionalDependencies,
  };
}

/** Node that the packages run on; the checkout itself also installs on Node 20, since it brings a newer one. */
const ENGINES = { node: '>=22.18' };

function common({ version, license }: Manifest, name: string): object {
  return { name, version, license, type: 'module', engines: ENGINES };
}

/** Packages that the modules of a package import, in code or in declarations. */
function importsOf(folder: string): readonly string[] {
  const files = filesBelow(join(folder, 'dist')).filter((file) => !/\/(page|templates)\//.test(file));
  const { metafile } = buildSync({
    absWorkingDir: join(folder, 'dist'),
    entryPoints: files.filter((file) => /\.m?js$/.test(file)),
    outdir: 'never-written',
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    metafile: true,
    write: false,
    logLevel: 'error',
  });
  const inCode = Object.values(metafile.outputs).flatMap(({ imports }) =>
    imports.filter(({ external }) => external).map(({ path }) => path),
  );
  const inTypes = files
    .filter((file) => file.endsWith('.d.ts'))
    .flatMap((file) => [...readFileSync(join(folder, 'dist', file), 'utf8').matchAll(DECLARED_IMPORT)])
    .map(([, name = '']) => name);
  const names = [...inCode, ...inTypes].filter((name) => !isBuiltin(name)).map(packageOf);
  return [...new Set(names)].filter((name) => name !== 'aws-lambda'); // types alone: @types/aws-lambda
}

const DECLARED_IMPORT = /^(?:import|export)\b[^'"\n]*\bfrom ['"]([^.'"][^'"]*)['"];$/gm;

function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Exact versions of packages, as the repository has them. @throws Error for one that it does not depend on */
function versionsOf(root: Manifest, names: readonly string[]): Record<string, string> {
  const known = { ...root.devDependencies, ...root.dependencies, ...root.optionalDependencies };
  return sorted(
    Object.fromEntries(
      names.map((name) => {
        const version = known[name];
        if (version === undefined) throw new Error(`"${name}" is imported, and package.json does not depend on it.`);
        return [name, version];
      }),
    ),
  );
}

function sorted(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function writeManifest(folder: string, manifest: object): void {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
}
