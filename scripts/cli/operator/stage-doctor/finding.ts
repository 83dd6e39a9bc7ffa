import type { Check } from '../../checks/check.ts';
import { hasSentence, type Say } from '../../messages/index.ts';
import { checkText } from '../../terminal/describe.ts';

/** Things that the doctor looks at, in the order in which it does. */
export const CHECKS = ['settings', 'secrets', 'keys', 'table', 'account', 'receivers', 'address', 'calls'] as const;

export type CheckName = (typeof CHECKS)[number];

/**
 * State of a finding. `todo`: somebody has to do something, and the command ends with 1. `advice`: worth doing, or worth
 * knowing. `unknown`: it could not be told, and nothing was guessed.
 */
export type FindingState = 'good' | 'todo' | 'advice' | 'unknown';

/** One thing that the doctor found; {@link findingTexts} has its words. */
export interface DoctorFinding {
  readonly check: CheckName;
  readonly state: FindingState;
  /** Name below the check, such as `certificate.ends`. */
  readonly name: string;
  readonly values: Readonly<Record<string, string | number>>;
  /** Checks of an answer that failed. */
  readonly checks?: readonly Check[];
}

type Values = DoctorFinding['values'];

/** Makes the findings of one check. */
export function findingsOf(check: CheckName) {
  const make =
    (state: FindingState) =>
    (name: string, values: Values = {}): DoctorFinding => ({ check, state, name, values });
  return { good: make('good'), todo: make('todo'), advice: make('advice'), unknown: make('unknown') };
}

/** Words of a finding. */
export interface FindingTexts {
  readonly text: string;
  /** Advice; absent where there is nothing to do. */
  readonly todo?: string;
}

/** Gives a finding's words in the reader's language. */
export function findingTexts(say: Say, { check, name, values, checks = [] }: DoctorFinding): FindingTexts {
  const id = `visit.${check}.${name}`;
  return {
    text: [say(id, values), checks.map((one) => checkText(say, one)).join('; ')].filter(Boolean).join(' '),
    ...(hasSentence(`${id}.do`) && { todo: say(`${id}.do`, values) }),
  };
}

/** Says that a check could not be made, with the cause in one line that holds no secret. */
export function causeOf(error: unknown): string {
  const { name, message, code } = Object(error) as { name?: string; message?: string; code?: string };
  const text = message && name !== 'Error' && name !== undefined ? `${name}: ${message}` : (message ?? code ?? name);
  return String(text || 'unknown cause')
    .split('\n')[0]
    ?.slice(0, 300) as string;
}
