import type { ProductSecrets } from './secrets.ts';

/**
 * Says which products share an access key. The signature does not cover the path, so a call signed for one such
 * product would be taken at the other's address too; start warns of it.
 * @returns one sentence per pair of products, without the key
 */
export function sharedKeys(products: Iterable<readonly [name: string, secrets: ProductSecrets]>): string[] {
  const holders = new Map<string, string>();
  const pairs = new Set<string>();
  for (const [name, { accessKeys }] of products) {
    for (const key of Object.values(accessKeys).flat()) {
      const other = holders.get(key);
      if (other === undefined) holders.set(key, name);
      else if (other !== name) pairs.add(`"${other}" and "${name}"`);
    }
  }
  return [...pairs].map((pair) => `Products ${pair} share an access key: give each its own in the seller console.`);
}
