import { hasSentence } from '../messages/index.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';

type Action = (args: readonly string[], terminal: Terminal) => Promise<number>;

/** Sub-commands on a table, each loaded when it is called. */
const ACTIONS: Readonly<Record<string, () => Promise<Action>>> = {
  create: async () => (await import('./table/create.ts')).createTable,
  migrate: async () => (await import('./table/create.ts')).migrateTable,
  index: async () => (await import('./table/fill-index.ts')).fillIndex,
  close: async () => (await import('./table/closing.ts')).close,
  copy: async () => (await import('./table/copy.ts')).copy,
  open: async () => (await import('./table/closing.ts')).open,
  check: async () => (await import('./table/check.ts')).checkEngine,
};

/** Makes and tends the table of an installation. */
export async function table(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name = '', ...rest] = args;
  const load = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (load !== undefined && !rest.includes('--help') && !rest.includes('-h')) return (await load())(rest, terminal);
  if (load === undefined && !args.includes('--help') && !args.includes('-h')) {
    throw new Problem('problem.table-needed', { given: name || '–', choices: Object.keys(ACTIONS).join(', ') });
  }
  const own = `help.table-${name}`;
  terminal.out(terminal.say(load !== undefined && hasSentence(own) ? own : 'help.table'));
  return EXIT.good;
}
