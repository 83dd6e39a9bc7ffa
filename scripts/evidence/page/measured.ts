import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../../dev/local/settings.ts';

/** Files of results that the page is made of; each is written by the command of its name alone. */
export const SOURCES = ['bench', 'prove', 'mutate', 'coverage'] as const;
export type Source = (typeof SOURCES)[number];

/** One result as its command wrote it, with all that a reader of the page has to know. */
export interface Measured {
  /** Part of the command that can be run by itself. */
  readonly group: string;
  /** The figure or statement, in English; the only one of its name in the file. */
  readonly title: string;
  readonly value: string;
  readonly goal?: string;
  readonly verdict: string;
  readonly ours?: string;
  readonly beside?: string;
  readonly note?: string;
  /** Command that measures it anew. */
  readonly command: string;
  /** ISO 8601. */
  readonly date: string;
  readonly machine: string;
}

/** Everything that is known, by its source. */
export type Evidence = Readonly<Record<Source, readonly Measured[]>>;

const fileOf = (source: Source) => join(ROOT, `docs/proof/${source}.json`);

/** Reads what the commands wrote last; nothing of a source that has not been measured yet. */
export function readEvidence(): Evidence {
  const all = SOURCES.map((source) => {
    const file = fileOf(source);
    const rows: readonly Measured[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
    return [source, rows] as const;
  });
  return Object.fromEntries(all) as unknown as Evidence;
}

/** Keeps new results in the place of those of the same groups. @param groups all groups, in the order of the page */
export function keepMeasured(source: Source, now: readonly Measured[], groups: readonly string[]): void {
  const file = fileOf(source);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(merged(readEvidence()[source], now, groups), undefined, 2)}\n`);
}

/** The new results over the earlier ones: groups that were not measured again keep theirs, groups that are no more go. */
export function merged(
  earlier: readonly Measured[],
  now: readonly Measured[],
  groups: readonly string[],
): readonly Measured[] {
  const isNew = new Set(now.map(({ group }) => group));
  const all = [...earlier.filter(({ group }) => !isNew.has(group)), ...now];
  return groups.flatMap((group) => all.filter((row) => row.group === group));
}
