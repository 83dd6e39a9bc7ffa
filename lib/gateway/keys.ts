import { hash, timingSafeEqual } from 'node:crypto';

/** Secrets by the name of their key. While keys are rotated: several keys, or several secrets of one key. */
export type GatewayKeys = Readonly<Record<string, string | readonly string[]>>;

/** The table of keys, or how to get it: asked for with each call, so that a new key takes effect at once. */
export type GivenKeys = GatewayKeys | (() => GatewayKeys | Promise<GatewayKeys>);

/**
 * Secrets of a key, none for an unknown one.
 * @param least length of a secret in characters
 * @throws Error for a secret that is too short to prove anything
 */
export async function secretsOf(keys: GivenKeys, name: string, least: number): Promise<readonly string[]> {
  const table = typeof keys === 'function' ? await keys() : keys;
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  const secrets = found === undefined ? [] : [found].flat();
  if (secrets.some((secret) => typeof secret !== 'string' || secret.length < least)) {
    throw new Error(`A secret of the gateway has fewer than ${least} characters; enter a longer one at both ends.`);
  }
  return secrets;
}

/** Compares texts in a time that does not depend on where they differ. */
export function equalTexts(a: string, b: string): boolean {
  return timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'));
}
