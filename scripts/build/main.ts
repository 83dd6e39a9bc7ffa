import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.ts';
import { loadProject } from './project.ts';

/** `npm run build`: the functions' bundles below `dist/`; `--meta` also writes what they are made of. */
const { root, configFile } = await loadProject();
const metafile = await bundle({ configFile, outdir: join(root, 'dist') });
for (const [file, { bytes }] of Object.entries(metafile.outputs)) {
  if (file.endsWith('.cjs')) console.log(`${file}  ${Math.round(bytes / 1024)} KB`);
}
if (process.argv.includes('--meta')) writeFileSync(join(root, 'dist/meta.json'), JSON.stringify(metafile));
