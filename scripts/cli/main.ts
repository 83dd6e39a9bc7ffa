import { certify } from './commands/certify.ts';
import { chaos } from './commands/chaos.ts';
import { doctor } from './commands/doctor.ts';
import { keys } from './commands/keys.ts';
import { simulate } from './commands/simulate.ts';
import { newShop } from './new/new-shop.ts';
import { upgrade } from './new/upgrade.ts';
import { EXIT, Problem } from './terminal/problem.ts';
import { processTerminal, type Terminal } from './terminal/terminal.ts';

type Command = (args: readonly string[], terminal: Terminal) => Promise<number>;

const COMMANDS: Readonly<Record<string, Command>> = {
  simulate,
  certify,
  chaos,
  doctor,
  keys,
  new: newShop,
  upgrade,
};

/** Runs one command. @returns the process's exit code: 0 good, 1 something found, 2 asked wrongly */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const words = leadingOptionsLast(argv);
  const [name, ...args] = words;
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  try {
    if (command !== undefined) return await command(args, terminal);
    if (name === undefined || name.startsWith('-') || name === 'help') {
      terminal.out(terminal.say('help.main'));
      return name === undefined ? EXIT.usage : EXIT.good;
    }
    throw new Problem('problem.command', { given: name });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    terminal.note(`koogate: ${terminal.say(error.id, error.values)}`);
    return EXIT.usage;
  }
}

/** Lets `koogate --lang zh certify …` mean the same as `koogate certify … --lang zh`. */
function leadingOptionsLast(argv: readonly string[]): readonly string[] {
  if (argv[0] === '--lang' && argv.length > 2) return [...argv.slice(2), ...argv.slice(0, 2)];
  return argv;
}

/** The entry of the executable. */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(EXIT.good);
  });
  process.exitCode = await run(argv, processTerminal(argv));
}
