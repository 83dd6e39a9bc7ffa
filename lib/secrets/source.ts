/** Gives the text of a secret document by its name. @throws Error, preferably {@link SecretsUnavailable}, naming it */
export type Source = (name: string) => Promise<string>;

/** The names of the documents; in Parameter Store they stand below the installation's prefix. */
export const names = {
  product: (product: string) => `products/${product}`,
  sealing: (kind: 'credentials' | 'personal', half: 'public' | 'private') => `sealing/${kind}-${half}`,
  account: 'marketplace',
  seller: 'seller',
} as const;
