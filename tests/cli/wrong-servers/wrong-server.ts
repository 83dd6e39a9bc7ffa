import type { ProductKind } from '../../../scripts/cli/certify/matrix.ts';
import { act } from '../reference/act.ts';
import type { Settings } from '../reference/settings.ts';

export interface WrongServer {
  /** What its developer did. */
  readonly name: string;
  readonly settings: () => Partial<Settings>;
  readonly kind: ProductKind;
  /** Which command catches it; certify unless told. */
  readonly by?: 'chaos';
  /** Names that the report has to hold: of findings, or of causes behind them. */
  readonly caught: readonly string[];
  /** What no page demands is shown, and fails nobody. */
  readonly advice?: true;
  /** Extra arguments. */
  readonly args?: readonly string[];
}

/** Changes what an activity does and leaves the rest alone. */
export const acting =
  (names: readonly string[], other: Settings['act']): Settings['act'] =>
  (activity, ...rest) =>
    (names.includes(activity) ? other : act)(activity, ...rest);
