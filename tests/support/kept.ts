import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Beside what is installed: no commit takes it along, and a clean installation clears it. */
const FOLDER = join(import.meta.dirname, '../../node_modules/.cache/koogate-tests');

/**
 * A text that takes long to make and may be the same in every test: made once for a checkout, then read from a file.
 * Of processes that make it at the same time, the first one's is used by all.
 */
export async function kept(file: string, make: () => string | Promise<string>): Promise<string> {
  return keptBefore(file) ?? keep(file, await make());
}

/** The same, made at once. */
export function keptSync(file: string, make: () => string): string {
  return keptBefore(file) ?? keep(file, make());
}

function keptBefore(file: string): string | undefined {
  try {
    return readFileSync(join(FOLDER, file), 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function keep(file: string, text: string): string {
  mkdirSync(FOLDER, { recursive: true, mode: 0o700 });
  const path = join(FOLDER, file);
  const own = `${path}.${process.pid}`;
  writeFileSync(own, text, { mode: 0o600 });
  try {
    linkSync(own, path); // as a whole, and never over another
    return text;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return readFileSync(path, 'utf8');
  } finally {
    rmSync(own);
  }
}

function codeOf(error: unknown): unknown {
  return (error as NodeJS.ErrnoException).code;
}
