import type { Attributes } from '../expressions/paths.ts';
import type { Placeholders } from '../expressions/placeholders.ts';
import { conditionOf, placeholders, refuseUnused } from './given.ts';
import type { Input } from './read-command.ts';

/** Leaves items out of a page after they have been read. */
export interface Filter {
  /** Placeholders that the filter has. */
  readonly used: ReadonlySet<string>;
  keeps(item: Attributes): boolean;
}

/** Reads a filter; one that keeps everything if there is none. @throws ValidationException */
export function readFilter({ FilterExpression: text }: Input, given: Placeholders): Filter {
  if (text === undefined) return { used: new Set(), keeps: () => true };
  const { used, holds } = conditionOf(text);
  return { used, keeps: (item) => holds(item, given) };
}

/** Reads a scan, which is a filter alone. @throws ValidationException for what lies outside the portable subset */
export function readScan(input: Input): Filter {
  const given = placeholders(input);
  const filter = readFilter(input, given);
  refuseUnused(given, filter.used);
  return filter;
}
