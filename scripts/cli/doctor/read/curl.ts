import { isForPowerShell, powerShellWords } from './powershell.ts';
import { lowerNames, type SeenCall, Unreadable } from './seen.ts';
import { cmdWords, isForCmd } from './windows.ts';

/** Options of curl that take a value and say nothing about the call. */
const IGNORED = new Set([
  '-o',
  '--output',
  '-m',
  '--max-time',
  '--connect-timeout',
  '-w',
  '--write-out',
  '-u',
  '--user',
  '--cacert',
  '--resolve',
  '-x',
  '--proxy',
  '-c',
  '-b',
  '--cookie',
  '--retry',
]);
const DATA = new Set(['-d', '--data', '--data-raw', '--data-binary', '--data-ascii', '--json']);

/** Reads a pasted curl command. @param readFile gives the bytes of a `@file` */
export function readCurl(text: string, readFile: (path: string) => Buffer): SeenCall {
  const words = wordsOf(text);
  let method: string | undefined;
  let url: string | undefined;
  const headers: [string, string][] = [];
  const data: Buffer[] = [];
  for (let index = words.findIndex((word) => /^curl(\.exe)?$/i.test(word)) + 1; index < words.length; index += 1) {
    const [option, attached] = splitOption(words[index] ?? '');
    const value = () => attached ?? words[++index] ?? '';
    if (option === '-X' || option === '--request') method = value();
    else if (option === '-H' || option === '--header') headers.push(splitHeader(value()));
    else if (option === '--url') url = value();
    else if (option === '-A' || option === '--user-agent') headers.push(['user-agent', value()]);
    else if (option === '-G' || option === '--get') method = 'GET';
    else if (DATA.has(option)) data.push(readData(option, value(), readFile));
    else if (IGNORED.has(option)) value();
    else if (!option.startsWith('-')) url ??= option;
  }
  if (url === undefined) throw new Unreadable('unreadable.curl-url');
  const body = Buffer.concat(data.flatMap((part, index) => (index === 0 ? [part] : [Buffer.from('&'), part])));
  return { method: method ?? (data.length > 0 ? 'POST' : 'GET'), url, headers: lowerNames(headers), body };
}

/** Splits as the shell would that the command was written for. */
function wordsOf(text: string): string[] {
  if (isForPowerShell(text)) return powerShellWords(text);
  return isForCmd(text) ? cmdWords(text) : shellWords(text);
}

function splitOption(word: string): [string, string | undefined] {
  const long = /^(--[a-z-]+)=(.*)$/s.exec(word);
  if (long !== null) return [long[1] ?? '', long[2]];
  const short = /^(-[XHdA])(.+)$/s.exec(word);
  return short === null ? [word, undefined] : [short[1] ?? '', short[2]];
}

function splitHeader(line: string): [string, string] {
  const at = line.indexOf(':');
  return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}

/** curl strips line ends from a file given with -d, not with --data-binary. */
function readData(option: string, value: string, readFile: (path: string) => Buffer): Buffer {
  if (option === '--data-raw' || !value.startsWith('@')) return Buffer.from(value, 'utf8');
  const content = readFile(value.slice(1));
  return option === '--data-binary' ? content : Buffer.from(content.filter((byte) => byte !== 0x0a && byte !== 0x0d));
}

/** Splits as a POSIX shell would: quotes, backslashes, continued lines, `$'…'`. */
export function shellWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  const pattern = /\\\r?\n|(\s+)|\$'((?:[^'\\]|\\.)*)'|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\$]+|\$)/gs;
  for (const match of text.matchAll(pattern)) {
    const [, blank, ansi, single, double, escaped, plain] = match;
    if (blank !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    const piece =
      ansi === undefined
        ? (single ?? double?.replaceAll(/\\([$`"\\]|\r?\n)/g, unescaped) ?? escaped ?? plain)
        : ansiText(ansi);
    if (piece !== undefined) word = (word ?? '') + piece;
  }
  return word === undefined ? words : [...words, word];
}

function unescaped(_: string, char: string): string {
  return char.endsWith('\n') ? '' : char;
}

const ANSI: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function ansiText(text: string): string {
  return text.replaceAll(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))/gs, (_, unit, byte, char) =>
    char === undefined ? String.fromCharCode(Number.parseInt(unit ?? byte, 16)) : (ANSI[char] ?? char),
  );
}
