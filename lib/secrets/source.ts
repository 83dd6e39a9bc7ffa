import type { SealedKind } from './secrets.ts';

/** Gives the text of a secret document by its name. @throws Error, preferably {@link SecretsUnavailable}, naming it */
export type Source = (name: string) => Promise<string>;

/** The names of the documents; in Parameter Store they stand below the installation's prefix. */
export const names = {
  product: (product: string) => `products/${product}`,
  /** Apart from the product's other keys: with them it would outgrow a standard parameter. */
  kit: (product: string) => `products/${product}/kit`,
  sealing: (kind: SealedKind, half: 'public' | 'private') => `sealing/${kind}-${half}`,
  login: 'login',
  account: 'marketplace',
  seller: 'seller',
  /** Address of somebody who hears of alarms; CloudFormation reads it, no function does. */
  receiver: (name: string) => `receivers/${name}`,
} as const;
