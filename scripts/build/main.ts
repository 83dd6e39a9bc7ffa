import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundle } from './bundle.ts';
import { loadProject } from './project.ts';

/** `npm run build`: the functions' bundles below `dist/`; `--meta` also writes what they are made of. */
const { root, configFile } = await loadProject();
const metafile = await bundle({ configFile, outdir: join(root, 'dist') });
for (const file of Object.keys(metafile.outputs).filter((name) => name.endsWith('.cjs'))) {
  const code = readFileSync(join(root, file));
  const [plain, compressed] = [code, gzipSync(code, { level: 9 })].map(({ length }) => Math.round(length / 1_000));
  console.log(`${file}  ${plain} KB, ${compressed} KB gzip`);
}
if (process.argv.includes('--meta')) writeFileSync(join(root, 'dist/meta.json'), JSON.stringify(metafile));
