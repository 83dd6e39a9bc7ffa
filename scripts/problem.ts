/** What the person at the terminal can put right: the sentence alone is printed, without a stack. */
export class Problem extends Error {
  override readonly name = 'Problem';
}

/** Runs a command's main function; a problem ends it with one sentence, a defect with its stack. */
export async function main(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    console.error(error instanceof Problem ? error.message : error);
    process.exitCode = 1;
  }
}
