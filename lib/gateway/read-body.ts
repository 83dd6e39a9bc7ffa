import type { IncomingMessage } from 'node:http';
import { GatewayError } from './error.ts';

/**
 * Reads a request's body, once.
 * @param limit bytes at most
 * @throws GatewayError 413 beyond the limit, 400 if the connection broke
 * @throws Error if something else has read it before
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  if (request.readableDidRead) {
    throw new Error('The body was read before it could be verified; put the gateway before every body parser.');
  }
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      size += chunk.length;
      if (size > limit) break;
      chunks.push(chunk);
    }
  } catch {
    throw new GatewayError(400, 'body-incomplete', 'The body did not come in whole.');
  }
  if (size > limit) throw tooLarge(limit);
  return Buffer.concat(chunks);
}

function tooLarge(limit: number): GatewayError {
  return new GatewayError(413, 'body-too-large', `The body has more than ${limit} bytes.`);
}
