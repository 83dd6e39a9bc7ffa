import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { importPrivateKey } from '../../../lib/protocol/oaep.ts';
import { csmsSource } from '../../../lib/secrets/csms.ts';
import { secretsFromEnvironment } from '../../../lib/secrets/environment.ts';
import { passwordOf } from '../../../scripts/cli/operator/database.ts';
import { type MayRetire, planWrites } from '../../../scripts/cli/operator/parameters/store.ts';
import { parameterStore } from '../../../scripts/cli/operator/parameters/stores.ts';
import { readPlace, secretsOf } from '../../../scripts/cli/operator/place.ts';
import type { Terminal } from '../../../scripts/cli/terminal/terminal.ts';
import { pair, rsaPair, secretsFile } from '../../secrets/fixture.ts';
import { OPERATOR, startFakeCsms } from '../../support/fake-csms.ts';
import { AWS_KEYS, type FakeSsm, startFakeSsm } from '../../support/fake-ssm.ts';
import { operate } from './operate.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The sample shop, with a second stage whose alarms somebody hears of. */
const CONFIG = `import { defineConfig } from '${root}lib/config/config.ts';
import { samples as products } from '${root}scripts/dev/samples/index.ts';
const prod = { purpose: 'demonstration', region: 'eu-west-1' } as const;
const cn = { purpose: 'demonstration', host: 'server' } as const;
const heard = { ...prod, receivers: ['ops', 'night-shift'], products: { plain: { site: 'europe' } } } as const;
const posted = { ...prod, receivers: [], webhooks: ['pager'] } as const;
export default defineConfig({ service: 'koogate', products, stages: { prod, heard, posted, cn } });
`;

let ssm: FakeSsm;
let folder: string;
let path: string;

beforeAll(async () => {
  Object.assign(process.env, AWS_KEYS); // where the vendor's client looks for them
  ssm = await startFakeSsm();
});

afterAll(() => ssm.stop());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'koogate-parameters-'));
  path = join(folder, 'secrets.json');
  writeFileSync(join(folder, 'koogate.config.ts'), CONFIG);
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  ssm.parameters.clear();
  ssm.calls.length = 0;
});

afterEach(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) =>
  operate(['parameters', ...args], { KOOGATE_CONFIG: join(folder, 'koogate.config.ts') });

const upload = (...more: string[]) => run('--stage', 'prod', '--file', path, '--endpoint', ssm.endpoint, ...more);

const given = (change: (file: ReturnType<typeof secretsFile>) => void = () => {}) => {
  const file = secretsFile();
  change(file);
  writeFileSync(path, JSON.stringify(file));
};

const written = () => ssm.calls.filter(({ target }) => target === 'PutParameter').map(({ body }) => body);

