/** The part of a response that is read. */
interface Response {
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Stands in for the SDK's reader of the header Retry-After, whose parser of dates is larger than the client's retries:
 * seconds or a date, and milliseconds in x-amz-retry-after. The HTTP handler gives the names of headers in lower case.
 * Source: https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 * @returns when to come back, at the earliest.
 */
export function parseRetryAfterHeader(response: Response | undefined): Date | undefined {
  const { 'retry-after': after, 'x-amz-retry-after': milliseconds } = response?.headers ?? {};
  if (after !== undefined) return /^\d+(\.\d+)?$/.test(after) ? inFuture(Number(after) * 1000) : dated(after);
  return milliseconds === undefined ? undefined : inFuture(Number(milliseconds));
}

export const getRetryAfterHint = parseRetryAfterHeader;

const inFuture = (ms: number): Date | undefined => (Number.isNaN(ms) ? undefined : new Date(Date.now() + ms));

const dated = (text: string): Date | undefined => inFuture(Date.parse(text) - Date.now());
