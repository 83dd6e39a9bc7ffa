import type { FamilyName } from '../../marketplace/calls/family.ts';
import type { CaseState, OpenApiCase } from '../open-api/cases.ts';
import { isForgeable } from './conduct/forgeries.ts';
import type { ConductResult } from './conduct/index.ts';
import { distinctFindings, type Finding } from './finding.ts';
import type { ProductKind } from './matrix.ts';
import type { CaseResult } from './rehearse.ts';
import { type Shown, shownBy } from './shown.ts';

/** Everything that a rehearsal brought to light. */
export interface Certification {
  readonly kind: ProductKind;
  readonly at: string;
  readonly seed: number;
  readonly orders: number;
  readonly madeAt: number;
  readonly cases: readonly CaseResult[];
  readonly conduct: readonly ConductResult[];
  /** Faults that would explain why everything is refused. */
  readonly suspects: readonly Finding[];
  /** Open APIs that the seller has to call, and which of them have been called from here. */
  readonly openApis: readonly CaseState[];
}

export interface Verdict {
  /** Name of the sentence. */
  readonly id: `verdict.${'ready' | 'ready-but' | 'not-ready' | 'unproven' | 'forgeable' | 'no-answer'}`;
  readonly count: number;
  readonly good: boolean;
}

/** Tells whether every sending of a case passed. */
export function casePassed({ runs }: CaseResult): boolean {
  return runs.length > 0 && runs.every(({ findings }) => findings.every(({ severity }) => severity !== 'fail'));
}

export function conductPassed({ findings }: ConductResult): boolean {
  return findings.every(({ severity }) => severity !== 'fail');
}

/** Nobody can be reached at all. */
export function silent({ cases }: Pick<Certification, 'cases'>): boolean {
  return cases.every(({ runs }) =>
    runs.every(({ exchange }) => exchange.outcome.kind === 'failure' && exchange.outcome.reason === 'no-connection'),
  );
}

/** Verdict that a seller wants to know first. A server that takes forged calls is never ready, whatever else it does. */
export function verdictOf(certification: Certification): Verdict {
  const { cases, conduct } = certification;
  if (silent(certification)) return { id: 'verdict.no-answer', count: 0, good: false };
  const forged = conduct.filter(({ findings }) => findings.some(({ id }) => isForgeable(id))).length;
  if (forged > 0) return { id: 'verdict.forgeable', count: forged, good: false };
  const failedRequired = cases.filter((one) => one.required.need === 'required' && !casePassed(one)).length;
  if (failedRequired > 0) return { id: 'verdict.not-ready', count: failedRequired, good: false };
  const open = shownIn(certification).filter(({ state }) => state === 'open').length;
  if (open > 0) return { id: 'verdict.unproven', count: open, good: false };
  const findings = allFindings(certification).filter(({ severity }) => severity === 'fail').length;
  return findings > 0
    ? { id: 'verdict.ready-but', count: findings, good: false }
    : { id: 'verdict.ready', count: 0, good: true };
}

/** Properties that the calls have shown, failed to show, or left open. */
export function shownIn({ cases, conduct }: Pick<Certification, 'cases' | 'conduct'>): Shown[] {
  return shownBy(cases, conduct);
}

/** All findings, failures first, each once. */
export function allFindings({ cases, conduct, suspects }: Certification): Finding[] {
  const list = [
    ...suspects,
    ...cases.flatMap(({ runs }) => runs.flatMap(({ findings }) => findings)),
    ...conduct.flatMap(({ findings }) => findings),
  ];
  return distinctFindings(list).sort((a, b) => Number(a.severity === 'warn') - Number(b.severity === 'warn'));
}

/** Open APIs that the seller has to have called before a product of the kind is published: no call from outside shows that. */
export function openApisFor(kind: ProductKind): readonly OpenApiCase[] {
  if (kind === 'license-2') return ['license-activate', 'license-query'];
  if (kind === 'license-online') return ['order', 'upload'];
  if (kind === 'order-notify' || kind === 'license-1' || kind === 'maas') return [];
  if (kind.startsWith('saas-v1')) return kind.endsWith('on-demand') ? ['usage'] : [];
  return kind.endsWith('on-demand') ? ['order', 'usage'] : ['order'];
}

export function familiesOf(cases: readonly { readonly family: FamilyName }[]): FamilyName[] {
  return [...new Set(cases.map(({ family }) => family))];
}
