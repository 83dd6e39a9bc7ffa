import { hash } from 'node:crypto';

/** Makes the text by which a key is told from others, 12 hexadecimal digits: enough to compare, nothing to guess from. */
export function fingerprintOf(key: string): string {
  return hash('sha256', key).slice(0, 12);
}
