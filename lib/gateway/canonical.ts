/** A request as it came in. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query as the request line has them. */
  readonly target: string;
  readonly header: (name: string) => string | undefined;
}

/**
 * The six lines that APIG signs, made from a request as it was received: path and query are read from the bytes of the
 * request line, where `+` is a plus and nothing is normalised; headers stand in the order in which they are listed.
 * @param bodyHash lower-case hex SHA-256, or what stands in its place
 */
export function receivedCanonical(request: ReceivedRequest, signed: readonly string[], bodyHash: string): string {
  const [path = '', ...rest] = request.target.split('?');
  return [
    request.method.toUpperCase(),
    canonicalPath(path),
    canonicalQuery(rest.join('?')),
    ...signed.map((name) => `${name}:${request.header(name)?.trim() ?? ''}`),
    '',
    signed.join(';'),
    bodyHash,
  ].join('\n');
}

function canonicalPath(path: string): string {
  const encoded = path.split('/').map(recode).join('/');
  return encoded.endsWith('/') ? encoded : `${encoded}/`;
}

function canonicalQuery(query: string): string {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      return at < 0
        ? ([recode(pair), ''] as const)
        : ([recode(pair.slice(0, at)), recode(pair.slice(at + 1))] as const);
    })
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Decodes and percent-encodes after RFC 3986. */
function recode(text: string): string {
  return encodeURIComponent(decode(text)).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % is a character like any other
  }
}
