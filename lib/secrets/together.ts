import type { Source } from './source.ts';

/** Reads several documents at once; each has a text or the error that it alone met. */
export type ReadTogether = (names: readonly string[]) => Promise<ReadonlyMap<string, string | Error>>;

interface Waiting {
  resolve(text: string): void;
  reject(error: unknown): void;
}

/**
 * Makes a source of a reading that takes many names: what is asked for in the same moment is read in one go.
 * @param most how many names one reading takes; more go out side by side.
 */
export function together(read: ReadTogether, most: number): Source {
  let waiting = new Map<string, Waiting[]>();

  async function send(part: readonly (readonly [name: string, Waiting[]])[]): Promise<void> {
    try {
      const texts = await read(part.map(([name]) => name));
      for (const [name, those] of part) {
        const text = texts.get(name) ?? new Error(`Nothing was answered about "${name}".`);
        for (const { resolve, reject } of those) typeof text === 'string' ? resolve(text) : reject(text);
      }
    } catch (error) {
      for (const [, those] of part) for (const { reject } of those) reject(error);
    }
  }

  function sendAll(): void {
    const all = [...waiting];
    waiting = new Map();
    for (let first = 0; first < all.length; first += most) void send(all.slice(first, first + most));
  }

  return (name) =>
    new Promise((resolve, reject) => {
      if (waiting.size === 0) queueMicrotask(sendAll);
      waiting.set(name, [...(waiting.get(name) ?? []), { resolve, reject }]);
    });
}
