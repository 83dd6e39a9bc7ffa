/** Reasons for which a report is not taken. `later`: the same report may be taken after a while. */
export const USAGE_REFUSALS = {
  malformed: { later: false },
  'unknown-product': { later: false },
  'unknown-instance': { later: false },
  'not-open': { later: true },
  failed: { later: false },
  'not-on-demand': { later: false },
  'is-a-package': { later: false },
  'bad-time': { later: false },
  'empty-period': { later: false },
  future: { later: true },
  'too-old': { later: false },
  'before-opening': { later: false },
  'after-closing': { later: false },
  'bad-value': { later: false },
  'package-missing': { later: false },
  'unknown-package': { later: false },
  'not-a-package': { later: false },
  conflict: { later: false },
  overlap: { later: false },
} as const satisfies Record<string, { readonly later: boolean }>;

export type UsageRefusalCode = keyof typeof USAGE_REFUSALS;

/** A report that is not taken: an answer, not a defect. `reason` says what was wrong and what to do. */
export interface RefusedUsage {
  readonly outcome: 'refused';
  readonly code: UsageRefusalCode;
  readonly reason: string;
  /** True if the same report may be taken later. */
  readonly later: boolean;
}

export function refuse(code: UsageRefusalCode, reason: string): RefusedUsage {
  return { outcome: 'refused', code, reason, later: USAGE_REFUSALS[code].later };
}
