import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { csmsCaller, csmsPlace, csmsSource } from '../../lib/secrets/csms.ts';
import { secretsFromEnvironment } from '../../lib/secrets/environment.ts';
import { SecretsUnavailable } from '../../lib/secrets/secrets.ts';
import { type FakeCsms, OPERATOR, startFakeCsms } from '../support/fake-csms.ts';

const PROJECT = '0123456789abcdef0123456789abcdef';
const READ_SELLER = `GET /v1/${PROJECT}/secrets/shop-prod.seller/versions/latest`;
const READ_KEYS = 'GET /openstack/latest/securitykey';

let csms: FakeCsms;
let address: string;

beforeAll(async () => {
  csms = await startFakeCsms(PROJECT);
  address = `csms://cn-north-4/${PROJECT}/shop-prod?endpoint=${csms.url}`;
});
afterAll(() => csms.stop());
beforeEach(() => {
  Object.assign(csms.state, { ahead: 0, generation: 1, lifetime: 3_600_000, hasAgency: true, demandsToken: false });
  csms.state.secrets.clear();
  csms.state.calls.length = 0;
  csms.state.faults.length = 0;
  csms.state.secrets.set('shop-prod.seller', ['old', 'x']);
});

const source = (env = {}, now = Date.now) => csmsSource(address, env, { now, random: () => 0.5, metadata: csms.url });

describe('the Cloud Secret Management Service', () => {
  test('gives the latest version of a secret, asked for with the temporary keys of the server', async () => {
    const read = source();
    expect(await read('seller')).toBe('x');
    expect(await read('seller')).toBe('x');
    expect(csms.state.calls).toEqual([READ_KEYS, READ_SELLER, READ_SELLER]);
  });

  test('knows no slash in names: dots stand in their places', async () => {
    csms.state.secrets.set('shop-prod.products.crm.kit', ['kit']);
    expect(await source()('products/crm/kit')).toBe('kit');
  });

  test('is asked with the keys of the environment where there are any', async () => {
    expect(await source(OPERATOR)('seller')).toBe('x');
    expect(csms.state.calls).toEqual([READ_SELLER]);
    await expect(source({ ...OPERATOR, HUAWEICLOUD_SDK_SK: 'another' })('seller')).rejects.toThrow('keys were refused');
  });

  test('gets a token of the metadata service first where that demands one', async () => {
    csms.state.demandsToken = true;
    expect(await source()('seller')).toBe('x');
    expect(csms.state.calls).toEqual([READ_KEYS, 'PUT /meta-data/latest/api/token', READ_KEYS, READ_SELLER]);
  });

  test('is asked with new keys before the old ones end, and when they are refused', async () => {
    let ahead = 0;
    const read = source({}, () => Date.now() + ahead);
    await read('seller');
    csms.state.generation = 2;
    expect(await read('seller')).toBe('x'); // refused once, then with new keys
    expect(csms.state.calls.slice(2)).toEqual([READ_SELLER, READ_KEYS, READ_SELLER]);
    csms.state.calls.length = 0;
    ahead = 3_600_000 - 299_000;
    csms.state.ahead = ahead;
    expect(await read('seller')).toBe('x');
    expect(csms.state.calls).toEqual([READ_KEYS, READ_SELLER]);
  });

  test.each([2_000_000, -2_000_000])('whose clock is %d ms from ours is understood after one try', async (ahead) => {
    csms.state.ahead = ahead;
    const read = source(OPERATOR);
    expect(await read('seller')).toBe('x');
    expect(csms.state.calls).toHaveLength(2);
    await read('seller');
    expect(csms.state.calls).toHaveLength(3);
  });

  test.each([[[429, 'APIGW.0308']], [[503, 'CSMS.0001']], ['reset'], ['hang']] as const)(
    'is asked again after %j',
    async (fault) => {
      csms.state.faults.push(fault);
      expect(await source(OPERATOR)('seller')).toBe('x');
      expect(csms.state.calls).toHaveLength(2);
    },
  );

  test('that stays busy is given up on', async () => {
    csms.state.faults.push(...Array<readonly [number, string]>(9).fill([429, 'APIGW.0308']));
    await expect(source(OPERATOR)('seller')).rejects.toMatchObject({ reason: 'unreachable' });
    expect(csms.state.calls).toHaveLength(4);
  });

  test.each([
    ['that is not there', [400, 'CSMS.0106'], 'gone', /CSMS\.0106.*koogate parameters/],
    ['that is about to be deleted', [400, 'CSMS.0103'], 'gone', /CSMS\.0103/],
    ['that is denied', [403, 'APIGW.0302'], 'gone', /csms:secret:getVersion/],
    ['with a malformed answer', [200, 'none'], 'unreachable', /the next call asks again/],
  ] as const)('names a secret %s, and repeats nothing of the answer', async (_, fault, reason, sentence) => {
    csms.state.faults.push(fault);
    const error = await source(OPERATOR)('seller').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SecretsUnavailable);
    expect(error).toMatchObject({ reason, message: expect.stringMatching(sentence) });
    expect(String(error)).toContain('"shop-prod.seller"');
    expect(String(error)).not.toContain('TOP-SECRET');
  });

  test('says what a server without an agency needs', async () => {
    csms.state.hasAgency = false;
    const error = await source()('seller').catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(/gives no keys \(HTTP 404\): give the server an agency/);
    expect(String(error)).not.toContain('TOP-SECRET');
  });

  test.each([401, 418])('says what to do after the status %d, twice', async (status) => {
    csms.state.faults.push([status, 'APIGW.0301'], [status, 'APIGW.0301']);
    await expect(source(OPERATOR)('seller')).rejects.toThrow(
      status === 401 ? /look at the agency of the server/ : /does not answer as it should/,
    );
  });

  test('is written to with the keys and the token of the environment', async () => {
    const call = csmsCaller(csmsPlace(address), { ...OPERATOR, HUAWEICLOUD_SDK_SECURITY_TOKEN: 'none of its own' });
    const { status } = await call('POST', '', { name: 'shop-prod.new', secret_string: 'x' });
    expect(status).toBeGreaterThanOrEqual(200);
    expect(csms.state.calls[0]).toBe(`POST /v1/${PROJECT}/secrets`);
  });

  test('that nobody reaches is named', async () => {
    csms.state.faults.push(...Array<'reset'>(9).fill('reset'));
    const read = csmsSource(address, OPERATOR);
    await expect(read('seller')).rejects.toThrow(/cannot be read \(connection\); the next call asks again/);
  });

  test('refuses a name that the service could not have', async () => {
    await expect(source()(`products/${'p'.repeat(64)}`)).rejects.toThrow(/more than 64 characters.*shorter prefix/);
    expect(csms.state.calls).toEqual([]);
  });
});

