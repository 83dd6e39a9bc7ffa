import { SAMPLES_CONFIG } from '../../../scripts/dev/demo/stage.ts';
import { koogate } from '../desk.ts';

/** Runs an operator's command in this process, on the settings of the sample shop unless others are named. */
export async function operate(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly output: string }> {
  const { code, out, notes } = await koogate(args, { env: { KOOGATE_CONFIG: SAMPLES_CONFIG, ...env } });
  return { code, output: [out, notes].filter((text) => text !== '').join('\n') };
}
