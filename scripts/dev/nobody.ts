import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** User and group that a program runs as which refuses to be root: nobody. */
export const NOBODY = { uid: 65_534, gid: 65_534 } as const;

/** Folder for what root has in places that nobody else may enter, such as a home of its own. */
const SHARED = '/var/lib/koogate';

/** Says whether this process is root's. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * Gives a folder that the user nobody can reach: the folder itself, or one beside the system's other data that stands for it.
 */
export function reachableFolder(folder: string): string {
  const path = resolve(folder);
  if (!isRoot() || isReachable(dirname(path))) return path;
  return join(SHARED, nameOf(path));
}

/**
 * Gives a folder of programs that the user nobody can run: the folder itself, or a copy of it.
 * @param version tells copies apart
 */
export function runnableFolder(folder: string, version: string): string {
  const path = resolve(folder);
  if (!isRoot() || isReachable(path)) return path;
  const copy = join(SHARED, `${version}`);
  if (existsSync(copy)) return copy;
  const unfinished = `${copy}.${process.pid}`;
  mkdirSync(SHARED, { recursive: true, mode: 0o755 });
  cpSync(path, unfinished, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(unfinished, copy);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(copy)) throw error; // another process has just made it
  }
  return copy;
}

/** Says whether others may pass through a folder and all above it. */
function isReachable(folder: string): boolean {
  for (let path = folder; ; path = dirname(path)) {
    if (existsSync(path) && (statSync(path).mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

function nameOf(path: string): string {
  return `${basename(path)}-${createHash('sha256').update(path).digest('hex').slice(0, 12)}`;
}
