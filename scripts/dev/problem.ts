import type { Sentence } from '../language/sentence.ts';

/** Something the person at the terminal can put right: the sentence alone is printed, without a stack. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly chinese: string;

  constructor(english: string, chinese: string = english) {
    super(english);
    this.chinese = chinese;
  }

  /** The sentence in both languages. */
  get sentence(): Sentence {
    return [this.message, this.chinese];
  }
}

/**
 * Runs a command's main function; a problem ends it with one sentence, a defect with its stack.
 * @param help printed for `--help`, and beside the sentence about an option that is not known
 */
export async function main(run: () => Promise<void>, help?: string): Promise<void> {
  if (help !== undefined && process.argv.slice(2).some((word) => word === '--help' || word === '-h')) {
    console.log(help);
    return;
  }
  try {
    await run();
  } catch (error) {
    const isMisspelt = error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
    if (isMisspelt) console.error([error.message, ...(help === undefined ? [] : [help])].join('\n'));
    else console.error(error instanceof Problem ? error.message : error);
    process.exitCode = 1;
  }
}
