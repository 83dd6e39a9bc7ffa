import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ValiError } from 'valibot';
import { Problem } from '../cli/terminal/problem.ts';
import { type Api, type ApiOptions, createApi, STREAMED, type Tell } from './api.ts';
import { type Assets, loadAssets } from './assets.ts';
import { Forbidden, refusal, SECURITY_HEADERS } from './guard.ts';
import { readJson } from './read-body.ts';
import type { Said } from './shapes.ts';

/** The console while it is served. */
export interface ConsoleServer {
  readonly port: number;
  readonly token: string;
  /** With the token in its fragment: for the person who started it, and for nobody's log. */
  readonly url: string;
  stop(): Promise<void>;
}

/** So many ports are tried, from the wanted one on. */
const PORTS = 20;

/** Place where a page is served. */
interface Served {
  readonly port: number;
  /** Another token than one made up now. */
  readonly token?: string;
}

/** Serves the console of `npm start` on 127.0.0.1. @throws Error if none of the ports is free */
export function startConsole(options: ApiOptions & Served): Promise<ConsoleServer> {
  return serveApi({ ...options, api: createApi(options), streamed: STREAMED });
}

/** Serves a page's API on 127.0.0.1, with the page. @throws Error if none of the ports is free */
export async function serveApi(
  options: Served & {
    readonly api: Api;
    /** Paths whose answers come in lines. */
    readonly streamed: ReadonlySet<string>;
  },
): Promise<ConsoleServer> {
  const assets = await loadAssets();
  const { token = randomBytes(24).toString('base64url') } = options;
  const server = createServer((request, response) => {
    const own = { port: portOf(server), token };
    answer(request, response, own, { ...options, assets }).catch(() => response.destroy());
  });
  server.requestTimeout = 30_000;
  await listen(server, options.port);
  const port = portOf(server);
  return {
    port,
    token,
    url: `http://127.0.0.1:${port}/#token=${token}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  own: { readonly port: number; readonly token: string },
  { assets, api, streamed }: { readonly assets: Assets; readonly api: Api; readonly streamed: ReadonlySet<string> },
): Promise<void> {
  const [path = ''] = (request.url ?? '').split('?');
  const asset = assets.get(path);
  const refused = refusal(request.headers, asset !== undefined, own);
  if (refused !== undefined) return refuse(response, refused.status, { id: refused.id });
  if (asset !== undefined) return sendAsset(request, response, asset);
  const endpoint = api.get(path);
  if (endpoint === undefined) return refuse(response, 404, { id: 'page.refused.path' });
  if (request.method !== 'POST') return refuse(response, 405, { id: 'page.refused.method' });
  const body = await readJson(request);
  if ('refused' in body) return refuse(response, body.refused.status, { id: body.refused.id });
  if (streamed.has(path)) return stream(response, (tell) => endpoint(body.value, tell));
  try {
    const result = await endpoint(body.value, () => {});
    send(response, 200, 'application/json', JSON.stringify(result));
  } catch (error) {
    const { status, said } = problemOf(error);
    refuse(response, status, said);
  }
}

/** Nobody waits for the rest of a long answer. */
class Gone extends Error {}

/** One JSON text a line, each sent as soon as it is known; the work ends once nobody waits for it. */
async function stream(response: ServerResponse, run: (tell: Tell) => unknown): Promise<void> {
  response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': 'application/x-ndjson' });
  const tell: Tell = (line) => {
    if (response.destroyed) throw new Gone();
    response.write(`${JSON.stringify(line)}\n`);
  };
  try {
    await run(tell);
  } catch (error) {
    if (error instanceof Gone) return;
    response.write(`${JSON.stringify({ problem: problemOf(error).said })}\n`);
  }
  response.end();
}

function sendAsset(
  { method }: IncomingMessage,
  response: ServerResponse,
  { type, content }: { readonly type: string; readonly content: Uint8Array },
): void {
  if (method === 'GET' || method === 'HEAD') send(response, 200, type, method === 'HEAD' ? '' : content);
  else refuse(response, 405, { id: 'page.refused.method' });
}

function refuse(response: ServerResponse, status: number, problem: Said): void {
  if (status === 413) response.setHeader('connection', 'close'); // the rest of the body is not waited for
  send(response, status, 'application/json', JSON.stringify({ problem }));
}

function send(response: ServerResponse, status: number, type: string, content: string | Uint8Array): void {
  response.writeHead(status, { ...SECURITY_HEADERS, 'content-type': type });
  response.end(content);
}

/** Reports what a person can put right; a defect goes to the terminal, and the page learns only that there is one. */
function problemOf(error: unknown): { status: number; said: Said } {
  if (error instanceof Forbidden) return { status: 403, said: { id: error.id } };
  if (error instanceof Problem) return { status: 400, said: { id: error.id, values: error.values } };
  if (error instanceof ValiError) return { status: 400, said: { id: 'page.refused.shape' } };
  console.error('The console failed.', error);
  return { status: 500, said: { id: 'page.problem.defect' } };
}

async function listen(server: Server, wanted: number): Promise<void> {
  for (let port = wanted; ; port += 1) {
    const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      server.once('error', resolve);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', resolve);
        resolve(undefined);
      });
    });
    if (error === undefined) return;
    if (error.code !== 'EADDRINUSE' || port >= Math.min(wanted + PORTS - 1, 65_535)) throw error;
  }
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
