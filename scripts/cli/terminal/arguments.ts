import { type ParseArgsConfig, parseArgs } from 'node:util';
import { Problem } from './problem.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Options that every command takes. */
export const COMMON = {
  help: { type: 'boolean', short: 'h' },
  json: { type: 'boolean' },
  lang: { type: 'string' },
  'no-color': { type: 'boolean' },
} as const satisfies Options;

/** Options of commands that call a server. */
export const TARGET = {
  at: { type: 'string' },
  product: { type: 'string' },
  key: { type: 'string', multiple: true },
  secrets: { type: 'string' },
  'private-key': { type: 'string' },
  'public-key': { type: 'string' },
  insecure: { type: 'boolean' },
  'body-sign': { type: 'string' },
} as const satisfies Options;

/** Reads a command's arguments. @throws Problem naming what is not understood */
export function readArguments<Config extends Options>(args: readonly string[], options: Config) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw misread(String(Object(error).message ?? error));
  }
}

/** Messages of the engine about options, each with the sentence that says the same in the reader's language. */
const MISREADINGS = [
  [/^Unknown option '(-[^']*)'/, 'problem.option'],
  [/^Option '([^']*?)(?: <value>)?' argument (?:missing|is ambiguous)/, 'problem.option-value'],
  [/^Option '([^']*)' does not take an argument/, 'problem.option-flag'],
] as const;

function misread(message: string): Problem {
  for (const [pattern, id] of MISREADINGS) {
    const [, option] = pattern.exec(message) ?? [];
    if (option !== undefined) return new Problem(id, { option });
  }
  // The engine goes on about how to pass positionals that look like options; its first sentence will do.
  return new Problem('problem.arguments', { detail: message.split('. ')[0] ?? '' });
}

/** A whole number of at least `least`. @throws Problem */
export function readNumber(name: string, text: string | undefined, fallback: number, least = 0): number {
  if (text === undefined) return fallback;
  const number = Number(text);
  if (!Number.isInteger(number) || number < least) throw new Problem('problem.number', { name, least });
  return number;
}

/** One of a list. @throws Problem naming the list */
export function readChoice<Choice extends string>(
  name: string,
  text: string | undefined,
  choices: readonly Choice[],
): Choice | undefined {
  if (text === undefined) return undefined;
  const choice = choices.find((one) => one === text);
  if (choice === undefined) throw new Problem('problem.choice', { name, given: text, choices: choices.join(', ') });
  return choice;
}

/** `name=text` pairs, or `name:=json` for numbers, lists and objects. @throws Problem */
export function readParameters(given: readonly string[] = []): Record<string, unknown> {
  const parameters: Record<string, unknown> = {};
  for (const pair of given) {
    const [, name, mark, value] = /^([^=:]+)(:?=)(.*)$/s.exec(pair) ?? [];
    if (name === undefined || value === undefined) throw new Problem('problem.parameter', { given: pair });
    parameters[name] = mark === '=' ? value : parseJson(value, pair);
  }
  return parameters;
}

function parseJson(text: string, given: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem('problem.parameter-json', { given });
  }
}
