import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { printsHelp } from '../language/npm-help.ts';
import { bundle } from './bundle.ts';
import { buildPackages } from './packages.ts';
import { loadProject } from './project.ts';

if (printsHelp('build')) process.exit();

/**
 * `npm run build`: the functions' bundles below `dist/`, and both packages, compiled with their declarations, below
 * `dist/packages/`; `--bundles` leaves the packages out, `--meta` also writes what the bundles are made of.
 */
const { root, configFile } = await loadProject();
const metafile = await bundle({ configFile, outdir: join(root, 'dist') });
for (const file of Object.keys(metafile.outputs).filter((name) => name.endsWith('.cjs'))) {
  const code = readFileSync(join(root, file));
  const [plain, compressed] = [code, gzipSync(code, { level: 9 })].map(({ length }) => Math.round(length / 1_000));
  console.log(`${file}  ${plain} KB, ${compressed} KB gzip`);
}
if (!process.argv.includes('--bundles')) {
  for (const { name, folder } of buildPackages(join(root, 'dist/packages'))) {
    console.log(`${relative(root, folder)}  the package ${name}`);
  }
}
if (process.argv.includes('--meta')) writeFileSync(join(root, 'dist/meta.json'), JSON.stringify(metafile));
