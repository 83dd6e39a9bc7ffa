/** Something the person at the desk can put right; `id` finds the sentence that says how. Ends the command with 2. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly id: string;
  readonly values: Readonly<Record<string, string | number>>;

  constructor(id: string, values: Readonly<Record<string, string | number>> = {}) {
    super(id);
    this.id = id;
    this.values = values;
  }
}

/** Ends of a command: all good, something found, asked wrongly. */
export const EXIT = { good: 0, found: 1, usage: 2 } as const;
