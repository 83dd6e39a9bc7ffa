import { run } from '../../scripts/cli/main.ts';
import { speaker } from '../../scripts/cli/messages/index.ts';
import type { Terminal } from '../../scripts/cli/terminal/terminal.ts';
import { COMMANDS } from '../../scripts/koogate.ts';
import { localeOf } from '../../scripts/language/locale.ts';

/** A folder in which nothing lies and nothing runs, whatever does in the checkout. */
const NO_DATA = '/nowhere/koogate';

/** What a command left behind. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly notes: string;
}

/** Runs a command in this process and keeps what it says. */
export async function koogate(
  args: readonly string[],
  { stdin = '', env = {} as Record<string, string> } = {},
): Promise<Ran> {
  const out: string[] = [];
  const notes: string[] = [];
  const locale = args.includes('--lang') ? (args[args.indexOf('--lang') + 1] === 'zh' ? 'zh' : 'en') : localeOf(env);
  const terminal: Terminal = {
    locale,
    say: speaker(locale),
    out: (text) => out.push(text),
    note: (text) => notes.push(text),
    progress: () => undefined,
    paint: (_, text) => text,
    stdin: () => Promise.resolve(stdin),
    env: { KOOGATE_DATA: NO_DATA, ...env },
    clock: Date.now,
  };
  const code = await run(args, terminal, COMMANDS);
  return { code, out: out.join('\n'), notes: notes.join('\n') };
}

/** `--key class=value` for each key. */
export function keyArguments(keys: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.entries(keys).flatMap(([name, list]) => list.flatMap((key) => ['--key', `${name}=${key}`]));
}
