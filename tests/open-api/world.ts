import { inspect } from 'node:util';
import { expect } from '@jest/globals';
import {
  type ClientOptions,
  createMarketplaceClient,
  type MarketplaceClient,
  MarketplaceError,
  type UsageRecord,
} from '../../lib/open-api/index.ts';
import type { ApiName } from '../../scripts/marketplace/stand-in/open-api.ts';
import { type StandIn, startStandIn } from '../../scripts/marketplace/stand-in/server.ts';

export const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
export const KEYS = { accessKeyId: 'AKEXAMPLE', secretAccessKey: 'sk-never-shown-3f1c', securityToken: 'token-7f' };
/** Of the base interfaces, newest first. */
export const ACCESS_KEYS = ['access-key-newest-91', 'access-key-older-92'];

/** A client and the marketplace it talks to. */
export interface World {
  readonly standIn: StandIn;
  readonly client: MarketplaceClient;
  /** Milliseconds of the pauses between tries. */
  readonly pauses: number[];
  stop(): Promise<void>;
}

export async function startWorld(
  options: Partial<ClientOptions> = {},
  accessKey: string = ACCESS_KEYS[0] ?? '',
): Promise<World> {
  const pauses: number[] = [];
  const standIn = await startStandIn({ keys: KEYS, accessKey, clock: () => NOW });
  const { retry, ...others } = options;
  const client = createMarketplaceClient({
    site: { baseUrl: standIn.url },
    keys: async () => KEYS,
    accessKeys: ACCESS_KEYS,
    clock: () => NOW,
    retry: { random: () => 0, sleep: async (ms) => pauses.push(ms), ...retry },
    ...others,
  });
  return { standIn, client, pauses, stop: standIn.stop };
}

/** The error that a call ends in; it shows no secret, however it is printed. */
export async function failure(promise: Promise<unknown>): Promise<MarketplaceError> {
  const error = await promise.then(
    (value) => new Error(`there was an answer: ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof MarketplaceError)) throw error;
  const printed = `${error.stack} ${inspect(error, { depth: 9, showHidden: true })} ${JSON.stringify(error)}`;
  for (const secret of [...Object.values(KEYS), ...ACCESS_KEYS]) expect(printed).not.toContain(secret);
  expect(printed).not.toMatch(/[0-9a-f]{64}|Signature=/);
  return error;
}

/** A record of an hour's usage; numbers apart, so that none repeats another. */
export function record(number: number, change: Partial<UsageRecord> = {}): UsageRecord {
  const begin = NOW - (number + 2) * 3_600_000;
  return {
    instanceId: 'od-77',
    meteringSn: `sn-${number}`,
    recordTime: new Date(NOW - 60_000),
    beginTime: new Date(begin),
    endTime: new Date(begin + 3_600_000),
    usageValue: '99.5',
    ...change,
  };
}

/** One good call of each API. */
export const CALLS: Readonly<Record<ApiName, (client: MarketplaceClient) => Promise<unknown>>> = {
  'order query': (client) => client.queryOrder('MOCKPERIODYEARNEW'),
  upload: (client) => client.uploadText('evt-1', 'LICENCE'),
  'usage push': (client) => client.pushUsage([record(1)]),
  'old usage push': (client) => client.pushUsageOld([{ ...record(1), productId: 'product-1' }]),
  'licence activation': (client) => client.activateLicense('LIC-1'),
  'licence activation v2': (client) => client.activateLicenses(['LIC-1']),
  'licence query': (client) => client.queryLicense('LIC-ALIVE'),
  'licence query v2': (client) => client.queryLicenses(['LIC-ALIVE']),
  'software usage report': (client) => client.reportSoftwareUsage([{ license: 'LIC-ALIVE', activeNumber: 1 }]),
};
export const API_NAMES = Object.keys(CALLS) as ApiName[];
