import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CallForm, Setup } from '../../scripts/console/shapes.ts';
import { KEYS, type Running, referenceSettings, startServer } from '../cli/reference/server.ts';
import type { Settings } from '../cli/reference/settings.ts';
import { temporaryFolder } from '../support/command.ts';
import { rsaPair } from '../support/rsa.ts';

/** Key pair of the seller's account. */
export const ACCOUNT = { accessKeyId: 'AK', secretAccessKey: 'SK' };

/** A seller's server that does everything right until it is told otherwise, and the secrets file that fits it. */
export interface ConsoleSeller {
  readonly at: string;
  readonly folder: string;
  readonly secrets: string;
  readonly setup: Setup;
  /** While true, answers carry no Body-Sign. */
  unsigned: boolean;
  /** The bodies that were received. */
  readonly received: string[];
  stop(): Promise<void>;
}

export async function startConsoleSeller(keys: Settings['keys'] = KEYS): Promise<ConsoleSeller> {
  const folder = temporaryFolder();
  const pair = rsaPair();
  const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' });
  const secrets = join(folder.path, 'secrets.json');
  writeFileSync(
    secrets,
    JSON.stringify({
      products: { demo: { accessKeys: keys, kitPrivateKey: pem } },
      marketplace: { privateKey: pem, ...ACCOUNT },
    }),
  );
  const right = referenceSettings({ keys, privateKey: pair.privateKey });
  const received: string[] = [];
  const server: Running = await startServer({
    ...right,
    verify: (heard, settings) => {
      received.push(heard.body.toString('utf8'));
      return right.verify(heard, settings);
    },
    bodySign: (...signed) => (seller.unsigned ? undefined : right.bodySign(...signed)),
  });
  const seller: ConsoleSeller = {
    at: server.at,
    folder: folder.path,
    secrets,
    setup: {
      products: [{ name: 'demo', at: server.at, families: ['saas-v2', 'saas-v1', 'kit-v2'], kinds: ['saas-once'] }],
      families: [{ name: 'saas-v2', activities: ['newInstance', 'queryInstance'] }],
    },
    unsigned: false,
    received,
    stop: async () => {
      await server.close();
      folder.remove();
    },
  };
  return seller;
}

/** A debugging call to the seller. */
export function formOf(at: string, over: Partial<CallForm> = {}): CallForm {
  return {
    product: 'demo',
    at,
    family: 'saas-v2',
    activity: 'newInstance',
    charging: 'period',
    test: true,
    members: { activity: 'newInstance', businessId: 'b-1', orderId: 'CS-1', orderLineId: 'CS-1-000001', testFlag: '1' },
    ...over,
  };
}
