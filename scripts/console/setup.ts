import { casesOf, PRODUCT_KINDS } from '../cli/certify/matrix.ts';
import type { Sold } from '../dev/local/run-file.ts';
import { FAMILIES } from '../marketplace/calls/families.ts';
import type { Setup } from './shapes.ts';

/** Everything that can be picked: what the products of this KooGate take. */
export function setupOf(products: readonly Sold[], route: string): Setup {
  return {
    products: products.map(({ id, name, families }) => ({
      name: id,
      at: `${route}/${name}`,
      families: FAMILIES.map((family) => family.name).filter((family) => families.includes(family)),
      kinds: PRODUCT_KINDS.filter((kind) => casesOf(kind).every(({ family }) => families.includes(family))),
    })),
    families: FAMILIES.map(({ name, activities }) => ({ name, activities: Object.keys(activities) })),
  };
}
