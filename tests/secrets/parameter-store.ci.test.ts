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
});

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

  test.each(['reset', 'ThrottlingException', 'InternalServerError', '502'])(
    'is asked once more after %s',
    async (fault) => {
      ssm.parameters.set('/p/seller', 'x');
      ssm.faults.push(fault);
      expect(await parameterStoreSource('/p', env)('seller')).toBe('x');
      expect(ssm.calls).toHaveLength(2);
    },
  );

  test('is given up on after two tries', async () => {
    ssm.faults.push('reset', 'reset');
    await expect(parameterStoreSource('/p', env)('seller')).rejects.toThrow(SecretsUnavailable);
    expect(ssm.calls).toHaveLength(2);
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
    ssm.faults.push('hang');
    await expect(parameterStoreSource('/p', env)('seller')).rejects.toThrow(/"\/p\/seller" cannot be read \(timeout\)/);
    expect(ssm.calls).toHaveLength(1);
  });

  test('that has no such parameter says which, and what to do', async () => {
    await expect(parameterStoreSource('/p', env)('seller')).rejects.toThrow(
      /"\/p\/seller".*ParameterNotFound.*npx koogate parameters/,
    );
    expect(ssm.calls).toHaveLength(1);
  });

  test('that denies access says what the role needs', async () => {
    ssm.faults.push('AccessDeniedException');
    await expect(parameterStoreSource('/p', env)('seller')).rejects.toThrow(/ssm:GetParameter/);
  });

  test('without credentials says what to set', async () => {
    const source = parameterStoreSource('/p', { ...env, AWS_ACCESS_KEY_ID: '' });
    await expect(source('seller')).rejects.toThrow(/AWS_ACCESS_KEY_ID/);
    expect(ssm.calls).toHaveLength(0);
  });

  test.each([
    [{ AWS_REGION: 'eu-west-1' }, 'ssm.eu-west-1.amazonaws.com'],
    [{ AWS_DEFAULT_REGION: 'cn-north-1' }, 'ssm.cn-north-1.amazonaws.com.cn'],
  ])('is looked for where %j has it, unless another endpoint is set', async (region, host) => {
    const lookup = jest.spyOn(dns, 'lookup').mockImplementation(((_: string, __: object, done: (e: Error) => void) => {
      done(Object.assign(new Error('there is no network in this test'), { code: 'ENOTFOUND' }));
    }) as unknown as typeof dns.lookup);
    await expect(parameterStoreSource('/p', { ...AWS_KEYS, ...region })('seller')).rejects.toThrow('(ENOTFOUND)');
    expect(lookup.mock.calls.map(([name]) => name)).toEqual([host]);
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
