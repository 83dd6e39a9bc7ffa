import { Problem as LocalProblem } from '../dev/problem.ts';
import { localized, type Sentence } from '../language/sentence.ts';
import { EXIT, Problem } from './terminal/problem.ts';
import { processTerminal, type Terminal } from './terminal/terminal.ts';

/** Code of a sub-command. @returns the process's exit code */
export type Command = (args: readonly string[], terminal: Terminal) => Promise<number>;

/** Sub-commands by name. */
export type Commands = Readonly<Record<string, { readonly summary: Sentence; readonly load: () => Promise<Command> }>>;

/** Runs one command. @returns the process's exit code: 0 success, 1 problems found, 2 usage error */
export async function run(argv: readonly string[], terminal: Terminal, commands: Commands): Promise<number> {
  const [name, ...args] = leadingOptionsLast(argv);
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  try {
    if (command !== undefined) return await (await command.load())(args, terminal);
    if (name === undefined || name.startsWith('-') || name === 'help') {
      terminal.out(terminal.say('help.main', { commands: listOf(commands, terminal) }));
      return name === undefined ? EXIT.usage : EXIT.good;
    }
    throw new Problem('problem.command', { given: name, choices: Object.keys(commands).join(', ') });
  } catch (error) {
    return failed(error, terminal);
  }
}

/** Says what a person can put right. @throws the error if it is a defect */
function failed(error: unknown, { say, note, locale }: Terminal): number {
  if (error instanceof Problem) {
    note(`koogate: ${say(error.id, error.values)}`);
    return error.exit;
  }
  if (error instanceof LocalProblem) {
    note(localized(locale, error.sentence));
    return EXIT.found;
  }
  const { name, message, $metadata } = Object(error);
  if (name === 'CredentialsProviderError') {
    note(`koogate: ${say('problem.aws-credentials')}`);
    return EXIT.usage;
  }
  if (/^Table(Unfit|Unavailable)$|^(OutcomeUnknown|SecretsUnavailable)$/.test(String(name))) {
    note(`koogate: ${message}`);
    return EXIT.found;
  }
  if ($metadata === undefined) throw error;
  note(`koogate: ${say('problem.aws', { name, message })}`);
  return EXIT.found;
}

function listOf(commands: Commands, { locale }: Terminal): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  return Object.entries(commands)
    .map(([name, { summary }]) => `  ${name.padEnd(width)}  ${localized(locale, summary)}`)
    .join('\n');
}

/** Lets `koogate --lang zh certify …` mean the same as `koogate certify … --lang zh`. */
function leadingOptionsLast(argv: readonly string[]): readonly string[] {
  if (argv[0] === '--lang' && argv.length > 2) return [...argv.slice(2), ...argv.slice(0, 2)];
  return argv;
}

/** Runs the executable. */
export async function main(argv: readonly string[], commands: Commands): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(EXIT.good);
  });
  process.exitCode = await run(argv, processTerminal(argv), commands);
}
