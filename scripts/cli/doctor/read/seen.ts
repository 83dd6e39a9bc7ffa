/** A call as somebody saw it: pasted, recorded or logged. */
export interface SeenCall {
  readonly method: string;
  /** Absolute, or from the path on; the query as it was sent. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Unix milliseconds of arrival, where the source tells. */
  readonly receivedAt?: number;
  readonly answer?: SeenAnswer;
}

export interface SeenAnswer {
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Thrown when a text is no call that the doctor can read; `id` finds the sentence. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  readonly id: string;

  constructor(id: string) {
    super(id);
    this.id = id;
  }
}

/** Header names in lower case; of repeated headers the first counts. */
export function lowerNames(pairs: Iterable<readonly [string, string]>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of pairs) headers[name.toLowerCase()] ??= value;
  return headers;
}

/** One parameter of a query string. */
export interface QueryParameter {
  readonly name: string;
  readonly raw: string;
  /** Percent signs decoded; a plus stays a plus. */
  readonly value: string;
}

export function readQueryParameters(url: string): QueryParameter[] {
  const query = url.split('#')[0]?.split('?').slice(1).join('?') ?? '';
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf('=');
      const raw = at < 0 ? '' : part.slice(at + 1);
      return { name: decode(at < 0 ? part : part.slice(0, at)), raw, value: decode(raw) };
    });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
