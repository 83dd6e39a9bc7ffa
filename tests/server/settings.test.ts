import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { checkSecretsFile, readServerSettings } from '../../handlers/server/settings.ts';
import { defineConfig, type StageSettings } from '../../lib/config/config.ts';
import type { Seller } from '../../lib/seller/contract.ts';
import { temporaryFolder } from '../support/command.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const seller = {} as Seller;
const config = (stage: StageSettings = {}) =>
  defineConfig({
    service: 'shop',
    products: { crm: { seller } },
    stages: { prod: { host: 'server', receivers: ['ops'], ...stage } },
  });
const ENV = { KOOGATE_STAGE: 'prod', KOOGATE_SECRETS: '/run/secrets.json' };

describe('the settings of a server', () => {
  test('are those of the stage, and four variables', () => {
    const server = { address: '0.0.0.0', private: '/run/koogate.sock' };
    const env = { ...ENV, PORT: '8080', KOOGATE_DATABASE: 'postgres://koogate@db:5432/shop', PATH: '/bin' };
    expect(readServerSettings(config({ server, table: 'sold', environment: { CRM: 'x' } }), env)).toMatchObject({
      port: 8080,
      database: 'postgres://koogate@db:5432/shop',
      table: 'sold',
      server: { ...server, trustsProxy: false },
      environment: { CRM: 'x' },
      env: { KOOGATE_STAGE: 'prod', KOOGATE_TABLE: 'sold', KOOGATE_SECRETS: '/run/secrets.json', PATH: '/bin' },
      warnings: [],
    });
  });

  test('report other variables, and ignore them', () => {
    const { env, warnings, table } = readServerSettings(config(), {
      ...ENV,
      KOOGATE_TABLE: 'other',
      KOOGATE_SELLER_URL: 'https://elsewhere.example.com',
    });
    expect(warnings).toEqual([
      expect.stringMatching(/^KOOGATE_TABLE, KOOGATE_SELLER_URL in the environment is ignored/),
    ]);
    expect(env).not.toHaveProperty('KOOGATE_SELLER_URL');
    expect(table).toBe('shop-prod');
  });

  test.each<[string, StageSettings, Record<string, string | undefined>, RegExp]>([
    ['no stage', {}, { KOOGATE_STAGE: undefined }, /KOOGATE_STAGE is not set/],
    ['an unknown stage', {}, { KOOGATE_STAGE: 'beta' }, /no stage "beta"/],
    ['a stage on AWS', { host: 'aws' }, {}, /stages\.prod\.host to "server"/],
    ['a stage with a problem', { receivers: [] }, {}, /nobody hears of its alarms/],
    ['a port that is none', {}, { PORT: '80a' }, /PORT is "80a"/],
    ['a password in the address', {}, { KOOGATE_DATABASE: 'postgres://u:secret@db/x' }, /holds a password/],
    ['another kind of address', {}, { KOOGATE_DATABASE: 'mysql://db/x' }, /no(t an)? address of PostgreSQL/],
  ])('with %s are refused as wrongly set', (_, stage, env, sentence) => {
    const read = () => readServerSettings(config(stage), { ...ENV, ...env });
    expect(read).toThrow(sentence);
    expect(read).toThrow(expect.objectContaining({ exitCode: 2 }));
    expect(read).not.toThrow(/secret@/);
  });
});

describe('a secrets file', () => {
  const path = join(folder.path, 'secrets.json');
  const withMode = (mode: number) => {
    writeFileSync(path, '{}');
    chmodSync(path, mode);
    return path;
  };

  test.each([0o640, 0o604, 0o644, 0o660, 0o700 | 0o070])('of the mode %o is refused', async (mode) => {
    const refused = checkSecretsFile({ KOOGATE_SECRETS: withMode(mode) });
    await expect(refused).rejects.toMatchObject({ exitCode: 1, message: expect.stringMatching(/chmod 0600/) });
  });

  test.each([0o600, 0o400])('of the mode %o is taken', async (mode) => {
    await expect(checkSecretsFile({ KOOGATE_SECRETS: withMode(mode) })).resolves.toBeUndefined();
  });

  test('that systemd has handed over may be readable by its group, and by nobody else', async () => {
    const env = { CREDENTIALS_DIRECTORY: folder.path };
    await expect(checkSecretsFile({ ...env, KOOGATE_SECRETS: withMode(0o440) })).resolves.toBeUndefined();
    await expect(checkSecretsFile({ ...env, KOOGATE_SECRETS: withMode(0o444) })).rejects.toThrow(/0444/);
  });

  test('that is not there is named', async () => {
    const refused = checkSecretsFile({ KOOGATE_SECRETS: join(folder.path, 'none.json') });
    await expect(refused).rejects.toThrow(/none\.json cannot be read/);
  });
});
