import type { Config } from '../lib/config/config.ts';
import type { Product } from '../lib/config/products.ts';
import { furtherSites, sitesOf } from '../lib/config/stage.ts';
import type { Alongside } from '../lib/secrets/create.ts';
import type { Secrets } from '../lib/secrets/secrets.ts';

/*
 * Secrets that are read in the same moment as the first one of a call, so that a cold start waits for one reading and not
 * for one after the other. Each list stays within what the function's role may read (deploy/aws/), and is short enough for
 * one request of ten names.
 */

type Wish = (secrets: Secrets) => Promise<unknown>;

const credentialsPrivate: Wish = ({ sealing }) => sealing('credentials', 'private');
const credentialsPublic: Wish = ({ sealing }) => sealing('credentials', 'public');
const personalPrivate: Wish = ({ sealing }) => sealing('personal', 'private');
const personalPublic: Wish = ({ sealing }) => sealing('personal', 'public');
const kitPrivate: Wish = ({ sealing }) => sealing('kit', 'private');
const kitPublic: Wish = ({ sealing }) => sealing('kit', 'public');
const seller: Wish = (secrets) => secrets.seller();
const login: Wish = (secrets) => secrets.login();
const hmac: Wish = (secrets) => secrets.hmac();

/** Settings that decide which secrets are used at all. */
interface Used {
  readonly kit: boolean;
  /** A purchase may be carried out while the marketplace waits. */
  readonly inline: boolean;
  /** Credentials or licences are given out. */
  readonly opening: boolean;
  readonly backend: boolean;
  /** The cloud accounts whose open APIs may be called. */
  readonly accounts: readonly Wish[];
}

function usedBy(config: Config): Used {
  const { products, stages } = config;
  const sites = Object.values(stages).flatMap((stage) => furtherSites(sitesOf(config, stage)));
  const all = [...products.values()];
  const takes = (pattern: RegExp) => all.some(({ families }) => families.some((family) => pattern.test(family)));
  return {
    kit: takes(/^kit-/),
    inline: all.some(({ fulfilment }: Product) => fulfilment === 'inline') || takes(/^saas-v1$|^license-/),
    opening: takes(/^saas-|^license-/),
    backend:
      all.some(({ backend }) => backend !== undefined) ||
      Object.values(stages).some((stage) => stage.backend !== undefined || stage.products !== undefined),
    accounts: [undefined, ...new Set(sites)].map(
      (site): Wish =>
        (secrets) =>
          secrets.account(site),
    ),
  };
}

function produceWishes({ kit, inline, opening, backend, accounts }: Used): readonly Wish[] {
  return [
    ...(opening ? [credentialsPrivate] : []),
    ...(inline ? [credentialsPublic, personalPublic, hmac, ...accounts, ...(backend ? [seller] : [])] : []),
    ...(kit ? [kitPublic, personalPublic] : []),
  ];
}

function fulfilWishes({ kit, backend, accounts }: Used): readonly Wish[] {
  return [
    ...accounts,
    credentialsPublic,
    personalPublic,
    personalPrivate,
    hmac,
    ...(kit ? [kitPrivate] : []),
    ...(backend ? [seller] : []),
  ];
}

/** Makes what is read alongside, from the wishes of a function. */
function reading(wishes: (used: Used) => readonly Wish[]): (config: Config) => Alongside {
  return (config) => {
    const mine = [...new Set(wishes(usedBy(config)))];
    return (secrets) => mine.map((wish) => wish(secrets));
  };
}

/** Secrets read alongside, by function; `all` is for a process that is all functions. */
export const ALONGSIDE = {
  produce: reading(produceWishes),
  fulfil: reading(fulfilWishes),
  meter: reading(({ accounts }) => accounts),
  reconcile: reading(({ accounts }) => [personalPrivate, ...accounts]),
  login: reading(() => [login, kitPrivate]),
  all: reading((used) => [...produceWishes(used), ...fulfilWishes(used)]),
};
