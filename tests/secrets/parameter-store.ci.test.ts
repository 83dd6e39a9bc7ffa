import dns from 'node:dns';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { parameterStoreSource } from '../../lib/secrets/parameter-store.ts';
import { SecretsUnavailable } from '../../lib/secrets/secrets.ts';
import { AWS_KEYS, type FakeSsm, startFakeSsm } from '../support/fake-ssm.ts';

let ssm: FakeSsm;
let env: Record<string, string>;

beforeAll(async () => {
  ssm = await startFakeSsm();
  env = { ...AWS_KEYS, AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL_SSM: ssm.endpoint };
});

afterAll(() => ssm.stop());

beforeEach(() => {
  ssm.calls.length = 0;
  ssm.faults.length = 0;
  ssm.parameters.clear();
  ssm.denied.clear();
  ssm.ahead = 0;
});

const half = { random: () => 0.5 };

describe('Parameter Store', () => {
  test('gives a parameter decrypted, asked for with a good signature', async () => {
    ssm.parameters.set('/koogate/prod/products/demo', '{"é":"云"}');
    expect(await parameterStoreSource('/koogate/prod', env)('products/demo')).toBe('{"é":"云"}');
    expect(ssm.calls).toHaveLength(1);
    expect(ssm.calls[0]?.body).toEqual({ Name: '/koogate/prod/products/demo', WithDecryption: true });
  });

  test("is asked just as the SDK's own client asks", async () => {
    ssm.parameters.set('/p/seller', 'x');
    await parameterStoreSource('/p', env)('seller');
    const client = new SSMClient({
      region: 'eu-west-1',
      endpoint: ssm.endpoint,
      credentials: { accessKeyId: AWS_KEYS.AWS_ACCESS_KEY_ID, secretAccessKey: AWS_KEYS.AWS_SECRET_ACCESS_KEY },
    });
    await client.send(new GetParameterCommand({ Name: '/p/seller', WithDecryption: true }));
    client.destroy();
    const [ours, theirs] = ssm.calls;
    expect(ours?.target).toBe(theirs?.target);
    expect(ours?.body).toEqual(theirs?.body);
    expect(ours?.headers['content-type']).toBe(theirs?.headers['content-type']);
  });

  test('gets the session token of temporary credentials', async () => {
    ssm.parameters.set('/p/seller', 'x');
    await parameterStoreSource('/p', { ...env, AWS_SESSION_TOKEN: 'the-session' })('seller');
    expect(ssm.calls[0]?.headers['x-amz-security-token']).toBe('the-session');
    expect(ssm.calls[0]?.headers.authorization).toContain('x-amz-security-token');
  });

  test('refuses a wrong secret key', async () => {
    ssm.parameters.set('/p/seller', 'x');
    const source = parameterStoreSource('/p', { ...env, AWS_SECRET_ACCESS_KEY: 'another' });
    await expect(source('seller')).rejects.toThrow('InvalidSignatureException');
  });

  test.each(['reset', 'ThrottlingException', 'InternalServerError', '502', 'hang'])(
    'is asked once more after %s',
    async (fault) => {
      ssm.parameters.set('/p/seller', 'x');
      ssm.faults.push(fault);
      expect(await parameterStoreSource('/p', env, half)('seller')).toBe('x');
      expect(ssm.calls).toHaveLength(2);
    },
  );

  test('that throttles is asked again after pauses, four times in all', async () => {
    ssm.faults.push(...Array(9).fill('ThrottlingException'));
    const startedAt = performance.now();
    await expect(parameterStoreSource('/p', env, half)('seller')).rejects.toThrow(SecretsUnavailable);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(1_090); // 100, 300 and 700 ms
    expect(ssm.calls).toHaveLength(4);
  });

  test('gives what is asked for in the same moment by one request, ten names at most', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `products/p${index}`);
    for (const name of names) ssm.parameters.set(`/p/${name}`, `text of ${name}`);
    const texts = await Promise.all(names.map(parameterStoreSource('/p', env)));
    expect(texts).toEqual(names.map((name) => `text of ${name}`));
    expect(ssm.calls.map(({ target, body }) => [target, Object(body.Names).length])).toEqual([
      ['GetParameters', 10],
      ['GetParameters', 2],
    ]);
  });

  test('gives the others beside one that is missing', async () => {
    ssm.parameters.set('/p/marketplace', 'x');
    const [there, missing] = await Promise.allSettled(['marketplace', 'seller'].map(parameterStoreSource('/p', env)));
    expect(there).toMatchObject({ value: 'x' });
    expect(missing).toMatchObject({
      reason: { reason: 'gone', message: expect.stringContaining('ParameterNotFound') },
    });
    expect(ssm.calls).toHaveLength(1);
  });

  test('gives the others beside one that is denied, which is asked for alone from then on', async () => {
    for (const name of ['a', 'b', 'c']) ssm.parameters.set(`/p/${name}`, name);
    ssm.denied.add('/p/b');
    const source = parameterStoreSource('/p', env);
    const results = await Promise.allSettled(['a', 'b', 'c'].map(source));
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value : result.reason.reason))).toEqual([
      'a',
      'gone',
      'c',
    ]);
    ssm.calls.length = 0;
    await Promise.allSettled(['a', 'b', 'c'].map(source));
    expect(ssm.calls.map(({ target, body }) => [target, body.Name ?? body.Names])).toEqual([
      ['GetParameters', ['/p/a', '/p/c']],
      ['GetParameter', '/p/b'],
    ]);
  });

  test('is asked for one after the other where the role does not let us ask for many', async () => {
    for (const name of ['a', 'b']) ssm.parameters.set(`/p/${name}`, name);
    ssm.denied.add('*');
    const source = parameterStoreSource('/p', env);
    expect(await Promise.all(['a', 'b'].map(source))).toEqual(['a', 'b']);
    ssm.calls.length = 0;
    expect(await Promise.all(['a', 'b'].map(source))).toEqual(['a', 'b']);
    expect(ssm.calls.map(({ target }) => target)).toEqual(['GetParameter', 'GetParameter']);
  });

  test.each([600_000, -600_000])('whose clock is %d ms from ours is understood after one try', async (ahead) => {
    ssm.parameters.set('/p/seller', 'x');
    ssm.ahead = ahead;
    const source = parameterStoreSource('/p', env);
    expect(await source('seller')).toBe('x');
    expect(ssm.calls).toHaveLength(2);
    expect(await source('seller')).toBe('x');
    expect(ssm.calls).toHaveLength(3);
  });

  test.each(['200', '403'])(
    'whose answer of status %s is none is given up on, and the answer not repeated',
    async (status) => {
      ssm.faults.push(status);
      const error = await parameterStoreSource('/p', env)('seller').catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(SecretsUnavailable);
      expect(String(error)).toContain(`"/p/seller" cannot be read (HTTP ${status})`);
      expect(String(error)).not.toContain('TOP-SECRET');
      expect(ssm.calls).toHaveLength(1);
    },
  );

  test('that does not answer is given up on', async () => {
    ssm.faults.push('hang', 'hang', 'hang');
    const source = parameterStoreSource('/p', env, half);
    await expect(source('seller')).rejects.toThrow(/"\/p\/seller" cannot be read \(timeout\)/);
    expect(ssm.calls).toHaveLength(3);
  });

  test('that has no such parameter says which, and what to do', async () => {
    await expect(parameterStoreSource('/p', env)('seller')).rejects.toThrow(
      /"\/p\/seller".*ParameterNotFound.*npx koogate parameters/,
    );
    expect(ssm.calls).toHaveLength(1);
  });

  test('that denies access says what the role needs', async () => {
    ssm.faults.push('AccessDeniedException');
    await expect(parameterStoreSource('/p', env)('seller')).rejects.toThrow(/ssm:GetParameter and ssm:GetParameters/);
  });

  test('without credentials says what to set', async () => {
    const source = parameterStoreSource('/p', { ...env, AWS_ACCESS_KEY_ID: '' });
    await expect(source('seller')).rejects.toThrow(/AWS_ACCESS_KEY_ID/);
    expect(ssm.calls).toHaveLength(0);
  });

  test.each(
    ['eu-west-1', 'ca-central-1', 'cn-north-1', 'us-gov-west-1'].flatMap((region) =>
      [false, true].flatMap((fips) => [false, true].map((dualstack) => [region, fips, dualstack] as const)),
    ),
  )("is looked for where the SDK's own client does (%s, FIPS %s, dual stack %s)", async (region, fips, dualstack) => {
    const lookup = jest.spyOn(dns, 'lookup').mockImplementation(((_: string, __: object, done: (e: Error) => void) => {
      done(Object.assign(new Error('there is no network in this test'), { code: 'ENOTFOUND' }));
    }) as unknown as typeof dns.lookup);
    const use = { AWS_USE_FIPS_ENDPOINT: String(fips), AWS_USE_DUALSTACK_ENDPOINT: String(dualstack) };
    const source = parameterStoreSource('/p', { ...AWS_KEYS, ...use, AWS_DEFAULT_REGION: region });
    await expect(source('seller')).rejects.toThrow('(ENOTFOUND)');
    const client = new SSMClient({
      region,
      useFipsEndpoint: fips,
      useDualstackEndpoint: dualstack,
      maxAttempts: 1,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    await client.send(new GetParameterCommand({ Name: 'x' })).catch(() => undefined);
    client.destroy();
    const [ours, theirs] = lookup.mock.calls.map(([name]) => name);
    expect(ours).toBe(theirs);
    lookup.mockRestore();
  });

  test('is not looked for without a region', () => {
    expect(() => parameterStoreSource('/p', AWS_KEYS)).toThrow('AWS_REGION is not set');
  });

  test('is reached over plain HTTP on loopback alone', () => {
    expect(() => parameterStoreSource('/p', { ...env, AWS_ENDPOINT_URL_SSM: 'http://example.com' })).toThrow(
      'AWS_ENDPOINT_URL_SSM must begin with https://',
    );
  });
});
