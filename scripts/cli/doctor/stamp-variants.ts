import type { Stamp } from '../../marketplace/protocol/query.ts';
import type { Variant } from './cause.ts';

/** Timestamps and nonces that were signed in place of those that were sent. */
export function stampVariants(stamp: Stamp): Variant<Stamp>[] {
  const { timestamp, nonce } = stamp;
  const variants: Variant<Stamp>[] = [
    ...nonces(nonce).map(([id, value]) => ({ id, value: { timestamp, nonce: value } })),
    ...timestamps(timestamp).map(([id, value]) => ({ id, value: { timestamp: value, nonce } })),
  ];
  return variants.filter(({ value }) => value.timestamp !== timestamp || value.nonce !== nonce);
}

function nonces(nonce: string): [string, string][] {
  return [
    ['nonce.lower', nonce.toLowerCase()],
    ['nonce.upper', nonce.toUpperCase()],
    ['nonce.blank-for-plus', nonce.replaceAll(' ', '+')],
    ['nonce.plus-to-blank', nonce.replaceAll('+', ' ')],
    ['nonce.url-encoded', encodeURIComponent(nonce)],
    ['nonce.url-decoded', decoded(nonce)],
    ['nonce.trimmed', nonce.trim()],
  ];
}

function timestamps(timestamp: string): [string, string][] {
  const list: [string, string][] = [];
  if (/^\d{13}$/.test(timestamp)) {
    list.push(['timestamp.signed-in-seconds', timestamp.slice(0, 10)]);
    list.push(['timestamp.signed-in-seconds', `${timestamp.slice(0, 10)}000`]);
    list.push(['timestamp.as-date', new Date(Number(timestamp)).toISOString()]);
    list.push(['timestamp.as-digits', new Date(Number(timestamp)).toISOString().replaceAll(/\D/g, '')]);
  }
  if (/^\d{10}$/.test(timestamp)) {
    // The milliseconds were lost on the way; a thousand tries find them.
    for (let milli = 0; milli < 1000; milli += 1) {
      list.push(['timestamp.sent-in-seconds', timestamp + String(milli).padStart(3, '0')]);
    }
  }
  return list;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
