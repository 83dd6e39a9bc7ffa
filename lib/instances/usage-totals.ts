/** Usage of an instance: an attribute of its item, always written whole under the condition on `version`. */
export interface UsageTotals {
  readonly version: number;
  /** Decimal text: everything reported for an on-demand instance, or charged to a package. */
  readonly total: string;
  /** For a package: what was charged to it, by on-demand instance. */
  readonly byInstance?: Readonly<Record<string, string>>;
  /** End of the newest period counted. */
  readonly at: number;
  /** Records counted that may not be marked accepted yet: see lib/usage/totals.ts. */
  readonly counted: readonly string[];
}
