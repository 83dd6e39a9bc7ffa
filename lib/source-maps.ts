import { readFileSync } from 'node:fs';
import type { SourceMap } from 'node:module';

/** Rewrites the frames of a stack. */
export type StackMapper = (stack: string) => string;

/** A frame's place: an absolute path of a bundle, its line and column. */
const PLACE = /(?:file:\/\/)?(\/[^\s():]+\.cjs):(\d+):(\d+)/g;

/**
 * Leads stacks from a bundle's line back to the file it was made of, by the map beside the bundle. A map is read when
 * the first error of its bundle is described: Node's own switch for that reads every map at start, which a cold start
 * would pay for. Frames without a map stay as they are.
 */
export function createSourceMapper(read: (path: string) => string = (path) => readFileSync(path, 'utf8')): StackMapper {
  const maps = new Map<string, SourceMap | undefined>();
  const mapOf = (file: string): SourceMap | undefined => {
    if (!maps.has(file)) maps.set(file, parse(read, `${file}.map`));
    return maps.get(file);
  };
  return (stack) =>
    stack.replace(PLACE, (place, file: string, line: string, column: string) => {
      const entry = mapOf(file)?.findEntry(Number(line) - 1, Number(column) - 1);
      if (entry === undefined || !('originalSource' in entry)) return place;
      return `${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    });
}

function parse(read: (path: string) => string, path: string): SourceMap | undefined {
  try {
    const { SourceMap: Reader } = process.getBuiltinModule('node:module'); // loaded no earlier than the first error
    return new Reader(JSON.parse(read(path)));
  } catch {
    return undefined; // no map, or none that can be read: the bundle's own places will do
  }
}
