import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import type { SealingKey } from '../../../lib/secrets/secrets.ts';

/** Below which names the parameters are kept. */
const PREFIX = '/koogate/bench';

/** An installation's secrets, behind a stand-in for Parameter Store. */
export interface Parameters {
  /** Variables that a function's environment must hold to find them. */
  readonly environment: Readonly<Record<string, string>>;
  /** The key of the class `base`, with which the calls are signed. */
  readonly key: string;
  /** The newer of the product `kit`'s two keys of the class `kit`. */
  readonly kitKey: string;
  readonly sealing: Readonly<Record<'public' | 'private', SealingKey>>;
  stop(): Promise<void>;
}

/** Serves fresh secrets for the products `demo` (credentials encrypted on the wire), `plain` and `kit`. */
export async function startParameters(): Promise<Parameters> {
  const [base, general] = [randomBytes(18).toString('hex'), randomBytes(18).toString('hex')];
  const [wire, sealing] = [rsaPair(), rsaPair()];
  const accessKeys = { base: [base], general: [general] };
  const [kitKey, olderKitKey] = [randomBytes(18).toString('hex'), randomBytes(18).toString('hex')];
  const documents: Readonly<Record<string, unknown>> = {
    'products/demo': { accessKeys, credentialsKey: wire.public },
    'products/plain': { accessKeys: { base: [base], general: [randomBytes(18).toString('hex')] } },
    'products/kit': { accessKeys: { ...accessKeys, kit: [kitKey, olderKitKey] } },
    'sealing/personal-public': [{ kid: 'c1', key: sealing.public }],
    'sealing/credentials-public': [{ kid: 'c1', key: sealing.public }],
    'sealing/credentials-private': [{ kid: 'c1', key: sealing.private }],
  };
  const server = createServer(async (request, response) => {
    const { Name, Names } = (await json(request)) as { readonly Name?: string; readonly Names?: readonly string[] };
    const found = (Names ?? [Name ?? '']).flatMap((each) => {
      const value = documents[each.slice(PREFIX.length + 1)];
      return value === undefined ? [] : [{ Name: each, Value: JSON.stringify(value) }];
    });
    const [Parameter] = found;
    const isThere = Names !== undefined || Parameter !== undefined;
    response.writeHead(isThere ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
    const answer = Names === undefined ? { Parameter } : { Parameters: found };
    response.end(JSON.stringify(isThere ? answer : { __type: 'ParameterNotFound' }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The stand-in got no port.');
  return {
    key: base,
    kitKey,
    sealing: { public: { kid: 'c1', key: sealing.public }, private: { kid: 'c1', key: sealing.private } },
    environment: {
      KOOGATE_PARAMETERS: PREFIX,
      AWS_ENDPOINT_URL_SSM: `http://127.0.0.1:${address.port}`,
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function rsaPair(): { public: string; private: string } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
  return {
    public: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    private: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
