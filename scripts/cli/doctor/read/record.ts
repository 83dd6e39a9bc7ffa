import { lowerNames, type SeenAnswer, type SeenCall, Unreadable } from './seen.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a call out of JSON: a HAR file or one entry of it, an API gateway's event, or a log line with members named
 * in one of the usual ways (`url` or `path` and `query`, `headers`, `body`, `time`).
 */
export function readRecord(value: unknown): SeenCall {
  if (!isJson(value)) throw new Unreadable('unreadable.record');
  const entry = harEntry(value);
  return entry === undefined ? fromLog(value) : fromHar(entry);
}

function harEntry(value: Json): Json | undefined {
  const log = value.log;
  if (isJson(log) && Array.isArray(log.entries)) {
    const entries = log.entries.filter(isJson);
    return entries.find((entry) => /[?&](signature|authToken)=|x-sign/i.test(JSON.stringify(entry))) ?? entries[0];
  }
  return isJson(value.request) && Array.isArray(value.request.headers) ? value : undefined;
}

function fromHar(entry: Json): SeenCall {
  const request = isJson(entry.request) ? entry.request : {};
  const postData = isJson(request.postData) ? request.postData : {};
  const response = isJson(entry.response) ? entry.response : undefined;
  const content = isJson(response?.content) ? response.content : {};
  const answer: SeenAnswer | undefined = response && {
    headers: headersOf(response.headers),
    body: bodyOf(content.text, content.encoding === 'base64'),
    ...(typeof response.status === 'number' && { status: response.status }),
  };
  return {
    method: text(request.method) ?? 'POST',
    url: text(request.url) ?? '',
    headers: headersOf(request.headers),
    body: bodyOf(postData.text, postData.encoding === 'base64'),
    ...time(entry.startedDateTime),
    ...(answer && { answer }),
  };
}

function fromLog(line: Json): SeenCall {
  const inner = [line.request, line.req, line.event, line.http].find(isJson) ?? line;
  const context = isJson(inner.requestContext) ? inner.requestContext : {};
  const http = isJson(context.http) ? context.http : {};
  const query =
    text(inner.rawQueryString) ?? queryText(inner.query ?? inner.queryString ?? inner.queryStringParameters);
  const path = text(inner.url) ?? text(inner.uri) ?? text(inner.rawPath) ?? text(inner.path);
  if (path === undefined && query === undefined) throw new Unreadable('unreadable.record');
  const url = query === undefined || path?.includes('?') ? (path ?? '') : `${path ?? '/'}?${query}`;
  const answer = [line.response, line.answer, line.res].find(isJson);
  return {
    method: text(inner.method) ?? text(http.method) ?? text(inner.httpMethod) ?? 'POST',
    url,
    headers: headersOf(inner.headers),
    body: bodyOf(inner.body ?? inner.payload, inner.isBase64Encoded === true),
    ...time(context.timeEpoch ?? line.time ?? line.timestamp ?? line['@timestamp']),
    ...(answer && {
      answer: { headers: headersOf(answer.headers), body: bodyOf(answer.body, answer.isBase64Encoded === true) },
    }),
  };
}

function headersOf(value: unknown): Record<string, string> {
  if (Array.isArray(value)) {
    return lowerNames(value.filter(isJson).map(({ name, value: content }) => [String(name), String(content)] as const));
  }
  return isJson(value)
    ? lowerNames(Object.entries(value).map(([name, content]) => [name, String(content)] as const))
    : {};
}

function queryText(value: unknown): string | undefined {
  if (typeof value === 'string') return value.replace(/^\?/, '');
  if (!isJson(value)) return undefined;
  return Object.entries(value)
    .map(([name, content]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(content))}`)
    .join('&');
}

function bodyOf(value: unknown, base64: boolean): Buffer {
  if (typeof value === 'string') return Buffer.from(value, base64 ? 'base64' : 'utf8');
  return value === undefined || value === null ? Buffer.alloc(0) : Buffer.from(JSON.stringify(value));
}

function time(value: unknown): { receivedAt?: number } {
  const at = typeof value === 'number' ? value : Date.parse(String(value));
  return Number.isNaN(at) || at < 1e12 ? {} : { receivedAt: at };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
