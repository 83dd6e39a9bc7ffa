import { createHash } from 'node:crypto';
import type { Heard, Settings } from '../reference/settings.ts';
import { mac, parameter, parseMembers, verify, verifyToken } from '../reference/verify.ts';
import type { WrongServer } from './wrong-server.ts';

/* Servers that check signatures wrongly. */

type Formula = (key: string, heard: Heard, nonce: string, timestamp: string) => string;

/** Verifies the query signature by another formula. */
const byFormula =
  (formula: Formula, compare = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()): Settings['verify'] =>
  (heard, settings) => {
    const [signature, timestamp, nonce] = ['signature', 'timestamp', 'nonce'].map((name) =>
      parameter(heard.query, name),
    );
    if (signature === undefined) return { refused: '000001' };
    if (timestamp === undefined || nonce === undefined || !settings.window(timestamp, settings.clock()))
      return { refused: '000002' };
    const key = settings.keys.base.find((one) => compare(formula(one, heard, nonce, timestamp), signature));
    return key === undefined ? { refused: '000001' } : { key };
  };

const hex = (key: string, ...parts: (string | Buffer)[]) => mac(key, ...parts).toString('hex');
const right: Formula = (key, { body }, nonce, timestamp) => hex(key, key + nonce + timestamp + hex(key, body));

export const signatureServers: readonly WrongServer[] = [
  {
    name: 'reads the timestamp in seconds',
    settings: () => ({ window: (timestamp, now) => Math.abs(now / 1000 - Number(timestamp)) <= 60 }),
    kind: 'saas-once',
    caught: ['finding.server-takes', 'server.reads-seconds'],
  },
  {
    name: 'hashes the body with plain SHA-256',
    settings: () => ({
      verify: byFormula((key, { body }, nonce, timestamp) =>
        hex(key, key + nonce + timestamp + createHash('sha256').update(body).digest('hex')),
      ),
    }),
    kind: 'saas-once',
    caught: ['finding.server-takes', 'digest.plain-sha256'],
  },
  {
    name: 'uses the Kit formula for base calls',
    settings: () => ({
      verify: byFormula((key, { body }, nonce, timestamp) => hex(key, key + nonce + timestamp, body)),
    }),
    kind: 'saas-once',
    caught: ['finding.server-takes', 'formula.kit-on-base'],
  },
  {
    name: 'compares upper-case digits with lower-case ones',
    settings: () => ({ verify: byFormula(right, (a, b) => a === b) }),
    kind: 'saas-once',
    caught: ['finding.server-takes', 'server.lower-case-only'],
  },
  {
    name: 'compares with upper-case digits only',
    settings: () => ({
      verify: byFormula(
        (...given) => right(...given).toUpperCase(),
        (a, b) => a === b,
      ),
    }),
    kind: 'saas-once',
    caught: ['finding.case-sensitive'],
  },
  {
    name: 'checks over a body that was parsed and written again',
    settings: () => ({
      verify: byFormula((key, heard, nonce, timestamp) => {
        const members = Object.entries(parseMembers(heard) ?? {}).filter(([, value]) => value !== null);
        const again = JSON.stringify(Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)))).replace(
          '1.5,',
          '1.50,',
        );
        return right(key, { ...heard, body: Buffer.from(again) }, nonce, timestamp);
      }),
    }),
    kind: 'saas-once',
    caught: ['finding.body-reencoded'],
  },
  {
    name: 'checks no signature',
    settings: () => ({
      verify: (heard, settings) => ({
        key: (heard.method === 'GET' ? settings.keys.base[0] : settings.keys.base[0]) ?? '',
      }),
    }),
    kind: 'saas-once',
    caught: ['finding.wrong-key-accepted', 'finding.unsigned-accepted', 'finding.tampered-accepted'],
  },
  {
    name: 'checks no time window',
    settings: () => ({ window: () => true }),
    kind: 'saas-once',
    caught: ['finding.stale-accepted', 'finding.future-accepted'],
  },
  {
    name: 'refuses only what is too old',
    settings: () => ({ window: (timestamp, now) => now - Number(timestamp) <= 60_000 }),
    kind: 'saas-once',
    caught: ['finding.future-accepted'],
  },
  {
    name: 'has a clock that is a minute slow',
    settings: () => ({ clock: () => Date.now() - 40_000 }),
    kind: 'saas-once',
    caught: ['finding.window-narrow'],
  },
  {
    name: 'remembers a nonce before the signature holds',
    settings: () => {
      const seen = new Set<string>();
      return {
        verify: (heard, settings) => {
          const nonce = parameter(heard.query, 'nonce') ?? '';
          if (seen.has(nonce)) return { refused: '000001' };
          seen.add(nonce);
          return verify(heard, settings);
        },
      };
    },
    kind: 'saas-once',
    caught: ['finding.nonce-spent'],
  },
  {
    name: 'takes the local time of China for UTC',
    settings: () => ({ clock: () => Date.now() + 8 * 3_600_000 }),
    kind: 'saas-once',
    caught: ['finding.server-takes', 'server.hours-off'],
  },
  {
    name: 'takes any key of any class',
    settings: () => ({
      verify: (heard, settings) => {
        const all = Object.values(settings.keys).flat();
        return verify(heard, { ...settings, keys: { base: all, kit: all, license: all, general: all } });
      },
    }),
    kind: 'saas-once',
    caught: ['finding.wrong-class-accepted'],
  },
  {
    name: 'decodes a plus as a blank (V1.0)',
    settings: () => ({
      verify: (heard, settings) =>
        verifyToken(heard, settings, (text) =>
          decodeURIComponent(decodeURIComponent(text).replaceAll('+', ' ').replaceAll('%', '%25')),
        ),
    }),
    kind: 'saas-v1-once',
    caught: ['finding.plus-refused'],
  },
  {
    name: 'makes the authToken with the access key alone (V1.0)',
    settings: () => ({
      verify: (heard, settings) => {
        const pairs = heard.query.split('&').map((pair) => pair.split('=').map(decodeURIComponent));
        const text = pairs
          .filter(([name]) => name !== 'authToken')
          .map(([name, ...value]) => `${name}=${value.join('=')}`)
          .sort()
          .join('&');
        const key = settings.keys.base.find(
          (one) => mac(one, text).toString('base64') === parameter(heard.query, 'authToken'),
        );
        return key === undefined ? { refused: '000001' } : { key };
      },
    }),
    kind: 'saas-v1-once',
    caught: ['finding.server-takes', 'token.key-alone'],
  },
];
