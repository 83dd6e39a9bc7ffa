import { constants, generateKeyPairSync, publicEncrypt } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader, importPKCS8, importSPKI } from 'jose';
import { createSealer } from '../../lib/sealing/sealer.ts';
import type { SealedKind, SealingKey } from '../../lib/secrets/secrets.ts';
import { privatePem, publicPem, rsaPair } from '../support/rsa.ts';
import { AT } from '../support/sealed-at.ts';

interface Pair {
  readonly public: SealingKey;
  readonly private: SealingKey;
}
type Ring = Record<SealedKind, { public: SealingKey[]; private: SealingKey[] }>;

function newPair(kid: string): Pair {
  const { publicKey, privateKey } = rsaPair();
  return { public: { kid, key: publicPem(publicKey) }, private: { kid, key: privatePem(privateKey) } };
}

let older: Pair;
let newer: Pair;
let personal: Pair;
beforeAll(() => {
  older = newPair('2025');
  newer = newPair('2026');
  personal = newPair('2026'); // the same kid as a credentials key: kids are unique within a kind alone
});

const half = (which: 'public' | 'private', pairs: Pair[]): SealingKey[] => pairs.map((pair) => pair[which]);
const ring = (credentials: Pair[], others: Pair[] = [personal]): Ring => ({
  credentials: { public: half('public', credentials), private: half('private', credentials) },
  personal: { public: half('public', others), private: half('private', others) },
  kit: { public: [], private: [] },
});
const sealer = (keys: Ring) => createSealer({ sealing: async (kind, which) => keys[kind][which] });

const ACCESS = { userName: 'owner', password: 'Initial-1234', memo: '首次登录' };

test('opens what it sealed, and the sealed form shows algorithm and kid but not the value', async () => {
  const { seal, open } = sealer(ring([newer]));

  const sealed = await seal('credentials', ACCESS, AT);

  expect(decodeProtectedHeader(sealed)).toMatchObject({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: '2026' });
  expect(sealed.split('.')).toHaveLength(5);
  expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('owner');
  expect(await open('credentials', sealed, AT)).toEqual(ACCESS);
});

test('gives back any JSON value, and seals the same value differently each time', async () => {
  const { seal, open } = sealer(ring([newer]));
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      const plain = JSON.parse(JSON.stringify(value));
      const sealed = await seal('personal', value, AT);
      expect(await open('personal', sealed, AT)).toEqual(plain);
      expect(await seal('personal', value, AT)).not.toBe(sealed);
    }),
    { numRuns: 10 },
  );
});

describe('the form is standard JWE', () => {
  test('jose opens what is sealed here', async () => {
    const sealed = await sealer(ring([newer])).seal('credentials', ACCESS, AT);

    const { plaintext } = await compactDecrypt(sealed, await importPKCS8(newer.private.key, 'RSA-OAEP-256'));

    expect(JSON.parse(new TextDecoder().decode(plaintext))).toEqual(ACCESS);
  });

  test('what jose sealed is opened here', async () => {
    const sealed = await new CompactEncrypt(Buffer.from(JSON.stringify(ACCESS)))
      .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: '2026', typ: 'koogate-credentials' })
      .encrypt(await importSPKI(newer.public.key, 'RSA-OAEP-256'));

    expect(await sealer(ring([newer])).open('credentials', sealed, AT)).toEqual(ACCESS);
  });
});

