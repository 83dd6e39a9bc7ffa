import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Body of a request or of an answer of the interface of DynamoDB. */
export type Body = Record<string, unknown>;

/** An answer: an error's body has the member `__type`. */
export interface Reply {
  readonly status: number;
  readonly body: Body;
}

/** Sends a request on to the engine. */
export type Forward = (operation: string, body: Body) => Promise<Reply>;

/** What a proxy does with a request. */
export type Intercept = (operation: string, body: Body, forward: Forward) => Promise<Reply>;

/** An engine's error. */
export function failure(name: string, message = name): Reply {
  return { status: 400, body: { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message } };
}

/** Starts a server with the interface of DynamoDB in front of an engine: it may change whatever passes. */
export async function startProxy(endpoint: string, intercept: Intercept) {
  const forward: Forward = async (operation, body) => {
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        'x-amz-date': '20260101T000000Z',
        authorization:
          'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as Body };
  };
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const { status, body } = await intercept(operation, JSON.parse(Buffer.concat(parts).toString()), forward).catch(
      (error: Error) => ({ status: 500, body: { __type: 'InternalServerError', message: error.message } }),
    );
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
