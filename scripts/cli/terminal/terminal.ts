import { styleText } from 'node:util';
import { localeOf } from '../../language/locale.ts';
import type { Locale } from '../../language/sentence.ts';
import { type Say, speaker } from '../messages/index.ts';

type Colour = 'green' | 'red' | 'yellow' | 'dim' | 'bold' | 'cyan';

/** Input and output of a command. Tests give their own. */
export interface Terminal {
  readonly locale: Locale;
  readonly say: Say;
  /** Results: standard output. */
  out(text: string): void;
  /** Everything else: standard error. */
  note(text: string): void;
  /** Shows how far a long run has come; overwritten on a terminal, silent elsewhere but at the quarters. */
  progress(label: string, done: number, total: number): void;
  paint(colour: Colour, text: string): string;
  stdin(): Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  clock(): number;
}

/** Thrown at `out` when the reader has gone, e.g. into `head`. */
interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** The terminal of this process. Colours only on a terminal, and never with NO_COLOR. */
export function processTerminal(argv: readonly string[]): Terminal {
  const { env, stdout, stderr, stdin } = process;
  const asked = argv[argv.indexOf('--lang') + 1];
  const locale = argv.includes('--lang') ? (asked?.startsWith('zh') ? 'zh' : 'en') : localeOf(env);
  const colours = (stdout.isTTY === true || env.FORCE_COLOR === '1') && !env.NO_COLOR && !argv.includes('--no-color');
  const bar = progressOn(stderr);
  return {
    locale,
    say: speaker(locale),
    out: (text) => {
      bar.clear();
      stdout.write(`${text}\n`);
    },
    note: (text) => {
      bar.clear();
      stderr.write(`${text}\n`);
    },
    progress: bar.show,
    paint: (colour, text) => (colours ? styleText(colour, text, { validateStream: false }) : text),
    stdin: async () => {
      const parts: Buffer[] = [];
      for await (const part of stdin) parts.push(Buffer.from(part));
      return Buffer.concat(parts).toString('utf8');
    },
    env,
    clock: () => Date.now(),
  };
}

function progressOn(stream: Stream): { show: Terminal['progress']; clear(): void } {
  let shown = false;
  let quarter = 0;
  const clear = () => {
    if (shown) stream.write('\r\u001b[K');
    shown = false;
  };
  const show: Terminal['progress'] = (label, done, total) => {
    if (stream.isTTY) {
      const filled = total > 0 ? Math.round((20 * done) / total) : 0;
      stream.write(`\r\u001b[K${'█'.repeat(filled)}${'░'.repeat(20 - filled)} ${done}/${total} ${label}`);
      shown = true;
      return;
    }
    const reached = total > 0 ? Math.floor((4 * done) / total) : 0;
    if (reached > quarter) stream.write(`${done}/${total} ${label}\n`);
    quarter = done >= total ? 0 : reached;
  };
  return { show, clear };
}