describe('a content key', () => {
  const wrappedOf = (sealed: string) => sealed.split('.')[1];
  const ivOf = (sealed: string) => sealed.split('.')[2];
  const at = (time: { now: number }, keys = ring([newer])) =>
    createSealer({ sealing: async (kind, which) => keys[kind][which] }, () => time.now);

  test('seals what comes within an hour, each value under an IV of its own', async () => {
    const time = { now: 0 };
    const { seal, open } = at(time);
    const first = await seal('credentials', ACCESS, AT);
    time.now = 3_599_999;
    const second = await seal('credentials', 'other', AT);
    time.now = 3_600_000;
    const third = await seal('credentials', ACCESS, AT);

    expect(wrappedOf(second)).toBe(wrappedOf(first));
    expect(ivOf(second)).not.toBe(ivOf(first));
    expect(wrappedOf(third)).not.toBe(wrappedOf(first));
    for (const [sealed, value] of [
      [first, ACCESS],
      [second, 'other'],
      [third, ACCESS],
      [first, ACCESS],
    ] as const) {
      expect(await open('credentials', sealed, AT)).toEqual(value);
    }
  });

  test('seals a thousand values and no more', async () => {
    const { seal } = at({ now: 0 });
    const keys = new Map<string | undefined, number>();
    for (let count = 0; count < 1_001; count += 1) {
      const wrapped = wrappedOf(await seal('credentials', count, AT));
      keys.set(wrapped, (keys.get(wrapped) ?? 0) + 1);
    }
    expect([...keys.values()]).toEqual([1_000, 1]);
  });

  test('is shared by no two kinds and no two processes', async () => {
    const { seal } = at({ now: 0 }, ring([newer], [newer]));
    const keys = [
      await seal('credentials', ACCESS, AT),
      await seal('personal', ACCESS, AT),
      await at({ now: 0 }).seal('credentials', ACCESS, AT),
    ].map(wrappedOf);
    expect(new Set(keys).size).toBe(3);
  });

  test('that has been opened once opens nothing that was altered', async () => {
    const { seal, open } = at({ now: 0 });
    const parts = (await seal('credentials', ACCESS, AT)).split('.');
    expect(await open('credentials', parts.join('.'), AT)).toEqual(ACCESS);
    for (const index of [2, 3, 4]) {
      const part = parts[index] ?? '';
      const altered = parts.with(index, (part.startsWith('A') ? 'B' : 'A') + part.slice(1));
      await expect(open('credentials', altered.join('.'), AT)).rejects.toThrow('does not open');
    }
    const short = parts.with(4, (parts[4] ?? '').slice(0, 6));
    await expect(open('credentials', short.join('.'), AT)).rejects.toThrow('does not open');
  });
});

describe('keys rotate', () => {
  test('the newest seals, and what older ones sealed is still opened', async () => {
    const before = await sealer(ring([older])).seal('credentials', ACCESS, AT);
    const { seal, open } = sealer(ring([newer, older]));

    expect(decodeProtectedHeader(await seal('credentials', ACCESS, AT)).kid).toBe('2026');
    expect(await open('credentials', before, AT)).toEqual(ACCESS);
  });

  test('a key that is taken away opens nothing more; the error names its kid', async () => {
    const before = await sealer(ring([older])).seal('credentials', ACCESS, AT);

    await expect(sealer(ring([newer])).open('credentials', before, AT)).rejects.toThrow(
      /No private key for credentials has the kid "2025"/,
    );
  });

  test('a kid that is given another key is noticed by a running sealer', async () => {
    const keys = ring([newer]);
    const { seal, open } = sealer(keys);
    await open('credentials', await seal('credentials', ACCESS, AT), AT); // both halves are cached now
    const replaced = newPair('2026');
    keys.credentials = { public: [replaced.public], private: [replaced.private] };

    const sealed = await seal('credentials', ACCESS, AT);
    expect(await sealer(ring([replaced])).open('credentials', sealed, AT)).toEqual(ACCESS);
    expect(await open('credentials', sealed, AT)).toEqual(ACCESS);
  });

  test('a key that could not be read is read again once it is mended', async () => {
    const keys = ring([newer]);
    keys.credentials.public = [{ kid: '2026', key: 'not a key' }];
    const { seal } = sealer(keys);

    await expect(seal('credentials', ACCESS, AT)).rejects.toThrow('public key "2026" for credentials');
    keys.credentials.public = [newer.public];

    expect(await seal('credentials', ACCESS, AT)).toEqual(expect.any(String));
  });
});

