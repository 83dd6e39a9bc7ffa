import { signedCurl, TEST_PURCHASE } from '../../dev/local/announce.ts';
import { findRun } from '../../dev/local/run-file.ts';
import { readSettings } from '../../dev/local/settings.ts';
import { COMMON, readArguments } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';

const OPTIONS = { ...COMMON, product: { type: 'string' } } as const;

/** Prints a `curl` command with a call signed just now, for the KooGate that runs on the data folder. */
export async function curl(args: readonly string[], { say, out, env }: Terminal): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS);
  if (values.help) {
    out(say('help.curl'));
    return EXIT.good;
  }
  const { data } = readSettings(env);
  const run = findRun(data);
  if (run === undefined) throw new Problem('problem.not-running', { data });
  const products = run.products ?? [];
  const known = products.map(({ name }) => name);
  const product = values.product ?? (known.includes('demo') ? 'demo' : known[0]) ?? '';
  if (!products.some(({ id, name }) => name === product || id === product)) {
    throw new Problem('problem.product', { given: product, choices: known.join(', ') });
  }
  const [text] = positionals;
  out(signedCurl(run, product, text === undefined ? TEST_PURCHASE : parse(text)));
  return EXIT.good;
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below, as for JSON of another kind.
  }
  throw new Problem('problem.message', { given: text });
}