test.each([
  ['cn-north-4', 'https://kms.cn-north-4.myhuaweicloud.com/'],
  ['ap-southeast-3', 'https://kms.ap-southeast-3.myhuaweicloud.com/'],
  ['eu-west-101', 'https://kms.eu-west-101.myhuaweicloud.eu/'],
])('in %s it is at %s', (region, endpoint) => {
  const place = csmsPlace(`csms://${region}/${PROJECT}/shop-prod`);
  expect(place).toEqual({ endpoint: new URL(endpoint), project: PROJECT, prefix: 'shop-prod' });
});

describe('KOOGATE_SECRETS', () => {
  test('leads to it, with the cache of secrets in the cloud', async () => {
    csms.state.secrets.set('shop-prod.marketplace', ['{"accessKeyId":"id","secretAccessKey":"secret"}']);
    const env = { ...OPERATOR, KOOGATE_SECRETS: address };
    const secrets = secretsFromEnvironment(env, Date.now, () => {}, { csms: csmsSource });
    expect(await secrets.account()).toEqual({ accessKeyId: 'id', secretAccessKey: 'secret' });
    await secrets.account();
    expect(csms.state.calls).toHaveLength(1);
  });

  test('leads there from servers and commands alone', () => {
    expect(() => secretsFromEnvironment({ KOOGATE_SECRETS: address }, Date.now)).toThrow(/functions on Lambda do not/);
  });

  test.each([
    'csms://[',
    'csms://cn-north-4',
    'csms://cn-north-4/project',
    'csms://x/p/a/b',
    'csms://x/p/a%20b',
    'csms:///p/a',
  ])('is refused as %s', (wrong) => {
    const open = () => secretsFromEnvironment({ KOOGATE_SECRETS: wrong }, Date.now, () => {}, { csms: csmsSource });
    expect(open).toThrow(/csms:\/\/<region>\/<project id>\/<prefix>/);
  });
});
