import { Refusal } from '../refusal.ts';

/**
 * Reading a query string exactly as received. A `+` in it is a blank where the sender encoded forms, and a plus where it
 * encoded by RFC 3986 or not at all; nothing says which. So there are three readings and no more, tried in this order:
 *
 * 1. every `+` is a blank: what Java's URLEncoder writes and every servlet reads;
 * 2. every `+` is a plus: blanks came as `%20`, base64 was put in as it is;
 * 3. a `+` is a plus in values that look like base64 and a blank in all others: only the base64 was put in as it is.
 *
 * `%XX` always means its byte, in every reading, and a `+` in `authToken`, which is base64, always a plus.
 */
type Parameters = ReadonlyMap<string, string>;

/** At least one block of cipher text behind its IV, or the JSON of one purchase-form field. */
const MIN_BASE64 = 24;

/**
 * The readings of a query string, each once: names and values decoded.
 * @throws Refusal 000002 if `%` is not followed by UTF-8 in hex, or a name comes twice: no reading would make sense of it.
 */
export function readParameters(rawQueryString: string): readonly Parameters[] {
  const readings = [read(rawQueryString, asBlank)];
  if (rawQueryString.includes('+')) readings.push(read(rawQueryString, asPlus));
  if (rawQueryString.split('&').some((pair) => isBase64(pair.slice(pair.indexOf('=') + 1)))) {
    readings.push(read(rawQueryString, (text) => (isBase64(text) ? text : asBlank(text))));
  }
  return readings;
}

function read(rawQueryString: string, plus: (text: string) => string): Parameters {
  const parameters = new Map<string, string>();
  for (const pair of rawQueryString.split('&')) {
    if (pair === '') continue; // as servlets do; there is no name in it that could say anything
    const equals = pair.indexOf('=');
    const name = decode(plus(equals < 0 ? pair : pair.slice(0, equals)));
    if (parameters.has(name)) throw new Refusal('000002', 'a query parameter is given more than once');
    const value = equals < 0 ? '' : pair.slice(equals + 1);
    parameters.set(name, decode(name === 'authToken' ? asPlus(value) : plus(value)));
  }
  return parameters;
}

function asBlank(text: string): string {
  return text.replaceAll('+', ' ');
}

function asPlus(text: string): string {
  return text;
}

/** Checks whether a value, as it stands in the query string, has a raw `+` and is otherwise base64 of likely length. */
function isBase64(text: string): boolean {
  if (!text.includes('+')) return false;
  const decoded = decode(text);
  return decoded.length >= MIN_BASE64 && decoded.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(decoded);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refusal('000002', 'a query parameter is not URL-encoded UTF-8');
  }
}
