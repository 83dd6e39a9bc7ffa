import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

/** Behaviour of one product's backend: it works, never answers, or always fails. */
export type Mood = 'works' | 'hangs' | 'fails';

/** The backends of all products behind one address, which keep each effect by its key. */
export interface Backends {
  readonly url: string;
  /** Effects by instance: the event of each key, once. */
  readonly effects: ReadonlyMap<string, readonly string[]>;
  readonly moods: Map<string, Mood>;
  stop(): Promise<void>;
}

const access = { frontEndUrl: 'https://tenant.example.com', userName: 'owner', password: 'first' };

export async function startBackends(): Promise<Backends> {
  const known = new Set<string>();
  const effects = new Map<string, string[]>();
  const moods = new Map<string, Mood>();
  const http = createServer(async (request, response) => {
    const product = request.url?.split('/')[1] ?? '';
    const key = String(request.headers['webhook-id']);
    const { event, instance } = (await json(request)) as { event: string; instance: { instanceId: string } };
    const mood = moods.get(product) ?? 'works';
    if (mood === 'hangs') return; // whoever waits gives up
    if (mood === 'fails') return void response.writeHead(500).end();
    if (!known.has(key)) effects.set(instance.instanceId, [...(effects.get(instance.instanceId) ?? []), event]);
    known.add(key);
    response.end(JSON.stringify(event === 'provision' ? { access } : {}));
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('The backends got no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    effects,
    moods,
    stop: async () => {
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}
