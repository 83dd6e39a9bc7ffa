import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { takeLastConnections } from './last-connections.ts';

/** Milliseconds within which a request's head has to be there. */
const HEADERS_TIMEOUT_MS = 10_000;
/** Milliseconds within which a whole request has to be there. */
const REQUEST_TIMEOUT_MS = 15_000;
/** Milliseconds that a connection may lie idle between requests: longer than a load balancer keeps its own. */
const KEEP_ALIVE_MS = 75_000;
/** Milliseconds between two looks at what has timed out. */
const CHECK_MS = 1_000;
/** Milliseconds that connections without a request stay open at the end: a request may be on its way on them. */
const LAST_REQUESTS_MS = 1_000;
/** Bytes of a request's head. */
const MAX_HEADER_BYTES = 16 * 1024;
/** Connections that may be open without a request; the one that has lain longest makes room. */
const MAX_IDLE = 1_000;
/** Connections at all. */
const MAX_CONNECTIONS = 4_000;

/** Statuses for what is no HTTP, by the parser's code; anything else is 400. */
const STATUS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** An HTTP server, and its end. */
export interface Listener {
  readonly server: Server;
  /**
   * Takes the connections that have come about and no more, and waits for the answers under way. Connections that lie idle end a moment later, so that a
   * request that is on its way already is answered.
   */
  close(): Promise<void>;
  /** Ends everything at once. */
  closeAll(): void;
}

/** Limits that a test makes smaller. */
export interface ListenerLimits {
  readonly headersTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
  readonly maxIdle?: number;
  readonly lastRequestsMs?: number;
}

/**
 * Creates an HTTP server that nobody can hold up: heads, requests and idle connections end by themselves, and what is no
 * HTTP is answered in one line and closed, without a line in the log.
 * @param handle never throws
 */
export function createListener(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  {
    headersTimeoutMs = HEADERS_TIMEOUT_MS,
    requestTimeoutMs = REQUEST_TIMEOUT_MS,
    maxIdle = MAX_IDLE,
    lastRequestsMs = LAST_REQUESTS_MS,
  }: ListenerLimits = {},
): Listener {
  const server = createServer({
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: Math.min(CHECK_MS, headersTimeoutMs),
    maxHeaderSize: MAX_HEADER_BYTES,
    requireHostHeader: false, // a balancer's probe may have none
  });
  server.maxConnections = MAX_CONNECTIONS;
  const open = new Set<Socket>();
  const idle = new Set<Socket>();
  const busy = new WeakMap<Socket, number>(); // requests under way: a client may send the next before the last is answered
  const rest = (socket: Socket) => {
    if (!socket.destroyed && !busy.get(socket)) idle.add(socket);
    const [longest] = idle;
    if (idle.size > maxIdle) longest?.destroy();
  };
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => {
      open.delete(socket);
      idle.delete(socket);
    });
    rest(socket);
  });
  const take = (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    idle.delete(socket);
    busy.set(socket, (busy.get(socket) ?? 0) + 1);
    response.on('close', () => {
      busy.set(socket, (busy.get(socket) ?? 1) - 1);
      if (server.listening) rest(socket);
      else socket.destroySoon();
    });
    request.on('error', () => {}); // a client that hangs up; whoever reads the body is told
    response.on('error', () => {});
    void handle(request, response);
  };
  server.on('request', take);
  server.on('checkContinue', take); // whoever reads the body says that it may come
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    socket.end(
      `HTTP/1.1 ${STATUS[error.code ?? ''] ?? '400 Bad Request'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    );
    return undefined;
  });
  return {
    server,
    close: () =>
      new Promise((resolve) => {
        const end = () => {
          server.close();
          for (const socket of idle) socket.destroy(); // also those that have never sent anything
        };
        takeLastConnections(server, open, () => {
          Reflect.apply(NetServer.prototype.close, server, [resolve]); // HTTP's own would end idle connections at once
          const last = setTimeout(() => setImmediate(end), lastRequestsMs); // what has arrived meanwhile is read first
          server.once('close', () => {
            clearTimeout(last);
            end();
          });
        });
      }),
    closeAll: () => server.closeAllConnections(),
  };
}
