import type { Key } from './keys.ts';
import type { WriteOptions } from './write.ts';

/** Options of the calls that instances and licence codes have in common. */
export interface KeyedOptions extends WriteOptions {
  /** Gives the key of the item of an id; an instance's unless said otherwise. */
  readonly keyOf?: (product: string, id: string) => Key;
}
