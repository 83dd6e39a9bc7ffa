import { EXIT } from '../cli/problem.ts';
import type { Terminal } from '../cli/terminal.ts';

export async function chaos(_args: readonly string[], _terminal: Terminal): Promise<number> {
  return EXIT.usage;
}
