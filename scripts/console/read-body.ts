import type { IncomingMessage } from 'node:http';
import type { Refused } from './guard.ts';

/** Forms are small; more than this is not read. */
export const LONGEST_BODY = 262_144;

/** A JSON body, or why it is none. */
export async function readJson(
  request: IncomingMessage,
): Promise<{ readonly value: unknown } | { readonly refused: Refused }> {
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
    return { refused: { status: 415, id: 'page.refused.type' } };
  }
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length > LONGEST_BODY) return { refused: { status: 413, id: 'page.refused.length' } };
    parts.push(part);
  }
  try {
    return { value: JSON.parse(Buffer.concat(parts).toString('utf8')) };
  } catch {
    return { refused: { status: 400, id: 'page.refused.json' } };
  }
}
