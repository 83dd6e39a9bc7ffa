import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { freePort } from '../../../scripts/dev/engine.ts';
import { ROOT, readSettings } from '../../../scripts/dev/local/settings.ts';
import { startSystem } from '../../../scripts/dev/local/system.ts';
import { Problem } from '../../../scripts/dev/problem.ts';
import { temporaryFolder } from '../../support/command.ts';

const URL_OF_SELLER = 'https://seller.example.com/hooks';
const SHORT = 'whsec_dG9vIHNob3J0';

/** Of all tests: the first start makes the keys, which takes seconds. */
const folder = temporaryFolder();
/** Below the checkout, where settings find the packages they import. */
const project = join(ROOT, '.local', `system-${process.pid}`);
afterAll(() => {
  folder.remove();
  rmSync(project, { recursive: true, force: true });
});

/** The sentence with which the local start ends; a system that came up all the same is stopped again. */
async function problemOf(env: Readonly<Record<string, string>>): Promise<string> {
  const settings = readSettings({ KOOGATE_DATA: folder.path, PORT: String(await freePort()), ...env });
  try {
    await (await startSystem(settings)).stop();
  } catch (error) {
    expect(error).toBeInstanceOf(Problem);
    return (error as Problem).message;
  }
  return 'it started';
}

test.each(['http://seller.example.com/hooks', 'seller', 'https://user:pass@seller.example.com'])(
  'the seller address %s stops the start',
  async (url) => {
    expect(await problemOf({ KOOGATE_SELLER_URL: url })).toMatch(/KOOGATE_SELLER_URL/);
  },
);

test('a malformed secret stops the start for the backend of a single product, too', async () => {
  mkdirSync(project, { recursive: true });
  const config = join(project, 'koogate.config.ts');
  writeFileSync(
    config,
    `import { defineConfig } from ${JSON.stringify(join(ROOT, 'lib/config/config.ts'))};
    export default defineConfig({ service: 'shop', products: { crm: { backend: '${URL_OF_SELLER}' } }, stages: {} });`,
  );
  const problem = await problemOf({ KOOGATE_CONFIG: config, KOOGATE_SELLER_SECRET: SHORT });
  expect(problem).toMatch(/^KOOGATE_SELLER_SECRET .*24 to 64 bytes/);
});

test('a secret that nobody uses stops nothing', async () => {
  expect(await problemOf({ KOOGATE_SELLER_SECRET: SHORT })).toBe('it started');
});

test('the secret that the first run makes up is good', async () => {
  expect(await problemOf({ KOOGATE_SELLER_URL: URL_OF_SELLER })).toBe('it started');
});

test('a malformed secret from the environment stops the start', async () => {
  const problem = await problemOf({ KOOGATE_SELLER_URL: URL_OF_SELLER, KOOGATE_SELLER_SECRET: SHORT });
  expect(problem).toMatch(/^KOOGATE_SELLER_SECRET .*24 to 64 bytes/);
  expect(problem).not.toContain('dG9vIHNob3J0');
});

test('a malformed secret from the secrets file stops the start and names the file', async () => {
  const file = join(folder.path, 'secrets.json');
  const { seller, ...others } = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...others, seller: { ...seller, secret: SHORT } }));
  expect(await problemOf({ KOOGATE_SELLER_URL: URL_OF_SELLER })).toContain(`seller.secret in ${file}`);
});

test('a product that the data have served and the settings lack stops the start, until its former name is kept', async () => {
  const KOOGATE_DATA = join(folder.path, 'renamed');
  const KOOGATE_CONFIG = join(project, 'koogate.config.ts');
  const startWith = (products: string) => {
    mkdirSync(project, { recursive: true });
    writeFileSync(
      KOOGATE_CONFIG,
      `import { defineConfig } from ${JSON.stringify(join(ROOT, 'lib/config/config.ts'))};
      import { demoSeller as seller } from ${JSON.stringify(join(ROOT, 'scripts/dev/samples/demo.ts'))};
      export default defineConfig({ service: 'shop', products: { ${products} }, stages: {} });`,
    );
    return problemOf({ KOOGATE_CONFIG, KOOGATE_DATA });
  };
  expect(await startWith('crm: { seller }')).toBe('it started');
  expect(await startWith("'crm-next': { seller }")).toMatch(/has served the product "crm", .* formerNames: \['crm'\]/);
  expect(await startWith("'crm-next': { seller, formerNames: ['crm'] }")).toBe('it started');
});
