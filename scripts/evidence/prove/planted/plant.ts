import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PACKAGE_ROOT } from '../../../build/roots.ts';
import type { Bug } from './bugs.ts';

/**
 * Plants a bug in this thread, for whatever is loaded from now on; no file is changed.
 * @throws Error while loading, if the text that the bug replaces is not there exactly once
 */
export function plant({ file, from, to, what }: Bug): void {
  const target = pathToFileURL(join(PACKAGE_ROOT, file)).href;
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (url !== target) return loaded;
      return { ...loaded, source: withBug(String(loaded.source), { file, from, to, what }) };
    },
  });
}

/** The source with the bug in it. @throws Error if it has no place for it */
export function withBug(source: string, { file, from, to, what }: Bug): string {
  const [before, after, ...more] = source.split(from);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`${file} does not hold once what "${what}" replaces: mend the bug, as the code has changed.`);
  }
  return `${before}${to}${after}`;
}
