import { describe, expect, test } from '@jest/globals';
import { createSecrets } from '../../lib/secrets/create.ts';
import { SecretsUnavailable } from '../../lib/secrets/secrets.ts';
import { pair, rsaPair } from './fixture.ts';

function given(documents: Record<string, unknown>) {
  const source = async (name: string) => {
    const document = documents[name];
    if (document === undefined) throw new Error('no such document');
    return typeof document === 'string' ? document : JSON.stringify(document);
  };
  return createSecrets(source, { maxAge: 1_000, clock: () => 0 });
}

describe('secrets', () => {
  test('come checked from their documents', async () => {
    const secrets = given({
      'products/demo': { accessKeys: { base: ['a', 'b'] }, credentialsKey: pair.publicKey },
      'sealing/credentials-public': [{ kid: 'c1', key: pair.publicKey }],
      'sealing/personal-private': [{ kid: 'p1', key: pair.privateKey }],
      marketplace: { accessKeyId: 'id', secretAccessKey: 'secret' },
      seller: { secret: 'whsec_c2VsbGVyLXNlY3JldC1vZi0yNC1ieXRlcw==' },
    });
    expect(await secrets.product('demo')).toEqual({
      accessKeys: { base: ['a', 'b'] },
      credentialsKey: pair.publicKey,
    });
    expect(await secrets.sealing('credentials', 'public')).toEqual([{ kid: 'c1', key: pair.publicKey }]);
    expect(await secrets.sealing('personal', 'private')).toEqual([{ kid: 'p1', key: pair.privateKey }]);
    expect(await secrets.account()).toEqual({ accessKeyId: 'id', secretAccessKey: 'secret' });
    expect(await secrets.seller()).toBe('whsec_c2VsbGVyLXNlY3JldC1vZi0yNC1ieXRlcw==');
  });

  test('are plain texts where they are addresses, and a mail server is checked', async () => {
    const mail = { host: 'smtp.example.com', port: 587, user: 'u', password: 'p', from: 'koogate@example.com' };
    const secrets = given({ 'receivers/pager': 'https://pager.example.com/x#whsec_y\n', mail });
    expect(await secrets.receiver('pager')).toBe('https://pager.example.com/x#whsec_y');
    expect(await secrets.mail()).toEqual(mail);
    for (const wrong of [{ host: 'a b' }, { port: 0 }, { port: 70_000 }, { from: 'nobody' }]) {
      await expect(given({ mail: { ...mail, ...wrong } }).mail()).rejects.toThrow(SecretsUnavailable);
    }
  });

  test('that cannot be had are named', async () => {
    const error = await given({})
      .product('demo')
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SecretsUnavailable);
    expect(String(error)).toContain('products/demo');
  });

  const small = rsaPair(2048);
  test.each([
    ['text that is not JSON', 'TOP-SECRET{'],
    ['no access keys', {}],
    ['empty lists of access keys', { accessKeys: { base: [] } }],
    ['an access key with a line end', { accessKeys: { base: ['TOP-SECRET\n'] } }],
    ['an access key that is a number', { accessKeys: { base: [4711] } }],
    ['one access key instead of a list', { accessKeys: { base: 'TOP-SECRET' } }],
    ['a public key of 2048 bit', { accessKeys: { base: ['TOP-SECRET'] }, credentialsKey: small.publicKey }],
    ['a private key in the place of a public', { accessKeys: { base: ['x'] }, credentialsKey: pair.privateKey }],
    ['an array', ['TOP-SECRET']],
    ['null', 'null'],
  ])('with %s are refused without repeating them', async (_, document) => {
    const error = await given({ 'products/demo': document })
      .product('demo')
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SecretsUnavailable);
    expect(String(error)).toContain('products/demo');
    const all = [error, (error as Error).cause, (error as Error).stack].map(String).join();
    expect(all).not.toMatch(/TOP-SECRET|4711|MII/);
  });

  test.each([
    ['no generation', []],
    ['a kid that repeats', [1, 2].map(() => ({ kid: 'a', key: pair.publicKey }))],
    ['a private half where a public one belongs', [{ kid: 'a', key: pair.privateKey }]],
    ['2048 bit', [{ kid: 'a', key: small.publicKey }]],
  ])('for sealing with %s are refused', async (_, document) => {
    const secrets = given({ 'sealing/personal-public': document });
    await expect(secrets.sealing('personal', 'public')).rejects.toThrow(SecretsUnavailable);
  });

  test.each([
    ['23 bytes', Buffer.alloc(23).toString('base64')],
    ['65 bytes', Buffer.alloc(65).toString('base64')],
    ['what is not base64', '!'.repeat(40)],
  ])('of the HTTP seller with %s are refused', async (_, base64) => {
    const secrets = given({ seller: { secret: `whsec_${base64}` } });
    await expect(secrets.seller()).rejects.toThrow('24 to 64 bytes in base64');
  });

  test('that a call will need next are asked for in the same moment as the first, and grow old with it', async () => {
    const state = { now: 0, asked: [] as string[] };
    const documents: Record<string, unknown> = {
      'products/demo': { accessKeys: { base: ['a'] } },
      marketplace: { accessKeyId: 'id', secretAccessKey: 'secret' },
    };
    const source = async (name: string) => {
      state.asked.push(name);
      return JSON.stringify(documents[name] ?? {});
    };
    const secrets = createSecrets(source, {
      maxAge: 1_000,
      clock: () => state.now,
      alongside: ({ account, seller }) => [account(), seller()],
    });
    const round = async () => {
      state.asked = [];
      await secrets.product('demo');
      const atOnce = [...state.asked];
      await secrets.account();
      return [atOnce, [...state.asked]];
    };
    const all = ['products/demo', 'marketplace', 'seller'];
    expect(await round()).toEqual([all, all]);
    expect(await round()).toEqual([[], []]);
    state.now = 700;
    await secrets.product('other').catch(() => undefined); // reads the rest with it
    state.now = 1_000;
    expect(await round()).toEqual([['products/demo'], ['products/demo']]);
    await expect(secrets.seller()).rejects.toThrow('has no secret');
  });

  test('name the member that is missing or wrong', async () => {
    const secrets = given({
      'products/demo': { credentialsKey: 'x' },
      'products/plain': { accessKeys: { base: ['good', 'not good'] } },
      marketplace: { accessKeyId: 'id' },
    });
    await expect(secrets.product('demo')).rejects.toThrow('has no accessKeys: add it');
    await expect(secrets.product('plain')).rejects.toThrow('accessKeys.base.1 must be a text without white space');
    await expect(secrets.account()).rejects.toThrow('has no secretAccessKey: add it');
  });
});
