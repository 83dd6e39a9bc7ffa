import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { printsHelp } from '../language/npm-help.ts';
import { buildPackages, packPackages } from './packages.ts';
import { PACKAGE_ROOT } from './roots.ts';

if (printsHelp('pack')) process.exit();

/** `npm run pack -- --out DIR`: writes the tarballs of both packages into a folder, `dist/packages` unless another is named. */
const { values } = parseArgs({ options: { out: { type: 'string', default: join(PACKAGE_ROOT, 'dist/packages') } } });
console.log('Compiling …');
const packages = buildPackages(join(PACKAGE_ROOT, 'dist/packages'));
console.log('Packing …');
for (const tarball of packPackages(packages, values.out)) console.log(relative(process.cwd(), tarball));
