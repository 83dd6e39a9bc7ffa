import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { Problem } from '../cli/terminal/problem.ts';
import { savedSchema } from './forms.ts';
import type { CallForm, SavedCase } from './shapes.ts';

const fileSchema = v.object({ cases: v.array(savedSchema) });

/** Debugging cases as the seller console keeps them: what passed once is sent again for ever. */
export interface Cases {
  list(): readonly SavedCase[];
  add(form: CallForm): SavedCase;
  /** @throws Problem */
  find(id: string): SavedCase;
  remove(id: string): void;
}

/** Keeps the cases in a file of the data folder. */
export function createCases(file: string, clock: () => number): Cases {
  const list = (): readonly SavedCase[] => {
    if (!existsSync(file)) return [];
    const parsed = v.safeParse(fileSchema, readJsonFile(file));
    if (!parsed.success) throw new Problem('page.problem.cases-file', { file });
    return parsed.output.cases;
  };
  return {
    list,
    add(form) {
      const saved = { ...form, id: randomUUID(), savedAt: clock() };
      write(file, [...list(), saved]);
      return saved;
    },
    find(id) {
      const found = list().find((one) => one.id === id);
      if (found === undefined) throw new Problem('page.problem.no-case');
      return found;
    },
    remove: (id) =>
      write(
        file,
        list().filter((one) => one.id !== id),
      ),
  };
}

/** Undefined if the file is no JSON; the shape is checked afterwards. */
function readJsonFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** In place as a whole: a half-written file would lose all cases. */
function write(file: string, cases: readonly SavedCase[]): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const next = `${file}.${process.pid}`;
  writeFileSync(next, `${JSON.stringify({ cases }, null, 2)}\n`, { mode: 0o600 });
  renameSync(next, file);
}
