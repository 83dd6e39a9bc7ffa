import type { Bench } from './bench.ts';

/** Figures that a probe has measured, by their names; names of times end in `Ms`. */
export type Figures = Readonly<Record<string, number | string>>;

/** Findings of a probe beside its verdict. */
export interface Observed {
  readonly figures?: Figures;
  readonly remark?: string;
  readonly warnings?: readonly string[];
}

/** One rule that KooGate relies on, and the requests that show whether an engine keeps it. */
export interface Probe {
  /** Stable name, in JSON and in the sentences `table-check.<id>`. */
  readonly id: string;
  /**
   * Tries the rule. Figures are shown; `remark` names a sentence about what the engine lacks and KooGate can do without;
   * `warnings` are sentences of the engine's own.
   * @throws Broken, or the engine's own error
   */
  try(bench: Bench): Promise<Observed | undefined>;
}

/** Makes a probe of a function that gives nothing back. */
export function probe(id: string, attempt: (bench: Bench) => Promise<unknown>): Probe {
  return {
    id,
    try: async (bench) => {
      await attempt(bench);
      return undefined;
    },
  };
}
