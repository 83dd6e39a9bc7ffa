/** Ends of a command: success, problems found, usage error. */
export const EXIT = { good: 0, found: 1, usage: 2 } as const;

/** Something the person at the terminal can put right; `id` finds the sentence that says how. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly id: string;
  readonly values: Readonly<Record<string, string | number>>;
  /** Exit code of the command. */
  readonly exit: number;

  constructor(id: string, values: Readonly<Record<string, string | number>> = {}, exit: number = EXIT.usage) {
    super(id);
    this.id = id;
    this.values = values;
    this.exit = exit;
  }
}
