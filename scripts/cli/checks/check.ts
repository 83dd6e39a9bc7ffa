import type { Cause } from '../doctor/cause.ts';

/** One thing looked at in an answer. `warn` does not fail the call: the documents are silent or contradict each other. */
export interface Check {
  readonly id: string;
  readonly state: 'ok' | 'fail' | 'warn';
  /** Values for the sentence's places. */
  readonly values?: Readonly<Record<string, string | number>>;
  /** Causes that the doctor has found. */
  readonly causes?: readonly Cause[];
}

export const ok = (id: string, values?: Check['values']): Check => ({ id, state: 'ok', ...(values && { values }) });
export const fail = (id: string, values?: Check['values']): Check => ({ id, state: 'fail', ...(values && { values }) });
export const warn = (id: string, values?: Check['values']): Check => ({ id, state: 'warn', ...(values && { values }) });

/** `ok` under the name itself, `fail` under the name of what is wrong. */
export function judge(good: boolean, id: string, values?: Check['values']): Check {
  return good ? ok(id, values) : fail(id, values);
}

/** Failed if any check failed; warnings pass. */
export function passed(checks: readonly Check[]): boolean {
  return checks.every(({ state }) => state !== 'fail');
}

export type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
