import { setTimeout } from 'node:timers/promises';

/** Messages that may be sent within some time. */
export interface Limit {
  readonly messages: number;
  readonly withinMs: number;
}

/** Milliseconds that a message waits at most; one that would have to wait longer is left to the next look. */
const PATIENCE_MS = 2_000;

/**
 * Keeps a process within limits: waits a moment until the next message may go.
 * @returns what waits. @throws Error that names the limit, if the wait would be long
 */
export function createPace(
  limits: readonly Limit[],
  { now, pause = setTimeout }: { readonly now: () => number; readonly pause?: (ms: number) => Promise<unknown> },
): (name: string) => Promise<void> {
  let sent: readonly number[] = [];
  const longest = Math.max(...limits.map(({ withinMs }) => withinMs));
  return async (name) => {
    const at = now();
    sent = sent.filter((one) => one > at - longest);
    let wait = 0;
    for (const { messages, withinMs } of limits) {
      const [first] = sent.length < messages ? [] : sent.slice(-messages);
      if (first === undefined) continue;
      wait = Math.max(wait, first + withinMs - at);
      if (wait <= PATIENCE_MS) continue;
      throw new Error(`Receiver ${name} takes no more than ${messages} messages in ${withinMs / 1_000} s.`);
    }
    sent = [...sent, at + wait];
    if (wait > 0) await pause(wait);
  };
}
