import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LocalFunctions, startFunctions } from '../../../scripts/dev/local/functions.ts';
import { ROOT } from '../../../scripts/dev/local/settings.ts';
import { ensureLocalSecrets, type LocalSecrets } from '../../../scripts/dev/local-secrets.ts';
import { type StandIn, startStandIn } from '../../../scripts/marketplace/stand-in/server.ts';
import { temporaryFolder } from '../../support/command.ts';
import { routeEvent } from '../../support/route.ts';
import { startTable, type TestTable } from '../../support/table.ts';

const folder = temporaryFolder();
const sellerFile = join(folder.path, 'crm.ts');
const configFile = join(folder.path, 'koogate.config.ts');
const secretsFile = join(folder.path, 'secrets.json');

/** A seller whose provisioning fails in its eleventh line, with a word that tells its versions apart. */
const seller = (word: string) => `import type { Seller } from ${JSON.stringify(join(ROOT, 'lib/seller/contract.ts'))};

interface Seats {
  readonly count: number;
}

const nothing = async () => {};

/** Fails in a line of its own. */
function seatsOf(_order: unknown): Seats {
  throw new TypeError('no seats (${word})');
}

export const crm: Seller = {
  provision: async ({ order }) => {
    seatsOf(order);
    return { frontEndUrl: 'https://crm.example.com' };
  },
  renew: nothing, freeze: nothing, unfreeze: nothing, upgrade: nothing, release: nothing,
};
`;

/** Runs modules as the local run does, outside of the test runner, whose own modules know no reloading. */
const RUNNER = `
const { parentPort, workerData } = require('node:worker_threads');
const { handler } = require(workerData);
parentPort.on('message', async (event) => {
  const answer = await handler(event, { getRemainingTimeInMillis: () => 30000 }).catch((error) => ({ error }));
  parentPort.postMessage(answer);
});`;

/** What the watcher has said, in order. */
const said: (readonly [what: 'rebuilt' | 'failed', text: string])[] = [];
const more = new EventTarget();
let running: TestTable;
let standIn: StandIn;
let secrets: LocalSecrets;
let functions: LocalFunctions;
let worker: Worker;
let log = '';

const say = (what: 'rebuilt' | 'failed', text: string) => {
  said.push([what, text]);
  more.dispatchEvent(new Event('more'));
};

beforeAll(async () => {
  symlinkSync(join(ROOT, 'node_modules'), join(folder.path, 'node_modules'));
  writeFileSync(sellerFile, seller('first'));
  writeFileSync(
    configFile,
    `import { defineConfig } from ${JSON.stringify(join(ROOT, 'lib/config/config.ts'))};
import { crm } from './crm.ts';
export default defineConfig({ service: 'shop', products: { crm: { seller: crm, fulfilment: 'inline' } }, stages: {} });
`,
  );
  running = await startTable();
  secrets = await ensureLocalSecrets(secretsFile, [{ id: 'crm', families: ['saas-v2'] }], false);
  standIn = await startStandIn({ keys: secrets.marketplace });
  functions = await startFunctions({
    configFile,
    folder: join(folder.path, 'functions'),
    watch: true,
    onRebuilt: (changed) => say('rebuilt', changed.join()),
    onFailed: (reason) => say('failed', reason),
  });
  worker = new Worker(RUNNER, {
    eval: true,
    workerData: functions.moduleOf('produce'),
    stdout: true,
    env: {
      KOOGATE_STAGE: 'local',
      KOOGATE_TABLE: running.table.name,
      KOOGATE_SECRETS: secretsFile,
      KOOGATE_OPENAPI_URL: standIn.url,
      AWS_ENDPOINT_URL_DYNAMODB: running.engine,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
  });
  worker.stdout.setEncoding('utf8').on('data', (text: string) => {
    log += text;
    more.dispatchEvent(new Event('more'));
  });
});
afterAll(async () => {
  await functions.stop();
  await worker.terminate();
  await standIn.stop();
  await running.stop();
  folder.remove();
});

/** Waits until the log or what the watcher said holds. */
async function until<Found>(find: () => Found | undefined): Promise<Found> {
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    await once(more, 'more');
  }
}

/** Buys, and gives the line of the log about the hook that failed. */
async function buy(): Promise<{ readonly error: { readonly message: string; readonly stack: string } }> {
  log = '';
  const orderId = `CS${randomUUID().slice(0, 8).toUpperCase()}`;
  const message = { activity: 'newInstance', businessId: randomUUID(), orderId, orderLineId: `${orderId}-000001` };
  const key = secrets.products.crm?.accessKeys.base?.[0] ?? '';
  worker.postMessage(routeEvent(key, message, { product: 'crm', now: Date.now() }));
  const [answer] = await once(worker, 'message');
  expect(JSON.parse(answer.body)).toMatchObject({ resultCode: '000004' });
  return until(() => {
    const line = log.split('\n').find((text) => text.startsWith('{"level":"error"'));
    return line === undefined ? undefined : JSON.parse(line);
  });
}

describe('the functions of a local run', () => {
  test("show the seller's own file and line where a hook throws", async () => {
    const { error } = await buy();
    expect(error.message).toBe('no seats (first)');
    const frames = error.stack.split('\n').slice(1, 3);
    expect(frames).toEqual([
      expect.stringMatching(/at seatsOf \(.*\/?crm\.ts:11:9\)$/),
      expect.stringMatching(/at .*provision \(.*\/?crm\.ts:16:5\)$/),
    ]);
  });

  test('are rebuilt when a file changes, and the next call runs the new code', async () => {
    said.length = 0;
    writeFileSync(sellerFile, seller('second'));
    const [what, text] = await until(() => said[0]);
    expect([what, text]).toEqual(['rebuilt', 'crm.ts']);
    expect((await buy()).error.message).toBe('no seats (second)');
  });

  test('run on as they were while a file has a mistake, which is named with its line', async () => {
    said.length = 0;
    writeFileSync(sellerFile, `${seller('third')}const broken = ;\n`);
    const [what, text] = await until(() => said[0]);
    expect([what, text]).toEqual(['failed', expect.stringMatching(/^crm\.ts:21: /)]);
    expect((await buy()).error.message).toBe('no seats (second)');
    writeFileSync(sellerFile, seller('fourth'));
    await until(() => said.find(([one]) => one === 'rebuilt'));
    expect((await buy()).error.message).toBe('no seats (fourth)');
  });
});

test('a first build that fails says where', async () => {
  const other = join(folder.path, 'other.config.ts');
  writeFileSync(other, 'export default {');
  const failed = startFunctions({ configFile: other, folder: join(folder.path, 'other'), watch: false });
  await expect(failed).rejects.toThrow(/^The functions cannot be built\.\nother\.config\.ts:1: /);
});
