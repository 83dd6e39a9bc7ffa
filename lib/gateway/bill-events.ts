import { type Billed, billedIn, isObject, isOfUsage, type Members, withBilled, withoutBilled } from './billed.ts';

/**
 * Server-sent events with the billed members in one last event. Each event is handed on as soon as it is whole; what
 * stands in it of the billed members is taken out and remembered, the last value of each. Before `[DONE]`, or where the
 * source ends or breaks, follows one event with the final quantities. So a gateway that takes the last event and one
 * that adds up all events bill the same.
 */
export interface EventBill {
  readonly paths: readonly string[];
  /** The seller's own count, asked for once at the end; it goes before what the events said. */
  readonly billed: (() => Billed) | undefined;
  /** Characters of one event at most. */
  readonly maxEvent: number;
}

/** End of the events: whether the source came to an end, and what was billed. */
export interface EventsEnd {
  /** Reason for which the source broke; absent if it came to its end. */
  readonly fault?: unknown;
  readonly billed: Billed;
  /** Neither the events nor the seller named any quantity. */
  readonly isUnbilled: boolean;
}

const DONE = 'data: [DONE]\n\n';

/** Events to send, in order; its end says what was billed. Breaks of the source do not throw, but for the first event. */
export async function* billEvents(
  source: AsyncIterable<string | Uint8Array>,
  { paths, billed, maxEvent }: EventBill,
): AsyncGenerator<string, EventsEnd> {
  let seen: Billed = {};
  let frame: Members = paths.some(isOfUsage) ? withUsage(undefined) : {};
  let fault: unknown;
  let isDone = false;
  let isEmpty = true;
  let isAsItCame = true;
  try {
    for await (const event of splitEvents(source, maxEvent)) {
      if (event === '\n' && !isAsItCame) continue; // the rest of an event that has not gone on as it was
      const data = dataOf(event);
      if (data === '[DONE]') {
        isDone = true;
        break;
      }
      const members = mentions(event, paths) ? parsed(data) : undefined;
      const found = members === undefined ? {} : billedIn(members, paths);
      isAsItCame = members === undefined || Object.keys(found).length === 0;
      if (members === undefined || isAsItCame) {
        isEmpty &&= data === '';
        yield event;
        continue;
      }
      isEmpty = false;
      seen = { ...seen, ...found };
      frame = usageOnly(members) ? members : paths.some(isOfUsage) ? withUsage(members.usage) : {};
      if (!usageOnly(members)) yield withData(event, JSON.stringify(withoutBilled(members, paths)));
    }
  } catch (error) {
    if (isEmpty) throw error;
    fault = error;
  }
  if (isEmpty) throw new Error('The stream ended before its first event.');
  const own = billed?.() ?? {};
  const all = { ...seen, ...own };
  if (paths.length > 0) {
    yield `data: ${JSON.stringify(withBilled(frame, all, paths))}

`;
  }
  if (isDone) yield DONE;
  const end = { billed: all, isUnbilled: paths.length > 0 && Object.keys(all).length === 0 };
  return fault === undefined ? end : { ...end, fault };
}

/**
 * Events with the blank line at their end, byte for byte; the last one without, if the source has none. An event goes on
 * although its last line end may come in two parts: what is missing follows by itself.
 */
async function* splitEvents(source: AsyncIterable<string | Uint8Array>, maxEvent: number): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const boundary = /(?:\r\n|\r(?!\n)|\n){2}/g;
  let pending = '';
  let isTorn = false;
  for await (const chunk of source) {
    boundary.lastIndex = Math.max(0, pending.length - 3);
    const text = pending + (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }));
    let start = 0;
    if (isTorn && text.startsWith('\n')) {
      yield '\n';
      start = 1;
      boundary.lastIndex = 1;
    }
    for (let found = boundary.exec(text); found !== null; found = boundary.exec(text)) {
      yield text.slice(start, boundary.lastIndex);
      start = boundary.lastIndex;
    }
    pending = text.slice(start);
    if (text !== '') isTorn = pending === '' && text.endsWith('\r');
    if (pending.length > maxEvent) throw new Error(`An event has more than ${maxEvent} characters; raise maxEvent.`);
  }
  pending += decoder.decode();
  if (pending.trim() !== '') yield `${pending.replace(/[\r\n]+$/, '')}\n\n`;
}

/** Reports an event in which the name of a billed member stands; all others need not be parsed. */
function mentions(event: string, paths: readonly string[]): boolean {
  return paths.some((path) => event.includes(`"${path.split('.')[0]}"`));
}

function dataOf(event: string): string {
  return event
    .split(/\r\n|\r|\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).replace(/^ /, ''))
    .join('\n')
    .trim();
}

function parsed(data: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // no JSON: the event is handed on as it is
  }
}

/** The last event of a model that sends its usage in other events, or none. */
function withUsage(usage: unknown): Members {
  return isObject(usage) ? { choices: [], usage } : { choices: [] };
}

/** Reports an event that a model sends for its usage alone. */
function usageOnly({ choices }: Members): boolean {
  return Array.isArray(choices) && choices.length === 0;
}

function withData(event: string, data: string): string {
  const others = event.split(/\r\n|\r|\n/).filter((line) => line !== '' && !line.startsWith('data:'));
  return `${[...others, `data: ${data}`].join('\n')}\n\n`;
}
