import { styleText } from 'node:util';

/** Fields of a log line that stand elsewhere in the readable one, or say nothing on the machine at hand. */
const NOT_SHOWN = ['level', 'time', 'message', 'error', 'requestId', 'clockOffset'];

const COLOURS = { info: 'green', warn: 'yellow', error: 'red' } as const;

/** Longest value of a field that is shown whole, characters. */
const LONGEST_VALUE = 200;

/**
 * Makes one line of a function's log readable: time, level, message and fields; an error's stack indented below. A line
 * that is no JSON of a log stays as it is.
 */
export function readableLine(line: string, colours = false): string {
  const entry = parse(line);
  if (entry === undefined) return line;
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    colours ? styleText(style, text, { validateStream: false }) : text;
  const { level, time, message, error } = entry;
  const clock = new Date(String(time));
  const at = Number.isNaN(clock.getTime()) ? String(time) : clock.toTimeString().slice(0, 8);
  const colour = Object.entries(COLOURS).find(([name]) => name === level)?.[1] ?? 'dim';
  const fields = Object.entries(entry)
    .filter(([name, value]) => !NOT_SHOWN.includes(name) && value !== null && value !== '')
    .map(([name, value]) => paint('dim', `${name}=${shown(value)}`));
  const head = [paint('dim', at), paint(colour, String(level).padEnd(5)), String(message), ...fields].join('  ');
  return [head, ...errorLines(error).map((text) => `    ${text}`)].join('\n');
}

/**
 * Makes a stream of text readable, line by line, wherever its pieces break.
 * @returns takes a piece; `flush` writes what has no line end yet
 */
export function readableLog(
  write: (text: string) => void,
  colours = false,
): {
  (piece: string): void;
  flush(): void;
} {
  let rest = '';
  const take = (piece: string) => {
    const lines = `${rest}${piece}`.split('\n');
    rest = lines.pop() ?? '';
    if (lines.length > 0) write(lines.map((line) => `${readableLine(line, colours)}\n`).join(''));
  };
  const flush = () => {
    if (rest !== '') write(readableLine(rest, colours));
    rest = '';
  };
  return Object.assign(take, { flush });
}

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const entry: Readonly<Record<string, unknown>> = JSON.parse(line);
    return typeof entry.level === 'string' && typeof entry.message === 'string' ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** Stack of an error, which begins with its message, and that of each cause. */
function errorLines(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return error === undefined ? [] : [String(error)];
  const { name, message, stack, cause }: Readonly<Record<string, unknown>> = Object(error);
  const text = typeof stack === 'string' ? stack : [name, message].filter(Boolean).join(': ');
  const own = text.split('\n').map((line) => line.trimEnd());
  if (cause === undefined) return own;
  const [first = '', ...more] = errorLines(cause);
  return [...own, `Caused by ${first}`, ...more];
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const short = text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
  return /\s/.test(short) && typeof value === 'string' ? JSON.stringify(short) : short;
}
