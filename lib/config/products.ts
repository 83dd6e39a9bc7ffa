import { checkedUrl } from '../http.ts';
import { SITE, SITE_RULE, type SiteName } from '../open-api/sites.ts';
import type { Family } from '../protocol/call.ts';
import type { OaepHashes } from '../protocol/kit/client-secret.ts';
import type { Seller } from '../seller/contract.ts';

/** Scheme in which user name and password travel to the marketplace. */
export type CredentialScheme =
  | { readonly scheme: 'plain' }
  | {
      readonly scheme: 'rsa-oaep';
      readonly hash: 'sha1' | 'sha256';
      readonly mgf1Hash: 'sha1' | 'sha256';
    }
  /** As V1.0 has it, with a key made of the access key: the size is the one chosen in the seller console. */
  | { readonly scheme: 'aes-256' | 'aes-128' };

/** The login of a joint-operation product; addresses are https, or http on loopback. */
export interface LoginSettings {
  /** `oauth2`, the unified login, unless given; `cas3` for applications that the workbench opens with a ticket. */
  readonly protocol?: 'oauth2' | 'cas3';
  /** The application's id in the app credential. */
  readonly appId: string;
  /** The credential's login address, or CAS callback: `https://<your host>/login/<product>/callback`. */
  readonly callbackUrl: string;
  /** The seller's own site, to which users return. */
  readonly siteUrl: string;
}

/** One product: everything about it that is not secret. */
export interface Product {
  /**
   * Permanent: keys, derived instance ids, change ids, nonces, secrets, sealing and metrics are made of it. Its first name
   * unless another is given; lower-case letters, digits and hyphens.
   */
  readonly id: string;
  /** First path segment below `/produce/`, which may change: lower-case letters, digits and hyphens. */
  readonly name: string;
  /** Further path segments that lead to the product: its names of before, the oldest first. */
  readonly formerNames: readonly string[];
  /** Which calls it takes. */
  readonly families: readonly Family[];
  readonly credentials: CredentialScheme;
  /** For products that take V1.0 beside V2.0: the key size of V1.0, where `credentials` is V2.0's. AES-256 unless given. */
  readonly credentialsV1?: { readonly scheme: 'aes-256' | 'aes-128' };
  /**
   * `async`: newInstance is answered at once (000004) and the purchase carried out afterwards.
   * `inline`: newInstance waits for the seller's code up to 3.5 s after the gateway took the call; then as `async`.
   */
  readonly fulfilment: 'async' | 'inline';
  /**
   * True if the product is charged on demand or as a package. Then the instances of an order (V2.0: of an order line)
   * are distinguished by their productId; otherwise an order is one instance, whatever productId a delivery names.
   */
  readonly onDemand: boolean;
  /**
   * V1.0 and License 1.0: whether a renewal with a future expiry lets in again who was shut out for expiry alone, since no
   * document promises a separate call for that.
   */
  readonly renewalUnfreezes: boolean;
  /** Milliseconds one attempt of a hook may take in `fulfil`; at most 240 000. */
  readonly hookTimeout: number;
  /**
   * Milliseconds after which a purchase that never succeeded is FAILED: the marketplace has given the order up by then. Its
   * documents name two to three hours; the longer is the default, since an order lost is worse than one made in vain.
   */
  readonly provisionWindow: number;
  /**
   * V1.0 and License 1.0: milliseconds for which a signed call is taken that hands out credentials or a licence. Their
   * interfaces name no window, and a call is one address, which logs on the way may keep; at least 60 000.
   */
  readonly v1ReadWindow: number;
  /**
   * `required`: every usage record names the package it charges, as the marketplace demands for products whose packages
   * stop when used up. `optional`: the marketplace charges packages by itself unless one is named.
   */
  readonly packageUsage: 'optional' | 'required';
  /**
   * Page where a buyer sees what was used, https; `{instanceId}` stands for the instance. Shown with the usage of on-demand
   * instances and packages, unless the seller's code names another.
   */
  readonly dashboardUrl?: string;
  /**
   * Records that the Kit's debugging calls leave behind. `ignore`: none, as with every other interface. `store`: the
   * same as real ones, marked as tests, so that the test tenant of the seller console can log in.
   */
  readonly kitTest: 'ignore' | 'store';
  /** The hashes that the Kit's client secrets are tried with first: no page names them. */
  readonly kitOaep: OaepHashes;
  /** Settings of the login, if KooGate's login function signs users in. */
  readonly login?: LoginSettings;
  /**
   * Address of the backend that the HTTP seller posts the product's changes to, wherever a stage names no other. Without
   * one the seller's own code in `seller` carries them out.
   */
  readonly backend?: string;
  /** Site of the marketplace that it is sold on, by its name or address; the stage's unless given. */
  readonly site?: SiteName | (string & {});
  readonly seller: Seller;
}

/** Settings that a seller states about a product: `seller` or `backend`; the rest has defaults. */
export type ProductSettings = Partial<Omit<Product, 'name' | 'seller'>> &
  (Pick<Product, 'seller'> | { readonly seller?: Seller; readonly backend: string });

/** The products of an installation by id. */
export type Products = ReadonlyMap<string, Product>;

