import type { IncomingMessage } from 'node:http';

/** A body that is longer than anything that is ever sent here. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/** More bodies are under way than there is memory for. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded';
}

/** The client went before its request was whole. */
export class HungUp extends Error {
  override readonly name = 'HungUp';
}

/** Reads bodies, and counts what all of them hold. */
export interface BodyReader {
  /** @throws TooLarge, Overloaded, HungUp */
  read(request: IncomingMessage): Promise<Buffer>;
  /** Refuses a body by the length that it announces. @throws TooLarge */
  refuse(request: IncomingMessage): void;
}

/**
 * @param limit bytes of one body
 * @param total bytes of all bodies that are being read at a time
 */
export function createBodyReader({ limit, total }: { readonly limit: number; readonly total: number }): BodyReader {
  let held = 0;
  const refuse = ({ headers }: IncomingMessage): void => {
    if (Number(headers['content-length'] ?? 0) > limit) throw new TooLarge();
  };
  return {
    refuse,
    read: async (request) => {
      refuse(request);
      const chunks: Buffer[] = [];
      let length = 0;
      try {
        for await (const chunk of request) {
          length += chunk.length;
          held += chunk.length;
          if (length > limit) throw new TooLarge();
          if (held > total) throw new Overloaded();
          chunks.push(chunk);
        }
      } catch (error) {
        throw error instanceof TooLarge || error instanceof Overloaded ? error : new HungUp();
      } finally {
        held -= length;
      }
      if (!request.complete) throw new HungUp();
      return Buffer.concat(chunks, length);
    },
  };
}
