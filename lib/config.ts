import { checkedUrl } from './http.ts';
import type { Family } from './protocol/call.ts';
import type { OaepHashes } from './protocol/kit/client-secret.ts';
import type { Seller } from './seller/contract.ts';

/** How user name and password travel to the marketplace. */
export type CredentialScheme =
  | { readonly scheme: 'plain' }
  | {
      readonly scheme: 'rsa-oaep';
      readonly hash: 'sha1' | 'sha256';
      readonly mgf1Hash: 'sha1' | 'sha256';
    }
  /** As V1.0 has it, with a key made of the access key: the size is the one chosen in the seller console. */
  | { readonly scheme: 'aes-256' | 'aes-128' };

/** The unified login of a joint-operation product; addresses are https, or http on loopback. */
export interface LoginSettings {
  /** The application's id in the app credential. */
  readonly appId: string;
  /** The credential's login address: `https://<your host>/login/<product>/callback`. */
  readonly callbackUrl: string;
  /** The seller's own site, to which users return. */
  readonly siteUrl: string;
}

/** One product: everything about it that is not secret. */
export interface Product {
  /** First path segment below `/produce/`: lower-case letters, digits and hyphens. */
  readonly name: string;
  /** Which calls it takes. */
  readonly families: readonly Family[];
  readonly credentials: CredentialScheme;
  /**
   * `async`: newInstance is answered at once (000004) and the purchase carried out afterwards.
   * `inline`: newInstance waits for the seller's code up to 3.5 s after the gateway took the call; then as `async`.
   */
  readonly fulfilment: 'async' | 'inline';
  /**
   * V1.0: whether the product is charged on demand or as a package. Then an order's instances are told apart by their
   * productId; otherwise an order is one instance, whatever productId a delivery names.
   */
  readonly onDemand: boolean;
  /**
   * V1.0 and License 1.0: whether a renewal with a future expiry lets in again who was shut out for expiry alone, since no
   * document promises a separate call for that.
   */
  readonly renewalUnfreezes: boolean;
  /** Milliseconds one attempt of a hook may take in `fulfil`; at most 240 000. */
  readonly hookTimeout: number;
  /** Milliseconds after which a purchase that never succeeded is FAILED: the marketplace has given the order up by then. */
  readonly provisionWindow: number;
  /**
   * `required`: every usage record names the package it charges, as the marketplace demands for products whose packages
   * stop when used up. `optional`: the marketplace charges packages by itself unless one is named.
   */
  readonly packageUsage: 'optional' | 'required';
  /**
   * What the Kit's debugging calls leave behind. `ignore`: nothing, as with every other interface. `store`: the same as
   * real ones, marked as tests, so that the test tenant of the seller console can log in.
   */
  readonly kitTest: 'ignore' | 'store';
  /** The hashes that the Kit's client secrets are tried with first: no page names them. */
  readonly kitOaep: OaepHashes;
  /** Where users are signed in, if KooGate's login function does it. */
  readonly login?: LoginSettings;
  readonly seller: Seller;
}

/** What a seller states about a product; the rest has defaults. */
export type ProductSettings = Partial<Omit<Product, 'name' | 'seller'>> & Pick<Product, 'seller'>;

const HOUR = 3_600_000;

const DEFAULTS: Omit<Product, 'name' | 'seller'> = {
  families: ['saas-v2', 'order-notify'],
  credentials: { scheme: 'plain' },
  fulfilment: 'async',
  onDemand: false,
  renewalUnfreezes: true,
  hookTimeout: 30_000,
  provisionWindow: 4 * HOUR,
  kitTest: 'ignore',
  kitOaep: { hash: 'sha256', mgf1Hash: 'sha256' },
  packageUsage: 'optional',
};

/**
 * Completes and checks the products of an installation.
 * @throws Error with a sentence that says which setting of which product to change.
 */
export function defineProducts(settings: Readonly<Record<string, ProductSettings>>): ReadonlyMap<string, Product> {
  const products = new Map<string, Product>();
  for (const [name, own] of Object.entries(settings)) {
    if (!/^[a-z0-9-]{1,64}$/.test(name)) {
      throw new Error(`Product "${name}": a name has 1 to 64 lower-case letters, digits and hyphens.`);
    }
    const isV1 = own.families?.includes('saas-v1') === true;
    const credentials = own.credentials ?? (isV1 ? { scheme: 'aes-256' } : DEFAULTS.credentials);
    const product: Product = { ...DEFAULTS, ...own, credentials, name };
    if (isV1 && !credentials.scheme.startsWith('aes-')) {
      throw new Error(`Product "${name}": V1.0 encrypts credentials with AES; its credentials are aes-256 or aes-128.`);
    }
    if (!(product.hookTimeout >= 1_000 && product.hookTimeout <= 240_000)) {
      throw new Error(`Product "${name}": hookTimeout is in milliseconds, 1000 to 240000.`);
    }
    if (!(product.provisionWindow > 0)) {
      throw new Error(`Product "${name}": provisionWindow is in milliseconds and above 0.`);
    }
    if (product.families.length === 0) {
      throw new Error(`Product "${name}": families is empty, so the product could not be called at all.`);
    }
    const { login } = product;
    if (login !== undefined) {
      checkedUrl(login.callbackUrl, `Product "${name}": login.callbackUrl`);
      checkedUrl(login.siteUrl, `Product "${name}": login.siteUrl`);
    }
    products.set(name, product);
  }
  if (products.size === 0) throw new Error('No product is defined: add one to scripts/dev/samples/index.ts.');
  return products;
}
