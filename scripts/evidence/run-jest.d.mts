/**
 * Runs Jest with the arguments.
 * @param options another program in Jest's place, and where its standard error goes
 * @returns its exit code, or 1 if all tests passed and Jest had to kill one of its processes
 */
export function runJest(
  args: readonly string[],
  options?: { readonly program?: string; readonly say?: (text: string) => void },
): Promise<number>;
