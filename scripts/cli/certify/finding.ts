import { sourceOf } from '../checks/sources.ts';
import type { Exchange } from '../conversation.ts';
import type { Cause } from '../doctor/cause.ts';

/** Something about a server that is not as it should be; `id` finds the sentence. */
export interface Finding {
  readonly id: string;
  /** A `warn` is where the documents are silent or contradict each other. */
  readonly severity: 'fail' | 'warn';
  readonly values?: Readonly<Record<string, string | number>>;
  readonly causes?: readonly Cause[];
}

/** A finding about what a page of the marketplace demands; a remark where none does. */
export function found(id: string, values?: Finding['values'], causes?: readonly Cause[]): Finding {
  return {
    id,
    severity: sourceOf(id) === undefined ? 'warn' : 'fail',
    ...(values && { values }),
    ...(causes && causes.length > 0 && { causes }),
  };
}

export function remark(id: string, values?: Finding['values']): Finding {
  return { id, severity: 'warn', ...(values && { values }) };
}

/** Whatever the checks of a call found. */
export function findingsOf({ judgement }: Exchange): Finding[] {
  return judgement.checks
    .filter(({ state }) => state !== 'ok')
    .map(({ id, state, values, causes }) => ({
      id: `check.${id}.${state}`,
      severity: state === 'fail' ? 'fail' : 'warn',
      ...(values && { values }),
      ...(causes && { causes }),
    }));
}

/** The answer's result code, or what came instead of one. */
export function codeOf({ outcome, judgement }: Exchange): string {
  if (outcome.kind === 'failure') return outcome.reason;
  const code = judgement.members?.resultCode;
  return typeof code === 'string' ? code : `HTTP ${outcome.status}`;
}

/** Findings without repeats: the same sentence about the same thing counts once. */
export function distinctFindings(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, Finding>();
  for (const finding of findings) {
    const name = JSON.stringify([finding.id, finding.values, finding.causes]);
    if (!seen.has(name)) seen.set(name, finding);
  }
  return [...seen.values()];
}
