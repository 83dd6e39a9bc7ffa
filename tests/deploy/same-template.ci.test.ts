import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  PROD,
  sellersRepository,
  shopsServerless,
  type Template,
  type WorkingCopy,
  workingCopy,
} from './serverless.ts';

let here: WorkingCopy;
let shop: WorkingCopy;
let template: string;

beforeAll(async () => {
  here = workingCopy();
  shop = sellersRepository({ service: 'my-shop', stages: { prod: PROD } });
  template = await packaged(here);
});

afterAll(() => {
  here.remove();
  shop.remove();
});

/** Packages a service. @returns its template without the time of packaging */
async function packaged(service: WorkingCopy, env: Readonly<Record<string, string>> = {}): Promise<string> {
  expect(await service.serverless(['package', '--stage', 'prod'], env)).toMatchObject({ code: 0 });
  return JSON.stringify(service.template(), null, 2).replace(/prod\/\d+-[\d\-T:.]+Z/g, 'prod/time');
}

test("a seller's own serverless.yml, of at most 40 lines, makes the same system under other names", async () => {
  expect(shopsServerless('my-shop').trimEnd().split('\n').length).toBeLessThanOrEqual(40);
  const own = await packaged(shop);
  expect(own).not.toContain('koogate');
  expect(own.replaceAll('my-shop', 'koogate')).toBe(template);
  const { Resources } = JSON.parse(own) as Template;
  expect(Resources.Table?.Properties.TableName).toBe('my-shop-prod');
});

test("a shell's environment changes nothing of what is packaged", async () => {
  const env = {
    KOOGATE_SELLER_URL: 'https://seller.example.com/hooks',
    KOOGATE_OPENAPI_URL: 'https://open-api.example.com',
    KOOGATE_USAGE_BATCH: '7',
    KOOGATE_ALARM_EMAIL: 'operator@example.com',
    KOOGATE_STAGE: 'dev',
    KOOGATE_TABLE: 'another',
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
  };
  expect(await packaged(here, env)).toBe(template);
});
