import { type DoneCase, statesOf } from '../open-api/cases.ts';
import { Problem } from '../terminal/problem.ts';
import type { Target } from '../terminal/target.ts';
import { askConduct, askForgeries, benchOf, type ConductResult, conductCount } from './conduct/index.ts';
import type { Finding } from './finding.ts';
import { codeOf } from './finding.ts';
import { casesOf, type ProductKind } from './matrix.ts';
import { type CaseResult, rehearse } from './rehearse.ts';
import { findSuspect } from './suspects.ts';
import { type Certification, familiesOf, openApisFor, silent } from './verdict.ts';

export interface CertifyOptions {
  readonly seed: number;
  readonly orders: number;
  readonly now: number;
  readonly onStep: (label: string, done: number, total: number) => void;
  /** Open APIs that have been called from here; none unless given. */
  readonly done?: readonly DoneCase[];
}

/** Rehearses a product kind against a server: forged calls before anything else, its cases, the questions beyond them. */
export async function certifyServer(
  target: Target,
  kind: ProductKind,
  options: CertifyOptions,
): Promise<Certification> {
  const { seed, orders, now } = options;
  const required = casesOf(kind);
  if (target.publicKey === undefined && required.some(({ activity }) => activity === 'applicationSync')) {
    throw new Problem('problem.public-key-missing');
  }
  const families = familiesOf(required);
  const total = required.length * (2 + orders) + conductCount(families);
  let done = 0;
  const onStep = (label: string) => options.onStep(label, done++, total);
  const conduct: ConductResult[] = [];
  for (const family of families) conduct.push(...(await askForgeries(benchOf(target, family, false), onStep)));
  const cases = await rehearse(target, required, { seed, orders, onStep });
  const openApis = statesOf(openApisFor(kind), options.done ?? [], target.local?.id);
  const base = { kind, at: target.at, seed, orders, madeAt: now, cases, openApis };
  if (silent({ cases })) return { ...base, conduct: [], suspects: [] };
  const suspects: Finding[] = [];
  for (const family of families) {
    const mine = cases.filter((one) => one.required.family === family);
    const bench = benchOf(target, family, signs(mine));
    if (mine.every(refusedThroughout)) suspects.push(...(await findSuspect(bench, onStep)));
    else conduct.push(...(await askConduct(bench, onStep)));
  }
  options.onStep('', total, total);
  return { ...base, conduct, suspects };
}

/** Tells whether successes carry a signature, right or wrong. */
function signs(cases: readonly CaseResult[]): boolean {
  return cases.some(({ runs }) =>
    runs.some(({ exchange: { outcome } }) => outcome.kind === 'answer' && outcome.headers['body-sign'] !== undefined),
  );
}

/** Every call was turned away at the door. */
function refusedThroughout({ runs }: CaseResult): boolean {
  return runs.every(({ exchange }) => /^(000001|000002|HTTP 4\d\d)$/.test(codeOf(exchange)));
}
