import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bundle, FUNCTIONS } from '../../scripts/build/bundle.ts';
import { SAMPLES_CONFIG } from '../../scripts/dev/demo/stage.ts';
import { ROOT } from '../../scripts/dev/local/settings.ts';

/** What each function may weigh, in bytes: minified, and compressed. */
const BUDGETS = {
  produce: { code: 370_000, compressed: 125_000 },
  fulfil: { code: 382_000, compressed: 132_500 }, // with the alarms, their texts, the robots of five chats and the digest
  login: { code: 310_000, compressed: 104_000 },
  meter: { code: 305_000, compressed: 103_000 },
  reconcile: { code: 280_000, compressed: 95_000 },
} as const;

type Name = keyof typeof BUDGETS;

const NAMES = Object.keys(BUDGETS) as Name[];

/** The chain of the SDK that the environment's credentials take the place of. */
const CREDENTIAL_CHAIN = /credential-provider-|credential-providers|nested-clients|token-providers/;

/** What the other functions are made of, and `produce` is not; `usage-info.ts` tells what a query may answer of usage. */
const OTHER_FUNCTIONS =
  /^handlers\/(fulfil|meter|reconcile|login|usage-dependencies|create-koogate)\.ts$|^lib\/(reconcile|login)\/|^lib\/usage\/(?!(usage-info|read-used|amount)\.ts)|^lib\/open-api\/(push-usage|upload|multipart)\.ts$/;

/** Alarms: the sweep looks at them; of the others only the route counts calls. */
const ALARMS = /^lib\/alarms\/(?!observations\.ts)|^handlers\/alarms\.ts$/;

const SERVER_PACKAGES = /^handlers\/server\/|^node_modules\/(pg|pg-[^/]+|postgres-[^/]+|nodemailer|prom-client)\//;

let folder: string;
const inputs = new Map<string, readonly string[]>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'koogate-bundle-'));
  const { outputs } = await bundle({ configFile: SAMPLES_CONFIG, outdir: folder });
  for (const [path, output] of Object.entries(outputs)) {
    if (path.endsWith('.map')) continue;
    const used = Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
    inputs.set(
      basename(path, '.cjs'),
      used.map(([input]) => relative(ROOT, resolve(SAMPLES_CONFIG, '..', input))),
    );
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

const heldBy = (name: Name, pattern: RegExp) => (inputs.get(name) ?? []).filter((path) => pattern.test(path));

test('there is a budget for each function', () => {
  expect(NAMES.toSorted()).toEqual(FUNCTIONS.toSorted());
});

test.each(NAMES)('the bundle of %s keeps to its budget', (name) => {
  const code = readFileSync(join(folder, `${name}.cjs`));

  expect(code.length).toBeLessThanOrEqual(BUDGETS[name].code);
  expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(BUDGETS[name].compressed);
});

test.each(NAMES)('the bundle of %s takes its credentials from the environment, and has no other source', (name) => {
  expect(heldBy(name, /^scripts\/build\//)).toEqual(['scripts/build/environment-credentials.ts']);
  expect(heldBy(name, CREDENTIAL_CHAIN)).toEqual([]);
});

test.each(NAMES)('the bundle of %s holds no event streams, which DynamoDB has none of', (name) => {
  expect(heldBy(name, /event-streams/)).toEqual([]);
});

test.each(NAMES)('the bundle of %s asks for no web streams at the start, and is of ASCII alone', (name) => {
  const code = readFileSync(join(folder, `${name}.cjs`), 'utf8');

  expect(code).not.toContain('require("node:stream/web")');
  expect(code).not.toMatch(/[^\t\n\x20-\x7e]/);
});

test.each(NAMES)(
  'the bundle of %s knows the version of the SDK, and nothing of its manifest that is for npm',
  (name) => {
    const { version } = JSON.parse(readFileSync('node_modules/@aws-sdk/client-dynamodb/package.json', 'utf8')) as {
      readonly version: string;
    };
    const code = readFileSync(join(folder, `${name}.cjs`), 'utf8');

    expect(code).toContain(version);
    expect(code).not.toMatch(/devDependencies|\bscripts:/);
  },
);

test.each(NAMES)('the bundle of %s holds no scripts, tests or development packages', (name) => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>>;
  };
  const isAtHome = (path: string): boolean => {
    if (path === 'scripts/build/environment-credentials.ts') return true;
    if (path.startsWith('scripts/dev/samples/')) return true; // the products that this checkout deploys
    if (!path.startsWith('node_modules/')) return /^(lib|handlers)\//.test(path);
    const [, folderOfPackage = ''] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
    const { dev, devOptional } = packages[folderOfPackage] ?? { dev: true };
    return !(dev || devOptional);
  };

  expect((inputs.get(name) ?? []).filter((path) => !isAtHome(path))).toEqual([]);
});

test.each(NAMES)('the bundle of %s holds its own factory and no other', (name) => {
  expect(heldBy(name, /^handlers\/create-/)).toEqual([`handlers/create-${name}.ts`]);
});

test.each(NAMES)('the bundle of %s does without the secrets of servers', (name) => {
  expect(heldBy(name, /^lib\/secrets\/(csms|instance-keys)\./)).toEqual([]);
});

test('the bundle of produce holds nothing of the other functions', () => {
  expect(heldBy('produce', OTHER_FUNCTIONS)).toEqual([]);
});

test.each(NAMES)('the bundle of %s holds nothing that a server alone needs', (name) => {
  expect(heldBy(name, SERVER_PACKAGES)).toEqual([]);
});

test.each(NAMES.filter((name) => name !== 'fulfil'))('the bundle of %s holds nothing of the alarms', (name) => {
  expect(heldBy(name, ALARMS)).toEqual([]);
  expect(heldBy(name, /^lib\/alarms\/observations\.ts$/)).toHaveLength(name === 'produce' ? 1 : 0);
});
