import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** What becomes of a request that the proxy has read whole. */
export type Fate =
  | 'pass'
  /** It is carried out, and the connection ends before the answer. */
  | 'lose the answer'
  /** It never arrives. */
  | 'swallow'
  /** It is answered with an error of this SQLSTATE. */
  | { readonly refuse: string };

/** A request on its way to the database: what one round trip carries. */
export interface Request {
  /** Text of its statement. */
  readonly text: string;
  /** Name of the prepared statement; empty for none. */
  readonly name: string;
  /** Number of its connection, from 1 on. */
  readonly connection: number;
}

/** A proxy between PostgreSQL's client and server that reads requests, counts them, and decides what becomes of them. */
export class PostgresProxy {
  readonly requests: Request[] = [];
  /** Decides about each request; waits as long as it likes. */
  fate: (request: Request) => Fate | Promise<Fate> = () => 'pass';
  /** Port of the server that new connections lead to. */
  target: number;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  /** Connections so far. */
  connections = 0;

  constructor(target: number) {
    this.target = target;
    this.server = createServer((client) => this.join(client));
  }

  async start(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  get port(): number {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
    return address.port;
  }

  /** Ends all connections. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.server.close();
    this.cut();
    await once(this.server, 'close');
  }

  private join(client: Socket): void {
    const server = connect(this.target, '127.0.0.1');
    const ends = [client, server];
    for (const socket of ends) {
      this.sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.sockets.delete(socket);
        for (const end of ends) end.destroy();
      });
    }
    let losesAnswer = false;
    let isInTransaction = false;
    server.on('data', (answer) => {
      if (losesAnswer) client.destroy();
      else client.write(answer);
    });
    this.connections += 1;
    const reader = new RequestReader(this.connections);
    let queue = Promise.resolve();
    client.on('data', (data) => {
      for (const { bytes, request } of reader.read(data)) {
        queue = queue.then(async () => {
          if (request === undefined) {
            server.write(bytes);
            return;
          }
          this.requests.push(request);
          const fate = await this.fate(request);
          if (fate === 'pass' && request.text.startsWith('BEGIN')) isInTransaction = true;
          if (fate === 'pass' && /^(COMMIT|ROLLBACK)$/.test(request.text)) isInTransaction = false;
          if (typeof fate === 'object') client.write(errorAnswer(fate.refuse, isInTransaction));
          else if (fate !== 'swallow') server.write(bytes);
          losesAnswer = fate === 'lose the answer';
        });
      }
    });
  }
}

/** Cuts what a client sends into requests; what belongs to none (start, password, end) passes as it is. */
class RequestReader {
  private rest = Buffer.alloc(0);
  private parts: Buffer[] = [];
  private request: Request | undefined;
  private hasStarted = false;
  private readonly connection: number;

  constructor(connection: number) {
    this.connection = connection;
  }

  *read(data: Buffer): Generator<{ readonly bytes: Buffer; readonly request: Request | undefined }> {
    this.rest = Buffer.concat([this.rest, data]);
    for (;;) {
      const start = this.hasStarted ? 1 : 0;
      if (this.rest.length < start + 4) return;
      const length = start + this.rest.readUInt32BE(start);
      if (this.rest.length < length) return;
      const message = this.rest.subarray(0, length);
      this.rest = this.rest.subarray(length);
      const type = this.hasStarted ? message.toString('latin1', 0, 1) : '';
      this.hasStarted = true;
      this.parts.push(message);
      const { connection } = this;
      if (type === 'Q') this.request = { text: message.toString('utf8', 5, length - 1), name: '', connection };
      if (type === 'P') {
        const [name = '', text = ''] = message.toString('utf8', 5).split('\0');
        this.request = { text, name, connection };
      }
      if (!['Q', 'S', 'X', 'p', ''].includes(type)) continue;
      yield { bytes: Buffer.concat(this.parts), request: this.request };
      this.parts = [];
      this.request = undefined;
    }
  }
}

/** An error, and that the server is ready for the next request. */
function errorAnswer(sqlstate: string, isInTransaction: boolean): Buffer {
  const fields = Buffer.from(`SERROR\0VERROR\0C${sqlstate}\0Mrefused by the test\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeUInt32BE(fields.length + 4, 1);
  const ready = Buffer.from([0x5a, 0, 0, 0, 5, isInTransaction ? 0x45 : 0x49]); // E: failed, I: idle
  return Buffer.concat([head, fields, ready]);
}