const HOUR = 3_600_000;

const DEFAULTS: Omit<Product, 'id' | 'name' | 'seller'> = {
  formerNames: [],
  families: ['saas-v2', 'order-notify'],
  credentials: { scheme: 'plain' },
  fulfilment: 'async',
  onDemand: false,
  renewalUnfreezes: true,
  hookTimeout: 30_000,
  provisionWindow: 3 * HOUR,
  v1ReadWindow: 24 * HOUR,
  kitTest: 'ignore',
  kitOaep: { hash: 'sha256', mgf1Hash: 'sha256' },
  packageUsage: 'optional',
};

const NAME = /^[a-z0-9-]{1,64}$/;

/**
 * Completes and checks the products of an installation.
 * @param settings by name, the last part of the product's production address.
 * @returns by id.
 * @throws Error with a sentence that says which setting of which product to change.
 */
export function defineProducts(settings: Readonly<Record<string, ProductSettings>>): Products {
  const products = new Map<string, Product>();
  for (const [name, own] of Object.entries(settings)) {
    const product = complete(name, own);
    check(product);
    const other = products.get(product.id);
    if (other !== undefined) {
      throw new Error(`Products "${other.name}" and "${name}" have the same id "${product.id}": each needs its own.`);
    }
    products.set(product.id, product);
  }
  if (products.size === 0) throw new Error('No product is defined: add one to "products" of koogate.config.ts.');
  productsByPath(products);
  return products;
}

/**
 * Products by the path segments that lead to them, former names included.
 * @throws Error if two products claim the same segment
 */
export function productsByPath(products: Products): ReadonlyMap<string, Product> {
  const paths = new Map<string, Product>();
  for (const product of products.values()) {
    for (const segment of new Set([product.name, ...product.formerNames])) {
      const other = paths.get(segment);
      if (other !== undefined) {
        throw new Error(
          `Products "${other.name}" and "${product.name}" both lead from the address "${segment}": ` +
            'take it out of the formerNames of one.',
        );
      }
      paths.set(segment, product);
    }
  }
  return paths;
}

function complete(name: string, own: ProductSettings): Product {
  const isV1 = own.families?.includes('saas-v1') === true && !own.families.includes('saas-v2');
  const credentials = own.credentials ?? (isV1 ? { scheme: 'aes-256' } : DEFAULTS.credentials);
  const id = own.id ?? own.formerNames?.[0] ?? name;
  return { ...DEFAULTS, ...own, credentials, name, id, seller: own.seller ?? absentSeller(name) };
}

/** Stands for the code of a product that a backend serves; is never called while the backend's address is known. */
function absentSeller(name: string): Seller {
  const missing = async (): Promise<never> => {
    throw new Error(`Product "${name}" has neither a seller nor, in this stage, a backend: set one of them.`);
  };
  return { provision: missing, renew: missing, freeze: missing, unfreeze: missing, upgrade: missing, release: missing };
}

function check(product: Product): void {
  const { name, id, formerNames, families, credentials, credentialsV1, login, backend, site, dashboardUrl } = product;
  const { hookTimeout, provisionWindow, v1ReadWindow } = product;
  const refuse = (sentence: string): never => {
    throw new Error(`Product "${name}": ${sentence}`);
  };
  if (!NAME.test(name)) refuse('a name has 1 to 64 lower-case letters, digits and hyphens.');
  if (!NAME.test(id)) refuse(`its id "${id}" must have 1 to 64 lower-case letters, digits and hyphens.`);
  for (const former of formerNames) {
    if (!NAME.test(former)) {
      refuse(`its former name "${former}" must have 1 to 64 lower-case letters, digits and hyphens.`);
    }
  }
  if (families.includes('saas-v1') && !families.includes('saas-v2') && !credentials.scheme.startsWith('aes-')) {
    refuse('V1.0 encrypts credentials with AES; its credentials are aes-256 or aes-128.');
  }
  if (credentialsV1 !== undefined && !credentialsV1.scheme.startsWith('aes-')) {
    refuse('credentialsV1 is the key size of V1.0: its scheme is aes-256 or aes-128.');
  }
  if (!(hookTimeout >= 1_000 && hookTimeout <= 240_000)) refuse('hookTimeout is in milliseconds, 1000 to 240000.');
  if (!(provisionWindow > 0)) refuse('provisionWindow is in milliseconds and above 0.');
  if (!(v1ReadWindow >= 60_000)) refuse('v1ReadWindow is in milliseconds and at least 60000.');
  if (families.length === 0) refuse('families is empty, so the product could not be called at all.');
  if (dashboardUrl !== undefined && !/^https:\/\/\S{1,292}$/.test(dashboardUrl)) {
    refuse('dashboardUrl must be an https address of at most 300 characters; {instanceId} stands for the instance.');
  }
  if (site !== undefined && !SITE.test(site)) refuse(`site ${SITE_RULE}, but is "${site}".`);
  if (backend !== undefined) checkedUrl(backend, `Product "${name}": backend`);
  if (login !== undefined) {
    checkedUrl(login.callbackUrl, `Product "${name}": login.callbackUrl`);
    checkedUrl(login.siteUrl, `Product "${name}": login.siteUrl`);
  }
}
