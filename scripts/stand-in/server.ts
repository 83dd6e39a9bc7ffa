import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { OpenApi } from './open-api.ts';
import { orderQuery } from './order-query.ts';
import { createOrderBook, type OrderBook } from './orders.ts';
import { refuseSignature } from './signature.ts';

/** The marketplace's open APIs on loopback. */
export interface StandIn {
  readonly url: string;
  readonly orders: OrderBook;
  /** Numbers of the orders given out so far, in the order of the calls. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

/** Starts a stand-in for the marketplace's open APIs that takes requests signed with the keys, and nothing else. */
export async function startStandIn(options: {
  keys: { readonly accessKeyId: string; readonly secretAccessKey: string };
  port?: number;
  clock?: () => number;
}): Promise<StandIn> {
  const { keys, port = 0, clock = Date.now } = options;
  const orders = createOrderBook();
  const asked: string[] = [];
  const apis: readonly OpenApi[] = [orderQuery(orders, (orderId) => asked.push(orderId))];

  const answer = async (incoming: IncomingMessage): Promise<{ status: number; body: unknown }> => {
    const { method = '', url: target = '/', headers } = incoming;
    const body = await buffer(incoming);
    const { pathname, searchParams } = new URL(target, 'http://stand-in');
    const api = apis.find((one) => one.method === method && one.path === pathname);
    if (api === undefined) return { status: 404, body: gatewayBody('APIG.0101', 'The API does not exist') };
    const refusal = refuseSignature({ method, target, headers, body }, keys, clock());
    if (refusal !== undefined) return { status: refusal.status, body: gatewayBody(refusal.code, refusal.message) };
    return api.answer({ query: searchParams, body, now: clock() });
  };

  const server = createServer((incoming, outgoing) => {
    answer(incoming).then(
      ({ status, body }) => send(outgoing, status, body),
      (error) => send(outgoing, 500, { resultCode: 'MKT.0999', resultMsg: String(error) }),
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The stand-in got no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    orders,
    asked,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function gatewayBody(code: string, message: string): unknown {
  return { error_code: code, error_msg: message, request_id: 'stand-in' };
}

function send(outgoing: ServerResponse, status: number, body: unknown): void {
  outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
