import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** An answer of DynamoDB, laid out before it is asked for; one that is `silent` never comes, one that is `cut` ends half-way. */
export interface LaidOutAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly silent?: true;
  readonly cut?: true;
}

/** What came in. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A server that gives its answers in turn, whatever it is asked. @throws Error at a request too many: status 418. */
export async function startLaidOut(answers: readonly LaidOutAnswer[]) {
  const recorded: Recorded[] = [];
  const server = createServer(async (request, response) => {
    recorded.push(await record(request));
    const { status, body, headers, silent, cut } = answers[recorded.length - 1] ?? { status: 418, body: '{}' };
    if (cut) {
      response.writeHead(status, { 'content-length': '1000' });
      response.write(body, () => response.destroy());
    } else if (!silent) response.writeHead(status, { 'x-amzn-requestid': 'r1', ...headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    recorded,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function record(request: IncomingMessage): Promise<Recorded> {
  const { method = '', url: path = '' } = request;
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  return { method, path, headers, body: await text(request) };
}
