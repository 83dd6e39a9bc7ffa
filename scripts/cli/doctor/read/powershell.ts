import { lowerNames, type SeenCall, Unreadable } from './seen.ts';

/*
 * Commands as they are pasted from PowerShell: Invoke-WebRequest and Invoke-RestMethod, as browsers copy them, and curl.exe
 * with backticks. Source: https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_quoting_rules
 */

/** Checks whether a text is a web request of PowerShell's own. */
export function isWebRequest(text: string): boolean {
  return /(^|[\s;|=(])(Invoke-WebRequest|Invoke-RestMethod|iwr|irm)\s/i.test(text);
}

/** Checks whether a command goes on behind a backtick at a line's end. */
export function isForPowerShell(text: string): boolean {
  return /`[ \t]*\r?\n/.test(text);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0' };

/** Text of a quoted string: in double quotes backticks and `$([char]20320)` count, two quotes are one. */
function quotedText(text: string): string {
  const inner = text.slice(1, -1);
  if (text.startsWith("'")) return inner.replaceAll("''", "'");
  return inner.replaceAll(/\$\(\[char\](\d+|0x[\da-f]+)\)|`(.)|""/gis, (_, code?: string, char?: string) => {
    if (code !== undefined) return String.fromCharCode(Number(code));
    return char === undefined ? '"' : (ESCAPES[char] ?? char);
  });
}

const STRING = /"(?:[^"`]|`.|"")*"|'(?:[^']|'')*'/s;

/** Splits a command for a program of its own, which takes `\"` for a quote. */
export function powerShellWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  const pattern = new RegExp(`(${STRING.source})|(\`[ \\t]*\\r?\\n|\\s+)|\`(.)|([^\\s"'\`]+)`, 'gs');
  for (const [, quoted, blank, escaped, plain] of text.matchAll(pattern)) {
    if (blank !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + (quoted === undefined ? (escaped ?? plain ?? '') : forProgram(quotedText(quoted)));
  }
  return word === undefined ? words : [...words, word];
}

/** Text that a program gets, which takes backslashes before a quote away. */
function forProgram(text: string): string {
  return text.replaceAll(/(\\+)"/g, (_, slashes: string) => `${'\\'.repeat(Math.floor(slashes.length / 2))}"`);
}

/** Reads a pasted web request. @throws Unreadable if it names no address */
export function readWebRequest(text: string): SeenCall {
  const from = text.search(/(Invoke-WebRequest|Invoke-RestMethod|iwr|irm)\s/i);
  const command = text.slice(from);
  const value = (name: string) => {
    const pattern = new RegExp(
      `-${name}\\s+(?:\\(\\s*\\[[\\w.]+\\]::UTF8\\.GetBytes\\(\\s*)?(${STRING.source}|[^\\s\`;]+)`,
      'is',
    );
    const [, found] = pattern.exec(command) ?? [];
    return found === undefined ? undefined : /^["']/.test(found) ? quotedText(found) : found;
  };
  const positional = new RegExp(`^\\S+\\s+(${STRING.source}|https?://\\S+)`, 's').exec(command)?.[1];
  const url =
    value('Uri') ??
    (positional === undefined ? undefined : /^["']/.test(positional) ? quotedText(positional) : positional);
  if (url === undefined) throw new Unreadable('unreadable.curl-url');
  const body = value('Body');
  const type = value('ContentType');
  return {
    method: (value('Method') ?? (body === undefined ? 'GET' : 'POST')).toUpperCase(),
    url,
    headers: lowerNames([...headersOf(command), ...(type === undefined ? [] : [['content-type', type] as const])]),
    body: Buffer.from(body ?? '', 'utf8'),
  };
}

/** Pairs of the hash table behind `-Headers`. */
function headersOf(command: string): readonly (readonly [string, string])[] {
  const pair = `(?:(${STRING.source})|([\\w-]+))\\s*=\\s*(${STRING.source})\\s*;?\\s*`;
  const [, table = ''] = new RegExp(`-Headers\\s+@\\{\\s*((?:${pair})*)\\}`, 'is').exec(command) ?? [];
  return [...table.matchAll(new RegExp(pair, 'gs'))].map(([, quoted, name = '', text = '']) => [
    quoted === undefined ? name : quotedText(quoted),
    quotedText(text),
  ]);
}
