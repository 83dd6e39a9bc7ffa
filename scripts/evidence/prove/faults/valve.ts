import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** A request on its way to the engine. */
export interface Passing {
  /** PutItem, UpdateItem … */
  readonly operation: string;
  /** The request as JSON text. */
  readonly text: string;
}

/** Fate of a request: let through, refused, or its answer lost; or one of these later. */
export type Fate = End | { readonly after: Promise<unknown>; readonly end?: End };
type End = 'through' | 'throttled' | 'answer lost';

/** Stands between functions and the engine and decides about each request. */
export interface Valve {
  readonly endpoint: string;
  /** Replaced by whoever wants a fault. */
  decide: (request: Passing) => Fate;
  stop(): Promise<void>;
}

/** Starts a valve in front of an engine. */
export async function startValve(engine: string): Promise<Valve> {
  const server = createServer((request, response) => {
    void pass(valve, engine, request, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The valve got no port.');
  const valve: Valve = {
    endpoint: `http://127.0.0.1:${address.port}`,
    decide: () => 'through',
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return valve;
}

async function pass(valve: Valve, engine: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await buffer(request);
  const target = String(request.headers['x-amz-target'] ?? '');
  const fate = valve.decide({ operation: target.split('.')[1] ?? '', text: body.toString() });
  if (typeof fate === 'object') await fate.after;
  const end = typeof fate === 'object' ? (fate.end ?? 'through') : fate;
  if (end === 'throttled') {
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
    response.end('{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}');
    return;
  }
  const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
  const answer = await fetch(engine, {
    method: request.method ?? 'POST',
    headers: headers as Record<string, string>,
    ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
  });
  const text = Buffer.from(await answer.arrayBuffer());
  if (end === 'answer lost') {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, {
    'content-type': answer.headers.get('content-type') ?? 'application/x-amz-json-1.0',
    'content-length': text.length,
    ...(answer.headers.has('x-amz-crc32') ? { 'x-amz-crc32': answer.headers.get('x-amz-crc32') ?? '' } : {}),
  });
  response.end(text);
}
