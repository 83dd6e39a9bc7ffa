import { type StandIn, type StandInKeys, startStandIn } from './server.ts';

/** A seller's account at one site of the marketplace. */
export interface SiteAccount {
  readonly keys: StandInKeys;
  /** Access keys of the base interfaces of the products that are sold there. */
  readonly accessKey: readonly string[];
}

/** Several sites of the marketplace on loopback, each with orders, licences and a ledger of its own. */
export interface StandInSites<Name extends string> {
  readonly sites: Readonly<Record<Name, StandIn>>;
  stop(): Promise<void>;
}

/**
 * Starts a stand-in for each site. Each knows its own account alone: a call with the keys of another is refused.
 * @param ordersFile file with orders that each of them has
 */
export async function startSites<Name extends string>(
  accounts: Readonly<Record<Name, SiteAccount>>,
  clock: () => number = Date.now,
  ordersFile?: string,
): Promise<StandInSites<Name>> {
  const started: [string, StandIn][] = [];
  for (const [name, account] of Object.entries<SiteAccount>(accounts)) {
    started.push([name, await startStandIn({ ...account, clock, ...(ordersFile !== undefined && { ordersFile }) })]);
  }
  return {
    sites: Object.fromEntries(started) as Record<Name, StandIn>,
    stop: async () => {
      await Promise.all(started.map(([, standIn]) => standIn.stop()));
    },
  };
}
