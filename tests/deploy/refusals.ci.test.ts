import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PROD, type TestSettings, type WorkingCopy, workingCopy } from './serverless.ts';

/*
 * Settings that stop a real `serverless package`, one of each kind; tests/config has every rule of a stage by itself.
 */

const LOGIN = {
  appId: 'app',
  callbackUrl: 'https://market.example.com/login/crm/callback',
  siteUrl: 'https://crm.example.com',
};

let copy: WorkingCopy;
beforeAll(() => {
  copy = workingCopy();
});
afterAll(() => copy.remove());

/** Packages a stage of settings. @returns what Serverless wrote, without the colours and the breaks of its lines */
async function packageStage(settings: TestSettings, ...args: string[]) {
  copy.configure(settings);
  const { code, output } = await copy.serverless(['package', ...args]);
  return { code, output: output.replace(/\s+/g, ' ') };
}

describe('serverless package stops', () => {
  test('at everything that is missing in a stage at once, and says what to set', async () => {
    const products = { crm: { seller: 'demo' }, erp: { backend: 'http://127.0.0.1:8080' } };
    const { code, output } = await packageStage({ products, stages: { prod: { login: true } } }, '--stage', 'prod');
    expect(code).toBe(1);
    expect(output).toContain('set stages.prod.region');
    expect(output).toContain('"crm" still has a demo seller');
    expect(output).toContain('"erp" has a backend on this machine (http://127.0.0.1:8080)');
    expect(output).toContain('name who does in stages.prod.receivers');
    expect(output).toContain('add products.<name>.login');
    expect(output).not.toMatch(/ at \w+ \(|Stack trace/);
  });

  test('at another region and another name of the service than the settings have', async () => {
    const settings = { service: 'other-shop', stages: { prod: PROD } };
    const { code, output } = await packageStage(settings, '--stage', 'prod', '--region', 'eu-west-1');
    expect(code).toBe(1);
    expect(output).toContain('serverless.yml names the service "koogate", and koogate.config.ts "other-shop"');
    expect(output).toContain('Stage "prod" is in ap-southeast-1, and --region or serverless.yml says eu-west-1');
  });

  test('at another region in serverless.yml', async () => {
    const path = join(copy.folder, 'deploy/aws/provider.yml');
    const provider = readFileSync(path, 'utf8');
    writeFileSync(path, `${provider}region: eu-west-1\n`);
    const { code, output } = await packageStage({ stages: { prod: PROD } }, '--stage', 'prod');
    writeFileSync(path, provider);
    expect(code).toBe(1);
    expect(output).toContain('Stage "prod" is in ap-southeast-1, and --region or serverless.yml says eu-west-1');
  });

  test.each<[string, TestSettings, string, RegExp]>([
    ['a stage that is not described', { stages: { prod: PROD } }, 'beta', /no stage "beta".*one of these: prod/],
    [
      'an unknown site',
      { stages: { prod: { ...PROD, site: 'mars' } } },
      'prod',
      /stages\.prod\.site must be one of china, .*but is "mars"/,
    ],
    [
      'a stage on a server',
      { stages: { cn: { host: 'server', receivers: ['ops'] } } },
      'cn',
      /"cn" runs on a server .*--stage/,
    ],
    ['the local run', { stages: { prod: PROD } }, 'local', /"local" is the local run/],
  ])('at %s', async (_, settings, stage, sentence) => {
    expect(await packageStage(settings, '--stage', stage)).toEqual({
      code: 1,
      output: expect.stringMatching(sentence),
    });
  });
});

test('serverless package warns of SaaS products on AWS, names the rule, and goes on', async () => {
  const settings = {
    products: { crm: { seller: 'real', login: LOGIN } },
    stages: { prod: { ...PROD, hostRuleKnown: false } },
  };
  const { code, output } = await packageStage(settings, '--stage', 'prod');
  expect(code).toBe(0);
  expect(output).toMatch(/hosts SaaS products on AWS \("crm"\).*release rules.*stages\.prod\.hostRuleKnown/);
});