describe('does not open', () => {
  const refuses = async (kind: SealedKind, sealed: string, keys = ring([newer]), message: RegExp = /2026/) => {
    const error = await sealer(keys)
      .open(kind, sealed, AT)
      .then(
        () => undefined,
        (thrown: Error) => thrown,
      );
    expect(error?.message).toMatch(message);
    expect(error?.message).not.toContain('owner');
    expect(error?.message).not.toContain(sealed.split('.').at(-2));
  };

  test('one kind as another, with keys of their own', async () => {
    await refuses('personal', await sealer(ring([newer])).seal('credentials', ACCESS, AT));
  });

  test('one kind as another, even under one key', async () => {
    const shared = ring([newer], [newer]);
    await refuses('personal', await sealer(shared).seal('credentials', ACCESS, AT), shared);
  });

  test('what another key of that kid sealed', async () => {
    await refuses('credentials', await sealer(ring([newPair('2026')])).seal('credentials', ACCESS, AT));
  });

  test('what was altered', async () => {
    const parts = (await sealer(ring([newer])).seal('credentials', ACCESS, AT)).split('.');
    const [head, key, iv, text = '', tag] = parts;
    const altered = (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
    await refuses('credentials', [head, key, iv, altered, tag].join('.'));
  });

  test.each([
    ['RSA-OAEP', 'A256GCM'],
    ['RSA-OAEP-256', 'A128GCM'],
  ])('%s with %s under the same key', async (alg, enc) => {
    const key = await importSPKI(newer.public.key, alg);
    const sealed = await new CompactEncrypt(Buffer.from(JSON.stringify(ACCESS)))
      .setProtectedHeader({ alg, enc, kid: '2026', typ: 'koogate-credentials' })
      .encrypt(key);
    await refuses('credentials', sealed);
  });

  test.each([
    ['of three parts', '{"userName":"owner"}.x.y'],
    ['of six parts', 'e30.x.y.z.Zm9v.u'],
    ['with an empty part', 'e30.x..z.t'],
    ['whose header is no JSON', 'AAAA.x.y.z.t'],
    ['whose header is null', `${Buffer.from('null').toString('base64url')}.x.y.z.t`],
    ['whose header names no key', 'e30.x.y.z.t'],
  ])('what is no JWE: a text %s', async (_, sealed) => {
    await refuses('credentials', sealed, ring([newer]), /no JWE with a kid/);
  });

  test('what was sealed under a content key of another length', async () => {
    const { publicKey, header } = { publicKey: newer.public.key, header: { alg: 'RSA-OAEP-256', enc: 'A256GCM' } };
    const named = JSON.stringify({ ...header, kid: '2026', typ: 'koogate-credentials' });
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const short = publicEncrypt({ key: publicKey, padding, oaepHash: 'sha256' }, Buffer.alloc(16));
    const parts = (await sealer(ring([newer])).seal('credentials', ACCESS, AT)).split('.');
    const sealed = [Buffer.from(named).toString('base64url'), short.toString('base64url'), ...parts.slice(2)].join('.');
    await refuses('credentials', sealed);
  });
});

describe('a key that is none of RSA', () => {
  const curve = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

  test('seals nothing, and the error says what it must be', async () => {
    const keys = ring([{ ...newer, public: { kid: 'curve', key: curve.publicKey } }]);
    await expect(sealer(keys).seal('credentials', ACCESS, AT)).rejects.toThrow(
      'The public key "curve" for credentials cannot be read: it must be an RSA key in PEM (SPKI).',
    );
  });

  test.each([
    ['of an elliptic curve', curve.privateKey],
    ['that is no key at all', 'not a key'],
  ])('%s opens nothing, and the error says what it must be', async (_, key) => {
    const sealed = await sealer(ring([newer])).seal('credentials', ACCESS, AT);
    const keys = ring([{ ...newer, private: { kid: '2026', key } }]);
    await expect(sealer(keys).open('credentials', sealed, AT)).rejects.toThrow(
      'The private key "2026" for credentials cannot be read: it must be an RSA key in PEM (PKCS#8).',
    );
  });
});

test('seals nothing without a key, and nothing that has no JSON form', async () => {
  await expect(sealer(ring([])).seal('credentials', ACCESS, AT)).rejects.toThrow('no public key to seal credentials');
  await expect(sealer(ring([newer])).seal('credentials', undefined, AT)).rejects.toThrow('no JSON form');
});
