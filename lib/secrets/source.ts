import type { SealedKind } from './secrets.ts';

/** Gives the text of a secret document by its name. @throws Error, preferably {@link SecretsUnavailable}, naming it */
export type Source = (name: string) => Promise<string>;

/** The names of the documents; in Parameter Store they stand below the installation's prefix. */
export const names = {
  product: (product: string) => `products/${product}`,
  /** Apart from the product's other keys: with them it would outgrow a standard parameter. */
  kit: (product: string) => `products/${product}/kit`,
  sealing: (kind: SealedKind, half: 'public' | 'private') => `sealing/${kind}-${half}`,
  /** One older private key by itself: any number of them outgrows no parameter. */
  sealingKey: (kind: SealedKind, kid: string) => `sealing/${kind}-private/${kid}`,
  login: 'login',
  hmac: 'hmac',
  /** Password of the database, where the table lies in one. */
  database: 'database',
  /**
   * Key pair of the cloud account: the installation's own, or that of a further site, given by its name or address. The
   * characters of an address that a parameter's name cannot have become underscores.
   */
  account: (site?: string) =>
    site === undefined ? 'marketplace' : `marketplace/${site.replace(/^https:\/\//, '').replace(/[^\w.-]+/g, '_')}`,
  seller: 'seller',
  /** Mail server that alarms are sent by. */
  mail: 'mail',
  /** Address of somebody who hears of alarms: a plain text. */
  receiver: (name: string) => `receivers/${name}`,
} as const;
