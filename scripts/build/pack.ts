import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPackages, packPackages } from './packages.ts';
import { PACKAGE_ROOT } from './roots.ts';

/** `npm run pack -- --out DIR`: writes the tarballs of both packages into a folder, `dist/packages` unless another is named. */
const { values } = parseArgs({ options: { out: { type: 'string', default: join(PACKAGE_ROOT, 'dist/packages') } } });
console.log('Compiling …');
const packages = buildPackages(join(PACKAGE_ROOT, 'dist/packages'));
console.log('Packing …');
for (const tarball of packPackages(packages, values.out)) console.log(relative(process.cwd(), tarball));