describe('npm run parameters', () => {
  test('shows the names of what it would write, and writes nothing', async () => {
    given();
    const { code, output } = await upload();
    expect(code).toBe(0);
    expect(output).toContain('to write  /koogate/prod/products/demo');
    expect(output).toContain('say --yes');
    expect(output).not.toMatch(/newest-key|secret-of-account|whsec_|PRIVATE/);
    expect(written()).toEqual([]);
  });

  test('writes secure strings that the functions can read', async () => {
    given();
    expect(await upload('--yes')).toMatchObject({ code: 0 });
    expect(
      written()
        .map(({ Name }) => Name)
        .sort(),
    ).toEqual(
      [
        'products/demo',
        'products/plain',
        'sealing/credentials-public',
        'sealing/credentials-private',
        'sealing/personal-public',
        'sealing/personal-private',
        'marketplace',
        'seller',
      ]
        .map((name) => `/koogate/prod/${name}`)
        .sort(),
    );
    for (const { Type, Overwrite } of written())
      expect({ Type, Overwrite }).toEqual({ Type: 'SecureString', Overwrite: true });
    const env = {
      ...AWS_KEYS,
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL_SSM: ssm.endpoint,
      KOOGATE_PARAMETERS: '/koogate/prod',
    };
    const secrets = secretsFromEnvironment(env, () => 0);
    expect((await secrets.product('demo')).accessKeys).toEqual(secretsFile().products.demo?.accessKeys);
    expect(await secrets.sealing('credentials', 'private')).toEqual([{ kid: 'c1', key: pair.privateKey }]);
    expect(await secrets.account()).toEqual({ accessKeyId: 'id-of-account', secretAccessKey: 'secret-of-account' });
    expect(await secrets.seller()).toBe(secretsFile().seller?.secret);
  });

  test('the address of a webhook is written encrypted, and one without a secret refused', async () => {
    const post = () => run('--stage', 'posted', '--file', path, '--endpoint', ssm.endpoint, '--yes');
    given((file) => {
      file.receivers = { pager: 'https://pager.example.com/x' };
    });
    expect(await post()).toMatchObject({ code: 1, output: expect.stringMatching(/receivers\.pager must be https:/) });
    const secret = `whsec_${Buffer.alloc(32).toString('base64')}`;
    given((file) => {
      file.receivers = { pager: `https://pager.example.com/x#${secret}` };
    });
    const { code, output } = await post();
    expect([code, output.includes(secret)]).toEqual([0, false]);
    expect(written()).toContainEqual(
      expect.objectContaining({ Name: '/koogate/posted/receivers/pager', Type: 'SecureString' }),
    );
  });

  describe('for a stage with receivers', () => {
    const heard = (...more: string[]) => run('--stage', 'heard', '--file', path, '--endpoint', ssm.endpoint, ...more);

    test('writes their addresses as plain strings, which CloudFormation can read, and prints none', async () => {
      given((file) => {
        file.receivers = { ops: 'ops@example.com', 'night-shift': 'night@example.com', guest: 'guest@example.com' };
      });
      const { code, output } = await heard('--yes');
      expect(code).toBe(0);
      expect(written().filter(({ Type }) => Type === 'String')).toEqual([
        expect.objectContaining({ Name: '/koogate/heard/receivers/ops', Value: 'ops@example.com', Overwrite: true }),
        expect.objectContaining({ Name: '/koogate/heard/receivers/night-shift', Value: 'night@example.com' }),
      ]);
      expect(output).toContain('written  /koogate/heard/receivers/ops');
      expect(output).toContain('"guest"');
      expect(output).not.toContain('@example.com');
    });

    test.each([
      ['without an address', { ops: 'ops@example.com' }],
      ['with a blank instead of an address', { ops: 'ops@example.com', 'night-shift': '(e-mail address)' }],
    ])('refuses a receiver %s', async (_, receivers) => {
      given((file) => Object.assign(file, { receivers }));
      const { code, output } = await heard('--yes');
      expect(code).toBe(1);
      expect(output).toMatch(/"night-shift" .* no e-mail address .*add it as receivers\.night-shift/);
      expect(written()).toEqual([]);
    });
  });

  test("never writes the marketplace's private key", async () => {
    given((file) => {
      file.marketplace.privateKey = rsaPair().privateKey;
    });
    await upload('--yes');
    const stored = JSON.stringify([...ssm.parameters]);
    expect(stored).not.toContain(secretsFile().marketplace.privateKey?.slice(100, 160));
    expect(ssm.parameters.get('/koogate/prod/marketplace')).not.toContain('PRIVATE');
  });

  test('keeps a sealing key from being lost', async () => {
    given();
    await upload('--yes');
    given((file) => {
      file.sealing.credentials = [{ kid: 'c2', ...pair }];
    });
    const { code, output } = await upload('--yes');
    expect(code).toBe(1);
    expect(output).toMatch(/sealing\/credentials-private holds the key "c1".*Add it to the file/);
    expect(ssm.parameters.get('/koogate/prod/sealing/credentials-private')).toContain('"c1"');
  });

  test('gives a new sealing key to those who open first, to those who seal at the next run', async () => {
    given();
    await upload('--yes');
    given((file) => file.sealing.personal.unshift({ kid: 'p2', ...pair }));
    expect((await upload('--yes')).output).toContain('run this again in 5 minutes');
    const kids = (half: string) =>
      JSON.parse(ssm.parameters.get(`/koogate/prod/sealing/personal-${half}`) ?? '[]').map(
        ({ kid }: { kid: string }) => kid,
      );
    expect([kids('private'), kids('private/p1'), kids('public')]).toEqual([['p2'], ['p1'], ['p1']]);
    await upload('--yes');
    expect(kids('public')).toEqual(['p2']);
  });

  describe('keys without end', () => {
    const open = () => parameterStore('/koogate/prod', { region: 'eu-west-1', endpoint: ssm.endpoint });
    const plan = (documents: ReadonlyMap<string, string>, mayRetire: MayRetire = async () => false) =>
      planWrites(open(), documents, mayRetire);
    const documents = (...kids: string[]) => {
      const ring = JSON.stringify(kids.map((kid) => ({ kid, key: pair.privateKey })));
      return new Map([
        ['sealing/personal-private', ring],
        ['sealing/personal-public', JSON.stringify(kids.map((kid) => ({ kid, key: pair.publicKey })))],
      ]);
    };
    const store = async (...kids: string[]) => {
      for (let run = 0; run < 2; run += 1) {
        const { writes } = await plan(documents(...kids));
        for (const [name, text] of writes) ssm.parameters.set(`/koogate/prod/${name}`, text);
      }
    };

    test('each fits a standard parameter, and the functions find all of them', async () => {
      const kids = Array.from({ length: 12 }, (_, index) => `k${12 - index}`);
      for (let first = kids.length - 1; first >= 0; first -= 1) await store(...kids.slice(first));
      for (const text of ssm.parameters.values()) expect(Buffer.byteLength(text)).toBeLessThan(4_096);
      const env = { ...AWS_KEYS, AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL_SSM: ssm.endpoint };
      const secrets = secretsFromEnvironment({ ...env, KOOGATE_PARAMETERS: '/koogate/prod' }, () => 0);
      const newest = { kid: 'k12', key: pair.publicKey };
      expect(await secrets.sealing('personal', 'public')).toEqual([newest]);
      for (const kid of kids) {
        expect(await secrets.sealing('personal', 'private', kid)).toEqual([{ kid, key: pair.privateKey }]);
      }
      expect((await secrets.sealing('personal', 'private', 'nobody')).map(({ kid }) => kid)).toEqual(['k12']);
      expect((await secrets.sealing('personal', 'private', '../x')).map(({ kid }) => kid)).toEqual(['k12']);
    });

    test('lists of before are read, and each key of theirs moves to a parameter of its own before the newest', async () => {
      for (const [name, text] of documents('k2', 'k1')) ssm.parameters.set(`/koogate/prod/${name}`, text);
      const { writes, deferred } = await plan(documents('k3', 'k2', 'k1'));
      expect(writes.map(([name]) => name)).toEqual([
        'sealing/personal-private/k2',
        'sealing/personal-private/k1',
        'sealing/personal-private',
      ]);
      expect(deferred).toEqual(['sealing/personal-public']);
      await expect(plan(documents('k3', 'k2'))).rejects.toThrow('problem.sealing-key-lost');
    });

    test('one that nothing needs is deleted; one that has another key under its id is never', async () => {
      await store('k1');
      await store('k2', 'k1');
      const asked: unknown[] = [];
      const mayRetire: MayRetire = async (...about) => asked.push(about) > 0;
      expect((await plan(documents('k2'), mayRetire)).retired).toEqual(['sealing/personal-private/k1']);
      expect(asked).toEqual([['personal', 'k1', ['k2', 'k2']]]);
      const other = new Map(documents('k2', 'k1'));
      other.set(
        'sealing/personal-private',
        JSON.stringify([
          { kid: 'k2', key: pair.privateKey },
          { kid: 'k1', key: 'another' },
        ]),
      );
      await expect(plan(other, mayRetire)).rejects.toThrow('problem.sealing-key-lost');
    });
  });

  test('warns of products that share a key, and of those without any', async () => {
    given((file) => {
      file.products = { demo: { accessKeys: { base: ['one'] } }, other: { accessKeys: { base: ['one'] } } };
    });
    const { code, output } = await upload();
    expect(code).toBe(0);
    expect(output).toContain('"demo" and "other" share an access key');
    expect(output).toContain('"plain" has no access keys');
    expect(output).toContain('"other" of');
  });

  test('warns of a site without an account, and writes the account of each', async () => {
    given();
    const onHeard = (...more: string[]) => run('--stage', 'heard', '--file', path, '--endpoint', ssm.endpoint, ...more);
    given((file) => {
      Object.assign(file, { receivers: { ops: 'a@b.c', 'night-shift': 'a@b.c' } });
    });
    expect((await onHeard()).output).toContain('site europe, and');
    given((file) => {
      const sites = { europe: { accessKeyId: 'eu', secretAccessKey: 'secret-eu' } };
      Object.assign(file, { receivers: { ops: 'a@b.c', 'night-shift': 'a@b.c' } });
      Object.assign(file.marketplace, { sites });
    });
    const { code, output } = await onHeard('--yes');
    expect([code, output.includes('site europe')]).toEqual([0, false]);
    expect(ssm.parameters.get('/koogate/heard/marketplace/europe')).toContain('secret-eu');
    expect(ssm.parameters.get('/koogate/heard/marketplace')).not.toContain('secret-eu');
  });

  test.each([
    [
      'a blank that was not filled in',
      (file: ReturnType<typeof secretsFile>) => file.products.demo?.accessKeys.base?.push('(copy this)'),
      'white space',
    ],
    [
      'no key to encrypt credentials',
      (file: ReturnType<typeof secretsFile>) => delete file.marketplace.privateKey,
      'marketplace.publicKey',
    ],
  ])('refuses a file with %s', async (_, change, words) => {
    given(change);
    const { code, output } = await upload('--yes');
    expect(code).toBe(1);
    expect(output).toContain(words);
    expect(written()).toEqual([]);
  });

  test('says how it is called', async () => {
    expect(await run('--help')).toMatchObject({ code: 0, output: expect.stringContaining('--init <file>') });
    expect(await run()).toMatchObject({ code: 2, output: expect.stringContaining('--stage <stage>') });
    expect(await run('--nonsense')).toMatchObject({ code: 2, output: expect.stringContaining('--nonsense') });
    expect((await run('--stage', 'prod', '--file', join(folder, 'none'))).output).toContain('--init');
  });
});

