import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { secretsFromEnvironment } from '../../lib/secrets/environment.ts';
import { secretsFile } from './fixture.ts';

const clock = () => 0;

describe('secrets from the environment', () => {
  test('come from the file that KOOGATE_SECRETS names, and survive its loss with a warning', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'koogate-'));
    const path = join(folder, 'secrets.json');
    writeFileSync(path, JSON.stringify(secretsFile()));
    const warnings: string[] = [];
    const secrets = secretsFromEnvironment({ KOOGATE_SECRETS: path, KOOGATE_PARAMETERS: '/k/p' }, clock, (text) =>
      warnings.push(text),
    );
    const before = await secrets.product('demo');
    expect(before.accessKeys.base).toEqual(['newest-key', 'older-key']);
    rmSync(folder, { recursive: true });
    expect(await secrets.product('demo')).toBe(before);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(path);
  });

  test('warn once when two products turn out to share a key', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'koogate-'));
    const path = join(folder, 'secrets.json');
    const products = { demo: { accessKeys: { base: ['one'] } }, plain: { accessKeys: { base: ['one'] } } };
    writeFileSync(path, JSON.stringify({ ...secretsFile(), products }));
    const warnings: string[] = [];
    const secrets = secretsFromEnvironment({ KOOGATE_SECRETS: path }, clock, (text) => warnings.push(text));
    await secrets.product('demo');
    expect(warnings).toEqual([]);
    await secrets.product('plain');
    await secrets.product('demo');
    expect(warnings).toEqual([expect.stringContaining('"demo" and "plain" share an access key')]);
    rmSync(folder, { recursive: true });
  });

  test('need one of two variables, and say which', () => {
    expect(() => secretsFromEnvironment({}, clock)).toThrow(/KOOGATE_SECRETS.*KOOGATE_PARAMETERS/);
  });

  test.each(['koogate/prod', '/koogate/', '/', '/koo gate'])('refuse the prefix %p', (prefix) => {
    expect(() => secretsFromEnvironment({ KOOGATE_PARAMETERS: prefix, AWS_REGION: 'eu-west-1' }, clock)).toThrow(
      'must look like /koogate/prod',
    );
  });

  test('need a region for parameters', () => {
    expect(() => secretsFromEnvironment({ KOOGATE_PARAMETERS: '/koogate/prod' }, clock)).toThrow('AWS_REGION');
  });
});
