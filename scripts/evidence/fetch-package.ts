import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package of the registry that is fetched when somebody asks for it, and not installed: none of its scripts runs. */
export interface FetchedPackage {
  /** Name and exact version. */
  readonly spec: string;
  /** Hash of its archive, in base64. */
  readonly sha512: string;
  /** Folder that it is unpacked to, as `package/`. */
  readonly folder: string;
  /** Paths in the archive that are unpacked. */
  readonly paths: readonly string[];
}

/** Fetches and unpacks a package. @throws Error if its archive is another one than is expected */
export function fetchPackage({ spec, sha512, folder, paths }: FetchedPackage): void {
  mkdirSync(folder, { recursive: true });
  const args = ['pack', spec, '--json', '--pack-destination', folder];
  const [{ filename }] = JSON.parse(
    execFileSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  const archive = join(folder, filename);
  if (createHash('sha512').update(readFileSync(archive)).digest('base64') !== sha512) {
    throw new Error(`${archive} is not the archive that is expected; it is not run.`);
  }
  execFileSync('tar', ['xzf', archive, '-C', folder, ...paths]);
}
