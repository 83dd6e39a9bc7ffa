import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../build/roots.ts';
import { Problem } from '../../dev/problem.ts';
import { fetchPackage } from '../fetch-package.ts';

/*
 * Lambda's runtime interface client, AWS's own. It is fetched and not installed: its install script builds curl from source,
 * and would fail `npm ci` on every machine without a compiler. The rehearsal needs its one file of JavaScript alone.
 */

const SPEC = 'aws-lambda-ric@4.0.2';
const SHA512 = 'FE5Vskx7mYNnqAnWWJXUOsLp2VGgdsJsCoRLFTa8L4Yk0QVtArqR8q58yPA++QC1a73ZWJXBQ2AH31nIAv7NOQ==';

/** Gives the path of the runtime interface client, fetching it the first time. @throws Problem if it cannot be fetched */
export function runtimeClient(): string {
  const folder = join(PACKAGE_ROOT, '.local', 'lambda');
  const file = join(folder, 'package', 'index.mjs');
  if (existsSync(file)) return file;
  try {
    fetchPackage({ spec: SPEC, sha512: SHA512, folder, paths: ['package/index.mjs', 'package/LICENSE'] });
  } catch (error) {
    throw new Problem(`${SPEC} cannot be fetched from the registry: ${error instanceof Error ? error.message : error}`);
  }
  return file;
}
