import { createHmac } from 'node:crypto';
import { invalid } from '../reference/act.ts';
import type { Heard, Settings } from '../reference/settings.ts';
import { parameter, verify } from '../reference/verify.ts';
import type { WrongServer } from './wrong-server.ts';

/* Servers that take forged calls. All pass every case of the console. */

type Taken = (heard: Heard, settings: Settings) => boolean;

const keyFor = (heard: Heard, { keys }: Settings) => (heard.path.includes('/produceAPI/') ? keys.kit : keys.base)[0];

/** Right, but for calls that it takes unasked. */
const unless =
  (taken: Taken): Settings['verify'] =>
  (heard, settings) =>
    taken(heard, settings) ? { key: keyFor(heard, settings) ?? '' } : verify(heard, settings);

const given = ({ query, headers }: Heard) =>
  parameter(query, 'signature') ?? parameter(query, 'authToken') ?? headers['x-sign'] ?? headers.authtoken;

/** `signature` as it ought to be, in the query or in the header, under another digest if told. */
function right(heard: Heard, key: string, algorithm = 'sha256'): string {
  const { query, headers, body } = heard;
  const mac = (...parts: (string | Buffer)[]) =>
    parts.reduce((hash, part) => hash.update(part), createHmac(algorithm, key)).digest('hex');
  const kit = headers['x-sign'] !== undefined;
  const nonce = (kit ? headers['x-nonce'] : parameter(query, 'nonce')) ?? '';
  const timestamp = (kit ? headers['x-timestamp'] : parameter(query, 'timestamp')) ?? '';
  return mac(key + nonce + timestamp, kit ? body : mac(body)).toUpperCase();
}

const served = (name: string, taken: () => Taken, kind: WrongServer['kind'], ...caught: string[]): WrongServer => ({
  name,
  settings: () => ({ verify: unless(taken()) }),
  kind,
  caught: caught.map((id) => `finding.forged-${id}`),
});

const onBase = (heard: Heard) => !heard.path.includes('/produceAPI/');

export const forgeryServers: readonly WrongServer[] = [
  served('takes an empty signature', () => (heard) => given(heard) === '', 'saas-once', 'empty'),
  served('takes an empty token (V1.0)', () => (heard) => given(heard) === '', 'saas-v1-once', 'empty'),
  served(
    'takes an empty signature of the Kit',
    () => (heard) => !onBase(heard) && given(heard) === '',
    'joint-once',
    'empty',
  ),
  served(
    'compares as many digits as came',
    () => (heard, settings) =>
      onBase(heard) &&
      (given(heard) ?? '').length > 0 &&
      right(heard, keyFor(heard, settings) ?? '').startsWith(given(heard) ?? ''),
    'saas-once',
    'one-digit',
    'prefix',
  ),
  served(
    'compares the first half of the signature',
    () => (heard, settings) =>
      (given(heard) ?? '').length >= 32 &&
      right(heard, keyFor(heard, settings) ?? '').slice(0, 32) === given(heard)?.slice(0, 32),
    'saas-once',
    'prefix',
  ),
  served(
    'takes what is no hex for no signature',
    () => (heard) => /[^0-9a-f]/i.test(given(heard) ?? ''),
    'saas-once',
    'placeholder',
  ),
  served(
    'takes the digest that the length tells',
    () => (heard, settings) => right(heard, keyFor(heard, settings) ?? '', 'sha512') === given(heard),
    'saas-once',
    'other-digest',
  ),
  served('has an empty key among its keys', () => (heard) => right(heard, '') === given(heard), 'saas-once', 'no-key'),
  {
    name: 'looks at the form of the signature alone',
    settings: () => ({
      verify: (heard, settings) =>
        /^[0-9A-F]{64}$/.test(given(heard) ?? '') ? { key: keyFor(heard, settings) ?? '' } : { refused: '000001' },
    }),
    kind: 'saas-once',
    caught: ['no-key', 'other-body', 'other-nonce', 'other-time'].map((id) => `finding.forged-${id}`),
  },
  {
    name: 'remembers a signature that held and asks no more',
    settings: () => {
      const held = new Set<string>();
      return {
        nonce: () => true,
        verify: (heard, settings) => {
          const signature = given(heard) ?? '';
          if (held.has(signature)) return { key: keyFor(heard, settings) ?? '' };
          const proof = verify(heard, settings);
          if ('key' in proof) held.add(signature);
          return proof;
        },
      };
    },
    kind: 'saas-once',
    caught: ['finding.forged-other-nonce'],
  },
  served(
    'skips a list of signatures',
    () =>
      ({ query }) =>
        query.split('&').filter((pair) => pair.startsWith('signature=')).length > 1,
    'saas-once',
    'two-proofs',
  ),
  {
    name: 'takes the keys of one product at the address of another',
    settings: () => ({
      verify: (heard, settings) => verify({ ...heard, path: heard.path.replace('/other', '/demo') }, settings),
    }),
    kind: 'saas-once',
    caught: ['finding.forged-other-product'],
  },
  {
    name: 'takes whatever is signed on every path of the Kit',
    settings: () => ({
      invalid: (activity, members) => (members.domainName === undefined ? invalid(activity, members) : undefined),
    }),
    kind: 'joint-once',
    caught: ['finding.forged-other-path'],
  },
];
