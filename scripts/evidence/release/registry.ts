import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';

/** A package registry of npm's on a port of its own, which keeps what is published while it runs. */
export interface Registry {
  readonly url: string;
  /** Tarballs by name and version, `koogate@1.0.0`. */
  readonly tarballs: ReadonlyMap<string, Buffer>;
  stop(): Promise<void>;
}

/** Metadata of a package with one version or more. */
interface Packument {
  readonly name: string;
  readonly 'dist-tags': Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, { readonly dist: { readonly integrity: string } }>>;
}

interface Publication extends Packument {
  readonly _attachments: Readonly<Record<string, { readonly data: string }>>;
}

/** Starts a registry that takes packages from whoever has its token. */
export async function startRegistry(token: string): Promise<Registry> {
  const packuments = new Map<string, Packument>();
  const tarballs = new Map<string, Buffer>();

  const take = async (request: IncomingMessage): Promise<number> => {
    if (request.headers.authorization !== `Bearer ${token}`) return 401;
    const { _attachments, ...sent } = (await json(request)) as Publication;
    const [version = '', { dist } = { dist: { integrity: '' } }] = Object.entries(sent.versions)[0] ?? [];
    const tarball = Buffer.from(Object.values(_attachments)[0]?.data ?? '', 'base64');
    if (dist.integrity !== `sha512-${createHash('sha512').update(tarball).digest('base64')}`) return 400;
    if (tarballs.has(`${sent.name}@${version}`)) return 409;
    tarballs.set(`${sent.name}@${version}`, tarball);
    const before = packuments.get(sent.name);
    packuments.set(sent.name, { ...sent, versions: { ...before?.versions, ...sent.versions } });
    return 201;
  };

  const server = createServer(async (request, response) => {
    const [name = '', kind, file = ''] = decodeURIComponent(request.url ?? '')
      .slice(1)
      .split('/');
    const tarball = tarballs.get(`${name}@${file.slice(name.length + 1, -'.tgz'.length)}`);
    if (request.method === 'PUT') response.writeHead(await take(request)).end('{}');
    else if (kind === '-' && tarball !== undefined) response.writeHead(200).end(tarball);
    else if (kind === undefined && packuments.has(name)) response.end(JSON.stringify(packuments.get(name)));
    else response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"not found"}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The registry got no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    tarballs,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
