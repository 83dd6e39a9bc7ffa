import { type Bench, Broken } from './bench.ts';
import { DOCUMENTS } from './documents.ts';
import { playLife } from './life.ts';
import { type Observed, type Probe, probe } from './probe.ts';
import { RACES } from './races.ts';
import { READS } from './reads.ts';
import { twin } from './twin.ts';
import { VALUES } from './values.ts';
import { WRITES } from './writes.ts';

/** The rules that KooGate relies on, the plain ones first, since the later ones rest on them. */
export const PROBES: readonly Probe[] = [
  ...WRITES,
  ...DOCUMENTS,
  ...VALUES,
  ...READS,
  ...RACES,
  probe('life', ({ table, run }) => playLife(twin(table), run)),
];

/** Result of one probe; `broken` says how the rule is broken, `error` what the engine refused to do. */
export interface Finding extends Observed {
  readonly id: string;
  readonly passed: boolean;
  readonly broken?: { readonly request: string; readonly expected: string; readonly found: string };
  readonly error?: string;
}

/** Tries probes one after the other; `done` hears of each. Never throws on an engine's account. */
export async function tryProbes(
  bench: Bench,
  probes: readonly Probe[] = PROBES,
  done: (finding: Finding) => void = () => {},
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const each of probes) {
    const finding = await tryOne(bench, each);
    findings.push(finding);
    done(finding);
  }
  return findings;
}

async function tryOne(bench: Bench, { id, try: attempt }: Probe): Promise<Finding> {
  try {
    return { id, passed: true, ...(await attempt(bench)) };
  } catch (error) {
    if (error instanceof Broken) {
      const { request, expected, found } = error;
      return { id, passed: false, broken: { request, expected, found } };
    }
    const { name = 'Error', message = String(error) } = Object(error);
    return { id, passed: false, error: `${name}: ${message}` };
  }
}
