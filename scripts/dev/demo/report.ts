import { styleText } from 'node:util';
import { type Locale, localized, type Sentence } from '../../language/sentence.ts';
import type { Answer } from '../../marketplace/signed-calls.ts';

/** Text that is printed: in both languages, or the same in each. */
export type Text = string | Sentence;

/** Message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

type Style = Parameters<typeof styleText>[0];

/** Output of the demo, and the tally of its checks. */
export interface Report {
  readonly passed: number;
  readonly failed: number;
  heading(text: Text): void;
  note(text: Text): void;
  check(holds: boolean, what: Text): void;
  /** One call and its answer, readable; members that would fill the screen are shortened. */
  exchange(product: string, message: Readonly<Record<string, unknown>>, answer: Answer, method?: 'GET' | 'POST'): void;
  /** Shows that something is being waited for until the promise is settled. */
  waiting<Result>(what: Text, until: Promise<Result>): Promise<Result>;
}

/** Long base64 texts keep their beginning and their length. */
const SHOWN = 64;

/** @param out colours and a running clock only if it is a terminal */
export function createReport(
  out: NodeJS.WritableStream & { isTTY?: boolean } = process.stdout,
  locale: Locale = 'en',
): Report {
  const told = (text: Text) => (typeof text === 'string' ? text : localized(locale, text));
  const paint = (style: Style, text: string) => (out.isTTY ? styleText(style, text, { validateStream: false }) : text);
  const line = (text = '') => out.write(`${text}\n`);
  let passed = 0;
  let failed = 0;
  return {
    get passed() {
      return passed;
    },
    get failed() {
      return failed;
    },
    heading: (text) => line(`\n${paint('bold', told(text))}`),
    note: (text) => line(paint('dim', `  ${told(text)}`)),
    check: (holds, what) => {
      if (holds) passed += 1;
      else failed += 1;
      line(`    ${holds ? paint('green', '✓') : paint('red', '✗')} ${told(what)}`);
    },
    exchange: (product, message, answer, method = 'POST') => {
      line(`\n  ${paint('cyan', `${method} /produce/${product}`)}  ${shown(message)}`);
      const { resultCode, resultMsg, ...rest } = answer.json;
      const code = `${resultCode ?? '(no resultCode)'} ${resultMsg ?? ''}`.trim();
      line(`  HTTP ${answer.status}  ${paint('yellow', code)}  ${shown(rest)}  ${paint('dim', milliseconds(answer))}`);
    },
    waiting: async (what, until) => {
      const started = Date.now();
      const tell = () => {
        const text = `  … ${told(what)} (${((Date.now() - started) / 1000).toFixed(1)} s)`;
        if (out.isTTY) out.write(`\r${paint('dim', text)}`);
        else line(text);
      };
      const timer = setInterval(tell, out.isTTY ? 100 : 2_000);
      try {
        return await until;
      } finally {
        clearInterval(timer);
        tell();
        if (out.isTTY) line();
      }
    },
  };
}

function shown(value: object): string {
  if (Object.keys(value).length === 0) return '';
  return JSON.stringify(value, (_, member) =>
    typeof member === 'string' && member.length > 2 * SHOWN
      ? `${member.slice(0, SHOWN)}… (${member.length} characters)`
      : member,
  );
}

function milliseconds({ milliseconds: taken }: Answer): string {
  return `${taken.toFixed(taken < 10 ? 1 : 0)} ms`;
}
