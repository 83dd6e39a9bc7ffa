import type { CertifyLine, Said } from '../shapes.ts';

const STORED = 'koogate-token';

/** The token, from the address's fragment at first, for a reload from this tab's own memory. */
export function takeToken(): string | undefined {
  const given = /^#token=([\w-]+)$/.exec(location.hash)?.[1];
  if (given !== undefined) {
    sessionStorage.setItem(STORED, given);
    history.replaceState(undefined, '', location.pathname); // so that it does not lie about in history and screenshots
  }
  return sessionStorage.getItem(STORED) ?? undefined;
}

/** Refusal by the server, or its silence, in place of an answer. */
export class Refusal extends Error {
  readonly said: Said;

  constructor(said: Said) {
    super(said.id);
    this.said = said;
  }
}

/** Asks the console's server for something. @throws Refusal */
export async function ask<Answer>(path: string, body: object = {}): Promise<Answer> {
  const response = await post(path, body);
  const answer = await response.json().catch(() => ({ problem: { id: 'page.problem.gone' } }));
  if (!response.ok) throw new Refusal(answer.problem);
  return answer;
}

/** Asks for something that comes in lines, each handed over as it arrives. @throws Refusal */
export async function askLines<Line extends object = CertifyLine>(
  path: string,
  body: object,
  take: (line: Line) => void,
  signal?: AbortSignal,
): Promise<void> {
  const response = await post(path, body, signal);
  if (!response.ok || response.body === null) throw new Refusal((await response.json()).problem);
  let rest = '';
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(JSON.parse(line));
  }
}

async function post(path: string, body: object, signal?: AbortSignal): Promise<Response> {
  try {
    return await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-console-token': sessionStorage.getItem(STORED) ?? '' },
      body: JSON.stringify(body),
      ...(signal && { signal }),
    });
  } catch {
    throw new Refusal({ id: 'page.problem.gone' });
  }
}