describe('npm run parameters -- --init', () => {
  test('makes a file for its owner alone, with fresh sealing keys and blanks for the rest', async () => {
    const pem = join(folder, 'marketplace.pem');
    writeFileSync(pem, pair.publicKey);
    expect(await run('--init', path, '--credentials-key', pem)).toMatchObject({ code: 0 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const file = JSON.parse(readFileSync(path, 'utf8'));
    expect(Object.keys(file.products)).toEqual(expect.arrayContaining(['demo', 'plain']));
    expect(importPrivateKey(file.sealing.credentials[0].privateKey).asymmetricKeyDetails?.modulusLength).toBe(3072);
    expect(file.sealing.credentials[0].privateKey).not.toBe(file.sealing.personal[0].privateKey);
    expect(file.marketplace.publicKey).toBe(pair.publicKey);
    expect(file.marketplace.privateKey).toBeUndefined();
    expect(Object.keys(file.receivers)).toEqual(['ops', 'night-shift', 'pager']);
    expect(file.marketplace.sites.europe.accessKeyId).toContain(' ');
    const { code, output } = await upload('--yes');
    expect(code).toBe(1);
    expect(output).toContain('accessKeys.base.0');
    for (const product of Object.values(file.products))
      Object.assign(product as object, { accessKeys: { base: [path] } });
    const account = { accessKeyId: 'id', secretAccessKey: 'secret' };
    Object.assign(file.marketplace, account, { sites: { europe: account } });
    writeFileSync(path, JSON.stringify(file));
    expect(await upload('--yes')).toMatchObject({ code: 0 });
  });

  test('never replaces a file', async () => {
    writeFileSync(path, 'precious');
    expect(await run('--init', path)).toMatchObject({ code: 1 });
    expect(readFileSync(path, 'utf8')).toBe('precious');
  });

  test('takes no key below 3072 bit', async () => {
    const pem = join(folder, 'small.pem');
    writeFileSync(pem, rsaPair(2048).publicKey);
    expect(await run('--init', path, '--credentials-key', pem)).toMatchObject({
      code: 1,
      output: expect.stringContaining('3072'),
    });
  });
});

describe('for a stage on a server', () => {
  const PROJECT = '0123456789abcdef0123456789abcdef';

  test('writes into the secrets of Huawei Cloud, where the server reads them; a second time as new versions', async () => {
    const csms = await startFakeCsms(PROJECT);
    const address = `csms://cn-north-4/${PROJECT}/koogate-cn?endpoint=${csms.url}`;
    const env = { KOOGATE_CONFIG: join(folder, 'koogate.config.ts'), ...OPERATOR, KOOGATE_SECRETS: address };
    try {
      given((file) => Object.assign(file, { database: { password: 'of-the-database' } }));
      const args = ['parameters', '--stage', 'cn', '--file', path];
      const shown = await operate(args, env);
      expect(shown).toMatchObject({ code: 0 });
      expect(shown.output).toContain('to write  koogate-cn.products.demo');
      expect(csms.state.secrets.size).toBe(0);
      expect(await operate([...args, '--yes'], env)).toMatchObject({ code: 0 });
      const secrets = secretsFromEnvironment(env, Date.now, () => {}, { csms: csmsSource });
      expect((await secrets.product('demo')).accessKeys.base).toEqual(['newest-key', 'older-key']);
      expect(await secrets.account()).toEqual({ accessKeyId: 'id-of-account', secretAccessKey: 'secret-of-account' });
      const terminal = { env, note: () => {} } as unknown as Terminal;
      const place = await readPlace({ stage: 'cn' }, terminal); // as operators' commands reach them
      expect((await (await secretsOf(place)).account()).accessKeyId).toBe('id-of-account');
      expect(await passwordOf(place.settings, terminal)).toBe('of-the-database');
      given((file) => Object.assign(file.products, { demo: { accessKeys: { base: ['rotated'] } } }));
      expect(await operate([...args, '--yes'], env)).toMatchObject({ code: 0 });
      expect(csms.state.secrets.get('koogate-cn.products.demo')).toHaveLength(2);
      csms.state.faults.push([403, 'APIGW.0302']);
      const { code, output } = await operate([...args, '--yes'], env);
      expect([code, output]).toEqual([1, expect.stringContaining('APIGW.0302')]);
      expect(output).not.toContain('TOP-SECRET');
    } finally {
      await csms.stop();
    }
  });

  test('asks where the secrets go, or to copy the file', async () => {
    given();
    const { code, output } = await run('--stage', 'cn', '--file', path);
    expect(code).not.toBe(0);
    expect(output).toMatch(/csms:\/\/<region>.*\/etc\/koogate\/secrets\.json/);
  });
});
