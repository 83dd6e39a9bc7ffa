import { createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createSecrets } from '../../lib/secrets/create.ts';
import { fileSource } from '../../lib/secrets/file.ts';
import { SecretsUnavailable } from '../../lib/secrets/secrets.ts';
import { names } from '../../lib/secrets/source.ts';
import { pair, secretsFile } from './fixture.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'koogate-'));
  path = join(folder, 'secrets.json');
  writeFileSync(path, JSON.stringify(secretsFile()));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('a local secrets file', () => {
  test('may hold the password of a database', async () => {
    writeFileSync(path, JSON.stringify({ ...secretsFile(), database: { password: 'of the database' } }));
    expect(JSON.parse(await fileSource(path)(names.database))).toEqual({ password: 'of the database' });
  });

  test.each([
    [names.database, /no database\.password: add that of the database's user/],
    ['sealing/kit-public', /no sealing\.kit: add a key pair/],
    [names.mail, /no mail: add host, port and from/],
    [names.receiver('ops'), /no receivers\.ops: add the address/],
    ['products/none/kit', /no products\.none\.kitPrivateKey/],
  ])('says what to add where %s is asked for', async (name, sentence) => {
    await expect(fileSource(path)(name)).rejects.toThrow(sentence);
  });

  test('may hold a mail server, and the addresses of those who hear of alarms', async () => {
    const mail = { host: 'smtp.example.com', port: 465, from: 'koogate@example.com' };
    writeFileSync(path, JSON.stringify({ ...secretsFile(), mail, receivers: { ops: 'ops@example.com' } }));
    const secrets = createSecrets(fileSource(path), { maxAge: 0, clock: () => 0 });
    expect(await secrets.mail()).toEqual(mail);
    expect(await secrets.receiver('ops')).toBe('ops@example.com');
  });

  test('is cut into the documents of an installation', async () => {
    const source = fileSource(path);
    const read = async (name: string) => JSON.parse(await source(name));
    expect(await read('products/demo')).toMatchObject({ accessKeys: { base: ['newest-key', 'older-key'] } });
    expect(await read('sealing/credentials-public')).toEqual([{ kid: 'c1', key: pair.publicKey }]);
    expect(await read('sealing/personal-private')).toEqual([{ kid: 'p1', key: pair.privateKey }]);
    expect(await read('marketplace')).toEqual({ accessKeyId: 'id-of-account', secretAccessKey: 'secret-of-account' });
    expect(await read('seller')).toEqual(secretsFile().seller);
  });

  test('keeps what joint operation needs in documents of its own', async () => {
    const file = secretsFile();
    file.products.kit = { accessKeys: { kit: ['kit-key'] }, kitPrivateKey: pair.privateKey };
    const sealing = { ...file.sealing, kit: [{ kid: 'k1', ...pair }] };
    writeFileSync(path, JSON.stringify({ ...file, sealing, login: { secret: 's'.repeat(32) } }));
    const source = fileSource(path);
    expect(await source('products/kit')).not.toContain('PRIVATE');
    expect(JSON.parse(await source('products/kit/kit'))).toEqual({ privateKey: pair.privateKey });
    expect(JSON.parse(await source('sealing/kit-public'))).toEqual([{ kid: 'k1', key: pair.publicKey }]);
    expect(JSON.parse(await source('login'))).toEqual({ secret: 's'.repeat(32) });
  });

  test.each([
    ['marketplace/europe', 'marketplace.sites entry for europe'],
    ['products/demo/kit', 'kitPrivateKey'],
    ['sealing/kit-public', 'sealing.kit'],
    ['login', 'login.secret'],
  ])('without %s says what to add', async (name, what) => {
    await expect(fileSource(path)(name)).rejects.toThrow(what);
  });

  test("gives the marketplace's public key to the products, and its private one to nobody", async () => {
    const source = fileSource(path);
    const { credentialsKey } = JSON.parse(await source('products/plain'));
    expect(createPublicKey(credentialsKey).equals(createPublicKey(pair.privateKey))).toBe(true);
    expect(await source('marketplace')).not.toContain('PRIVATE');
  });

  test("gives them the marketplace's public key where the file has no more than that, and none where it has none", async () => {
    const { privateKey: _, ...account } = secretsFile().marketplace;
    const publicKey = 'the public key as the marketplace shows it';
    for (const [marketplace, credentialsKey] of [
      [{ ...account, publicKey }, publicKey],
      [account, undefined],
    ] as const) {
      writeFileSync(path, JSON.stringify({ ...secretsFile(), marketplace }));
      expect(JSON.parse(await fileSource(path)('products/plain')).credentialsKey).toBe(credentialsKey);
    }
  });

  test('keeps the account of each further site in a document of its own, beside the installation’s', async () => {
    const { marketplace, ...rest } = secretsFile();
    const further = { accessKeyId: 'eu', secretAccessKey: 'secret-eu' };
    const sites = { europe: further, 'https://mkt.example.com:8443': further };
    writeFileSync(path, JSON.stringify({ ...rest, marketplace: { ...marketplace, sites } }));
    const source = fileSource(path);
    const read = async (name: string) => JSON.parse(await source(name));
    expect(await read('marketplace')).toEqual({ accessKeyId: 'id-of-account', secretAccessKey: 'secret-of-account' });
    expect(await read(names.account('europe'))).toEqual(further);
    expect(names.account('https://mkt.example.com:8443')).toBe('marketplace/mkt.example.com_8443');
    expect(await read('marketplace/mkt.example.com_8443')).toEqual(further);
  });

  test('is read again when it has changed', async () => {
    const source = fileSource(path);
    await source('products/demo');
    const next = secretsFile();
    next.products.demo = { accessKeys: { base: ['rotated-key'] } };
    writeFileSync(path, JSON.stringify(next));
    utimesSync(path, new Date(), new Date(Date.now() + 5_000));
    expect(JSON.parse(await source('products/demo')).accessKeys).toEqual({ base: ['rotated-key'] });
  });

  test("gives way to KOOGATE_SELLER_SECRET for the seller's secret", async () => {
    expect(await fileSource(path, { KOOGATE_SELLER_SECRET: 'whsec_bXktb3du' })('seller')).toBe(
      '{"secret":"whsec_bXktb3du"}',
    );
  });

  test('that is missing says how to make one and what to set', async () => {
    const source = fileSource(join(folder, 'other.json'));
    await expect(source('products/demo')).rejects.toThrow(/npm start.*KOOGATE_SECRETS/);
  });

  test.each([
    ['not JSON', '{"products": TOP-SECRET'],
    ['no object', '"TOP-SECRET"'],
    ['no sealing keys', JSON.stringify({ ...secretsFile(), sealing: undefined })],
    [
      'nonsense for a private key',
      JSON.stringify({
        ...secretsFile(),
        marketplace: { privateKey: 'TOP-SECRET', accessKeyId: 'a', secretAccessKey: 'b' },
      }),
    ],
  ])('that is malformed (%s) is named, not repeated', async (_, text) => {
    writeFileSync(path, text);
    const error = await fileSource(path)('products/demo').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SecretsUnavailable);
    expect(String(error)).toContain(path);
    expect(`${error}${(error as Error).cause}`).not.toContain('TOP-SECRET');
  });

  test("without a seller's secret says what to add, and what to set instead", async () => {
    const { seller: _, ...file } = secretsFile();
    writeFileSync(path, JSON.stringify(file));
    await expect(fileSource(path)('seller')).rejects.toThrow(/no seller\.secret.*KOOGATE_SELLER_SECRET/);
  });

  test('without a product names it', async () => {
    await expect(fileSource(path)('products/other')).rejects.toThrow('no product "other"');
  });
});
