/** Stands in for `@stablelib/base64` in the bundles: the two functions that standardwebhooks takes of it. */
export const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** @throws Error where the original throws: Buffer would skip what is not base64. */
export function decode(text: string): Uint8Array {
  if (!/^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
    throw new Error('Base64Coder: incorrect characters for decoding');
  }
  return new Uint8Array(Buffer.from(text, 'base64'));
}
