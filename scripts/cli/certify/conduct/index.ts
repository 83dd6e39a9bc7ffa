import { familyNamed } from '../../../marketplace/calls/families.ts';
import type { Family, FamilyName } from '../../../marketplace/calls/family.ts';
import type { Target } from '../../terminal/target.ts';
import { distinctFindings, type Finding } from '../finding.ts';
import type { Bench, Conduct, Conducted } from './bench.ts';
import { ACTIVITY_CONDUCT, BODY_CONDUCT } from './bodies.ts';
import { forgeriesOf } from './forgeries.ts';
import { CLASS_CONDUCT, KIT_CONDUCT } from './kit.ts';
import { SIGNATURE_CONDUCT } from './signatures.ts';
import { STATE_CONDUCT } from './state.ts';
import { TOKEN_CONDUCT } from './tokens.ts';

/** Result of one question. */
export interface ConductResult extends Conducted {
  readonly id: string;
  readonly family: FamilyName;
  readonly findings: readonly Finding[];
}

/** The debugging call of a family that is varied: the first that changes least. */
const PROBE: Readonly<Record<FamilyName, string>> = {
  'saas-v2': 'newInstance',
  'saas-v1': 'newInstance',
  'kit-v2': 'tenantSync',
  'kit-v1': 'tenantSync',
  'license-2': 'updateLicenseCodeStatus',
  'license-online': 'newInstance',
  'license-1': 'getLicense',
  'order-notify': 'orderNotify',
  maas: 'applyApikey',
};

/** The questions that a family is asked. */
function conductOf({ name, scheme }: Family): readonly Conduct[] {
  const state = STATE_CONDUCT[name] ?? [];
  if (scheme === 'token') return [...TOKEN_CONDUCT, ...state];
  if (scheme === 'token-header') return KIT_CONDUCT.filter(({ id }) => id !== 'departments-as-text');
  if (scheme === 'headers') return [...SIGNATURE_CONDUCT, ...BODY_CONDUCT, ...KIT_CONDUCT];
  return [...SIGNATURE_CONDUCT, ...BODY_CONDUCT, ...ACTIVITY_CONDUCT, CLASS_CONDUCT, ...state];
}

export function conductCount(families: readonly FamilyName[]): number {
  const questions = families.map(familyNamed).flatMap((one) => [...forgeriesOf(one.scheme), ...conductOf(one)]);
  return questions.length;
}

export function benchOf(target: Target, name: FamilyName, signs: boolean): Bench {
  return { target, family: familyNamed(name), activity: PROBE[name], signs };
}

/** Tries to have forged calls carried out. */
export function askForgeries(bench: Bench, onStep: (id: string) => void): Promise<ConductResult[]> {
  return askAll(forgeriesOf(bench.family.scheme), bench, onStep);
}

/** Asks a server everything else about a family. */
export function askConduct(bench: Bench, onStep: (id: string) => void): Promise<ConductResult[]> {
  return askAll(conductOf(bench.family), bench, onStep);
}

async function askAll(
  questions: readonly Conduct[],
  bench: Bench,
  onStep: (id: string) => void,
): Promise<ConductResult[]> {
  const results: ConductResult[] = [];
  for (const { id, ask } of questions) {
    onStep(id);
    const { exchanges, findings } = await ask(bench);
    results.push({ id, family: bench.family.name, exchanges, findings: distinctFindings(findings) });
  }
  return results;
}
