/** One part of a form. */
export interface Part {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly name: string | undefined;
  readonly fileName: string | undefined;
  readonly content: Buffer;
}

/** Takes a `multipart/form-data` body apart after RFC 7578; undefined if it is none. */
export function readForm(contentType: string, body: Buffer): readonly Part[] | undefined {
  const [, boundary] = /^multipart\/form-data; *boundary="?([^";]+)"?$/i.exec(contentType) ?? [];
  if (boundary === undefined) return undefined;
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // The first delimiter has no line end of its own.
  const text = Buffer.concat([Buffer.from('\r\n'), body]);
  const parts: Part[] = [];
  let at = text.indexOf(delimiter);
  if (at !== 0) return undefined;
  while (at >= 0) {
    const start = at + delimiter.length;
    const ending = text.subarray(start, start + 2).toString('latin1');
    if (ending === '--') return parts;
    const next = text.indexOf(delimiter, start);
    const blank = text.indexOf('\r\n\r\n', start);
    if (ending !== '\r\n' || next < 0 || blank < 0 || blank > next) return undefined;
    parts.push(readPart(text.subarray(start + 2, blank).toString('utf8'), text.subarray(blank + 4, next)));
    at = next;
  }
  return undefined;
}

function readPart(head: string, content: Buffer): Part {
  const lines = head.split('\r\n').map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  const headers = Object.fromEntries(lines);
  const disposition = headers['content-disposition'] ?? '';
  const parameter = (name: string) => new RegExp(`[; ]${name}="([^"]*)"`).exec(disposition)?.[1];
  return { headers, name: parameter('name'), fileName: parameter('filename'), content };
}
