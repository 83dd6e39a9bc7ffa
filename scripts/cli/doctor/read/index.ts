import { readCurl } from './curl.ts';
import { isWebRequest, readWebRequest } from './powershell.ts';
import { readRecord } from './record.ts';
import { lowerNames, type SeenCall, Unreadable } from './seen.ts';

/** Reads a call in whatever form it was handed over. @throws Unreadable */
export function readSeenCall(text: string, readFile: (path: string) => Buffer): SeenCall {
  const trimmed = text.trim();
  if (trimmed === '') throw new Unreadable('unreadable.empty');
  const [curl] = /(?<=^(\$\s*|[\w: \\~.-]+>\s*)?)curl(\.exe)?\s.*/is.exec(trimmed) ?? []; // behind the shell's prompt
  if (curl !== undefined) return readCurl(curl, readFile);
  if (/^(GET|POST)\s+\S+(\s+HTTP\/[\d.]+)?\s*(\r?\n|$)/.test(trimmed)) return readHttp(text.trimStart());
  if (!/^[[{]/.test(trimmed) && isWebRequest(trimmed)) return readWebRequest(trimmed);
  const json = embeddedJson(trimmed);
  if (json !== undefined) return readRecord(json);
  if (/^https?:\/\/\S+$/.test(trimmed)) return { method: 'GET', url: trimmed, headers: {}, body: Buffer.alloc(0) };
  throw new Unreadable('unreadable.form');
}

/** The whole text, or what follows a log prefix on its line. */
function embeddedJson(text: string): unknown {
  for (const candidate of [text, text.slice(Math.max(0, text.indexOf('{')))]) {
    try {
      return JSON.parse(candidate);
    } catch {
      // Not JSON from here on; the next form is tried.
    }
  }
  return undefined;
}

/** A request as it stands on the wire; the body is all that follows the first blank line. */
function readHttp(text: string): SeenCall {
  const gap = /\r?\n\r?\n/.exec(text);
  const head = gap === null ? text : text.slice(0, gap.index);
  const body = gap === null ? '' : text.slice(gap.index + gap[0].length);
  const [first = '', ...lines] = head.split(/\r?\n/);
  const [method = 'POST', url = ''] = first.split(/\s+/);
  const headers = lowerNames(
    lines.map((line) => [line.split(':')[0] ?? '', line.slice(line.indexOf(':') + 1).trim()] as const),
  );
  return { method, url, headers, body: Buffer.from(body, 'utf8') };
}
