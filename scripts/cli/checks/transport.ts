import type { Answer, Outcome } from '../../marketplace/calls/send.ts';
import { type Check, fail, isJson, type Json, judge, ok, warn } from './check.ts';

/** The marketplace's time-out: 5 s in the access requirements. */
export const TIME_LIMIT = 5_000;

/** Was there an answer, in time, with HTTP 200 and JSON in it? */
export function checkTransport(outcome: Outcome, limit: number = TIME_LIMIT): Check[] {
  const { milliseconds } = outcome;
  if (outcome.kind === 'failure') {
    return [
      fail(outcome.reason === 'time-out' ? 'in-time' : 'answered', {
        reason: outcome.reason,
        detail: outcome.detail,
        milliseconds,
        limit,
      }),
    ];
  }
  const { status, headers } = outcome;
  const type = headers['content-type'] ?? '';
  return [
    judge(milliseconds <= limit, 'in-time', { milliseconds, limit }),
    judge(status === 200, 'status', { status }),
    judge(/^application\/json(\s*;|\s*$)/i.test(type), 'content-type', { type: type || '–' }),
  ];
}

/** The answer's members, and whether it can be read at all. */
export function readAnswer(answer: Answer): { checks: Check[]; members?: Json } {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(answer.body);
  } catch {
    return { checks: [fail('utf-8')] };
  }
  try {
    const members: unknown = JSON.parse(text);
    if (isJson(members)) return { checks: [ok('json'), ...spelling(members), ...leaks(text)], members };
  } catch {
    // Said below: what is not JSON and what is no object is the same to the marketplace.
  }
  return { checks: [fail('json'), ...leaks(text)] };
}

/** Names that are nearly right: the documentation's own examples print one with a leading blank. */
function spelling(members: Json): Check[] {
  const known = ['resultCode', 'resultMsg', 'instanceId', 'appInfo', 'encryptType', 'info'];
  return Object.keys(members)
    .filter((name) => !known.includes(name))
    .flatMap((name) => {
      const meant = known.find((other) => other.toLowerCase() === name.trim().toLowerCase().replaceAll(/[_-]/g, ''));
      return meant === undefined ? [] : [warn('spelling', { name, meant })];
    });
}

/** Signs that the server's inside came out. */
function leaks(text: string): Check[] {
  const trace =
    /\bat [\w.$<>]+ ?\([^)]*:\d+(:\d+)?\)|\bat [\w.]+\([\w]+\.java:\d+\)|Traceback \(most recent|"stackTrace"|"stack":/;
  return trace.test(text) ? [warn('stack-trace')] : [];
}
