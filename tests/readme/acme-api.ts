import { type Listener, listen } from '../support/listen.ts';

/** The address that the examples call. */
const ADDRESS = 'https://api.acme.example.com';

/** A real server in the place of the one that the examples call. */
export type AcmeApi = Pick<Listener, 'close'>;

/** Serves `answer`, and leads requests for the examples' address there until it is closed. */
export async function startAcmeApi(answer: Parameters<typeof listen>[0]): Promise<AcmeApi> {
  const listener = await listen(answer);
  const { fetch } = globalThis;
  globalThis.fetch = (url, init) => fetch(String(url).replace(ADDRESS, listener.url), init);
  return {
    close: async () => {
      globalThis.fetch = fetch;
      await listener.close();
    },
  };
}
