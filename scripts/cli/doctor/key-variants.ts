import { sha256 } from '../../marketplace/protocol/mac.ts';
import { bytes, differing, type KeyRing, type Variant } from './cause.ts';

/** Keys that people use by mistake in place of `key`. */
export function keyVariants(key: string, ring: KeyRing, keyClass: string): Variant[] {
  return differing([...misread(key), ...foreign(key, ring, keyClass)], bytes(key));
}

function misread(key: string): Variant[] {
  const plain = key.replaceAll('-', '');
  const texts: [string, string][] = [
    ['key.newline', `${key}\n`],
    ['key.crlf', `${key}\r\n`],
    ['key.blank-after', `${key} `],
    ['key.blank-before', ` ${key}`],
    ['key.tab', `${key}\t`],
    ['key.trimmed', key.trim()],
    ['key.upper', key.toUpperCase()],
    ['key.lower', key.toLowerCase()],
    ['key.no-hyphens', plain],
    ['key.quoted', `"${key}"`],
    ['key.quoted', `'${key}'`],
    ['key.byte-order-mark', `\ufeff${key}`],
    ['key.cut', key.slice(0, -1)],
    ['key.cut', key.slice(1)],
    ['key.base64-encoded', Buffer.from(key).toString('base64')],
    ['key.url-encoded', encodeURIComponent(key)],
    ['key.hashed', sha256(key).toString('hex')],
    ['key.empty', ''],
  ];
  const octets: [string, Buffer][] = [
    ['key.base64-decoded', Buffer.from(key, 'base64')],
    ['key.hashed', sha256(key)],
    ['key.utf-16', Buffer.from(key, 'utf16le')],
    ['key.utf-16', Buffer.from(key, 'utf16le').swap16()],
  ];
  if (/^([0-9a-f]{2})+$/i.test(plain)) octets.push(['key.hex-decoded', Buffer.from(plain, 'hex')]);
  return [
    ...texts.map(([id, text]): Variant => ({ id, value: bytes(text) })),
    ...octets.map(([id, value]): Variant => ({ id, value })),
  ];
}

/** Keys of the other classes: the commonest mix-up, since the console shows them side by side. */
function foreign(key: string, ring: KeyRing, keyClass: string): Variant[] {
  return Object.entries(ring)
    .filter(([name]) => name !== keyClass)
    .flatMap(([name, keys]) =>
      keys
        .filter((other) => other !== key)
        .map((other): Variant => ({ id: 'key.wrong-class', about: name, value: bytes(other) })),
    );
}
