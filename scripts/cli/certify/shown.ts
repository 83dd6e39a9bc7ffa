import { familyNamed } from '../../marketplace/calls/families.ts';
import type { FamilyName } from '../../marketplace/calls/family.ts';
import { isForgeable } from './conduct/forgeries.ts';
import type { ConductResult } from './conduct/index.ts';
import type { Finding } from './finding.ts';
import type { CaseResult } from './rehearse.ts';

/*
 * Properties that a server has to have shown before it is called ready. Each is shown by calls that a server without it
 * would answer wrongly; what was never asked is never taken for granted.
 */

export const PROPERTIES = ['authentication', 'idempotency', 'isolation', 'life-cycle'] as const;

export type Property = (typeof PROPERTIES)[number];

export interface Shown {
  readonly property: Property;
  /** `beyond`: nothing that the families of the product answer would tell. */
  readonly state: 'shown' | 'failed' | 'open' | 'beyond';
  /** Number of calls that would have told a server without it. */
  readonly calls: number;
}

/** Questions whose answers tell something about a property. */
const TELLING: Readonly<Record<Property, RegExp>> = {
  authentication:
    /^(forged-|(wrong-key|tampered-body|tampered-value|no-signature|no-token|other-class|own-key|verifies-first)$)/,
  idempotency: /^two-lines$/,
  isolation: /^(leaves-nothing|after-test-release)$/,
  'life-cycle': /^(unknown-instance|unknown-change)$/,
};

interface Telling {
  readonly calls: number;
  readonly findings: readonly Finding[];
}

/** Reads from a rehearsal which properties were shown, and by how many calls. */
export function shownBy(cases: readonly CaseResult[], conduct: readonly ConductResult[]): Shown[] {
  const families = [...new Set(cases.map(({ required }) => required.family))];
  return PROPERTIES.map((property) => {
    const telling: Telling[] = conduct
      .filter(({ id }) => TELLING[property].test(id))
      .map(({ exchanges, findings }) => ({ calls: exchanges.length, findings }));
    if (property === 'idempotency') telling.push(...repeats(cases));
    const calls = telling.reduce((sum, one) => sum + one.calls, 0);
    const fails = ({ id, severity }: Finding) =>
      severity === 'fail' && (property !== 'authentication' || isForgeable(id));
    const failed = telling.some(({ findings }) => findings.some(fails));
    if (failed) return { property, state: 'failed', calls };
    if (calls > 0) return { property, state: 'shown', calls };
    return { property, state: families.some((family) => needs(property, family)) ? 'open' : 'beyond', calls };
  });
}

/** Every sending of a case after the first is a repeat. */
function repeats(cases: readonly CaseResult[]): Telling[] {
  return cases.flatMap(({ runs }) => runs.slice(1).map(({ findings }) => ({ calls: 1, findings })));
}

/** Tells whether calls of a family can show a property from outside. */
function needs(property: Property, family: FamilyName): boolean {
  const { activities } = familyNamed(family);
  if (property === 'isolation') return Boolean(activities.newInstance ?? activities.releaseLicenseCode);
  return property !== 'life-cycle' || activities.newInstance !== undefined;
}
