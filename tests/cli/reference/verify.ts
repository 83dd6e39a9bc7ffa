import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Heard, Members, Settings } from './settings.ts';

/* The reference server's own reading of the signatures; shares nothing with the command line it is there to test. */

export const mac = (key: string, ...parts: (string | Buffer)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHmac('sha256', key)).digest();

/** Percent signs decoded; a text that cannot be decoded stays as it is. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function parameter(query: string, name: string): string | undefined {
  const part = query.split('&').find((pair) => pair.startsWith(`${name}=`));
  return part === undefined ? undefined : decode(part.slice(name.length + 1));
}

export function parseMembers(heard: Heard): Members | undefined {
  if (heard.method === 'GET') {
    const pairs = heard.query.split('&').map((pair) => pair.split('=').map(decode));
    return Object.fromEntries(pairs.map(([name = '', ...value]) => [name, value.join('=')]));
  }
  try {
    const members: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(heard.body));
    return typeof members === 'object' && members !== null && !Array.isArray(members)
      ? (members as Members)
      : undefined;
  } catch {
    return undefined;
  }
}

export function familyKey(heard: Heard): 'base' | 'kit' | 'license' | 'general' {
  if (heard.path.includes('/produceAPI/')) return 'kit';
  const activity = nameOf(parseMembers(heard)?.activity);
  if (activity === 'orderNotify') return 'general';
  return /LicenseCode/.test(activity) ? 'license' : 'base';
}

export const nameOf = (activity: unknown): string => (typeof activity === 'string' ? activity : '');

const same = (expected: Buffer, given: string) => {
  const bytes = /^[0-9a-f]{64}$/i.test(given) ? Buffer.from(given, 'hex') : Buffer.alloc(0);
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
};

/** Keys of the product that has the other address. */
const OTHER_KEYS = { base: ['other-base'], kit: ['other-kit'], license: ['other-license'], general: ['other-general'] };

/** Verifies in the way that the call's form demands, with the keys of the product that the address names. */
export function verify(heard: Heard, settings: Settings): { key: string } | { refused: string } {
  return verifyWith(heard, heard.path.startsWith('/produce/other') ? { ...settings, keys: OTHER_KEYS } : settings);
}

function verifyWith(heard: Heard, settings: Settings): { key: string } | { refused: string } {
  if (heard.method === 'GET') return verifyToken(heard, settings);
  if (heard.headers.authtoken !== undefined) return verifyHeaderToken(heard, settings);
  const kit = heard.path.includes('/produceAPI/v2/');
  const read = (name: string, header: string) => (kit ? heard.headers[header] : parameter(heard.query, name));
  const [signature, timestamp, nonce] = [
    read('signature', 'x-sign'),
    read('timestamp', 'x-timestamp'),
    read('nonce', 'x-nonce'),
  ];
  if (signature === undefined) return { refused: '000001' };
  if (timestamp === undefined || nonce === undefined) return { refused: '000002' };
  if (!settings.window(timestamp, settings.clock())) return { refused: '000002' };
  const payloads = [heard.body, canonical(heard.body)].filter((body) => body !== undefined);
  const known = kit ? settings.keys.kit : Object.values({ ...settings.keys, kit: [] }).flat();
  const key = known.find((one) =>
    payloads.some((body) => {
      const tail = kit ? body : mac(one, body).toString('hex');
      return same(mac(one, one + nonce + timestamp, tail), signature);
    }),
  );
  if (key === undefined) return { refused: '000001' };
  // Which class is meant is only known once the activity can be read.
  const meant =
    /^(orderNotify|\w+LicenseCode\w*|newInstance|\w+Instance\w*|changeInstanceCheck|getLicenseAsync|applyApikey)$/;
  const activity = nameOf(parseMembers(heard)?.activity);
  if (!kit && meant.test(activity) && !settings.keys[familyKey(heard)].includes(key)) return { refused: '000001' };
  return settings.nonce(nonce, activity) ? { key } : { refused: '000001' };
}

function canonical(body: Buffer): Buffer | undefined {
  try {
    const members = Object.entries(JSON.parse(body.toString('utf8'))).filter(([, value]) => value !== null);
    return Buffer.from(JSON.stringify(Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)))));
  } catch {
    return undefined;
  }
}

export function verifyToken(heard: Heard, settings: Settings, decoded = decode): { key: string } | { refused: string } {
  const pairs = heard.query
    .split('&')
    .map((pair) => [pair.slice(0, pair.indexOf('=')), decoded(pair.slice(pair.indexOf('=') + 1))] as const);
  const given = pairs.find(([name]) => name === 'authToken')?.[1];
  const timeStamp = pairs.find(([name]) => name === 'timeStamp')?.[1];
  if (given === undefined) return { refused: '000001' };
  if (timeStamp === undefined) return { refused: '000002' };
  const text = pairs
    .filter(([name]) => name !== 'authToken')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const key = settings.keys.base.find((one) => mac(one + timeStamp, text).toString('base64') === given);
  return key === undefined ? { refused: '000001' } : { key };
}

function verifyHeaderToken(heard: Heard, settings: Settings): { key: string } | { refused: string } {
  const members = parseMembers(heard);
  if (members === undefined) return { refused: '000002' };
  const written = writeMembers(members);
  if (written === undefined) return { refused: '000002' };
  const text = written
    .filter(([, value]) => value.trim() !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const key = settings.keys.kit.find(
    (one) => mac(one + String(members.timeStamp), text).toString('base64') === heard.headers.authtoken,
  );
  return key === undefined ? { refused: '000001' } : { key };
}

/** Top-level members as texts; undefined where they are nested too deeply to be written. */
function writeMembers(members: Members): (readonly [string, string])[] | undefined {
  try {
    return Object.entries(members).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? ''),
    ]);
  } catch {
    return undefined;
  }
}
