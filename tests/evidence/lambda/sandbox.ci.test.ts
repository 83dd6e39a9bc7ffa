import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { answerOf, createFunction, type LambdaFunction } from '../../../scripts/evidence/lambda/function.ts';
import { startWatchdog, type Watchdog } from '../../../scripts/evidence/lambda/watchdog.ts';

const CODE = `
let count = 0;
exports.handler = async (event, context) => {
  if (event.act === 'throw') throw new TypeError('broken');
  if (event.act === 'exit') process.exit(3);
  if (event.act === 'hang') await new Promise((resolve) => setTimeout(resolve, 60_000));
  console.log('called for ' + context.functionName);
  count += 1;
  return { pid: process.pid, count, left: context.getRemainingTimeInMillis(), env: process.env.AWS_EXECUTION_ENV };
};`;

let folder: string;
let watchdog: Watchdog;
let lambda: LambdaFunction;
let said: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'koogate-sandbox-'));
  mkdirSync(join(folder, 'dist'));
  writeFileSync(join(folder, 'dist', 'shop.cjs'), CODE);
  watchdog = startWatchdog();
});
afterEach(() => lambda.stop());
afterAll(() => {
  watchdog.stop();
  rmSync(folder, { recursive: true });
});

function create({ handler = 'dist/shop.handler', timeoutMs = 30_000, most = 1 } = {}): LambdaFunction {
  said = '';
  return createFunction({
    definition: {
      name: 'shop',
      functionName: 'koogate-dev-shop',
      arn: 'arn:aws:lambda:eu-west-1:123456789012:function:koogate-dev-shop',
      handler,
      runtime: 'nodejs24.x',
      memoryMegabytes: 512,
      timeoutMs,
      environment: {},
      role: 'ShopRole',
      logs: '',
    },
    folder,
    environment: {},
    watchdog,
    most,
    write: (text) => {
      said += text;
    },
  });
}

/** State of a process as the system tells it: T is stopped. */
function stateOf(pid: number): string {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) (\w).*$/s, '$1');
}

async function call(event: object = {}): Promise<{ pid: number; count: number; left: number; env: string }> {
  return (await answerOf(lambda.invoke(event))) as Awaited<ReturnType<typeof call>>;
}

test('the runtime’s own client runs the function, frozen between two calls', async () => {
  lambda = create();
  const first = await call();
  expect(first).toMatchObject({ count: 1, env: 'AWS_Lambda_nodejs24.x' });
  expect(first.left).toBeLessThanOrEqual(30_000);
  const second = await call();
  expect(second).toMatchObject({ count: 2, pid: first.pid });
  while (lambda.counts.freezes < 2) await sleep(5);
  while (stateOf(first.pid) !== 'T') await sleep(5); // a signal takes its time
  expect(lambda.counts).toEqual({ invocations: 2, coldStarts: 1, freezes: 2 });
  expect(lambda.faults).toEqual([]);
  expect(said).toContain('called for koogate-dev-shop');
});

test('more calls than there may be sandboxes wait for one', async () => {
  lambda = create({ most: 2 });
  const answers = await Promise.all(Array.from({ length: 6 }, () => call()));
  expect(new Set(answers.map(({ pid }) => pid)).size).toBeLessThanOrEqual(2);
  expect(lambda.counts.coldStarts).toBeLessThanOrEqual(2);
});

test('sandboxes are ended on demand, one under way after its call', async () => {
  lambda = create();
  const { pid } = await call();
  while (lambda.counts.freezes < 1) await sleep(5);
  const underWay = call();
  await lambda.recycle();
  expect((await underWay).pid).toBe(pid);
  expect(await call()).toMatchObject({ count: 1 });
  expect(lambda.counts.coldStarts).toBe(2);
});

describe('what goes wrong is an outcome, and a fault', () => {
  test('an error, after which the sandbox goes on', async () => {
    lambda = create();
    const { pid } = await call();
    const outcome = await lambda.invoke({ act: 'throw' });
    expect(outcome.kind).toBe('error');
    expect(lambda.faults).toEqual([expect.stringContaining('TypeError')]);
    expect(await call()).toMatchObject({ pid, count: 2 });
  });

  test('an end, after which another sandbox starts', async () => {
    lambda = create();
    const { pid } = await call();
    expect(await lambda.invoke({ act: 'exit' })).toMatchObject({ kind: 'exit' });
    expect((await call()).pid).not.toBe(pid);
  });

  test('a time-out, which ends the sandbox', async () => {
    lambda = create({ timeoutMs: 300 });
    const outcome = await lambda.invoke({ act: 'hang' });
    expect(outcome).toEqual({ kind: 'timeout', detail: 'no answer in 300 ms' });
    expect(lambda.faults).toEqual(['shop: timeout: no answer in 300 ms']);
  });

  test('a package without the handler', async () => {
    lambda = create({ handler: 'dist/other.handler' });
    await expect(lambda.invoke({})).rejects.toThrow(/shop does not start: .*Runtime\.ImportModuleError/s);
  });
});

test('whoever ends without a word takes what it watches along, frozen or not', async () => {
  lambda = create();
  const { pid } = await call();
  while (lambda.counts.freezes < 1) await sleep(5);
  const module = join(import.meta.dirname, '../../../scripts/evidence/lambda/watchdog.ts');
  const parent = `import { startWatchdog } from ${JSON.stringify(module)};
startWatchdog().watch(${pid});
setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50);`;
  expect(spawnSync(process.execPath, ['--input-type=module', '-e', parent]).signal).toBe('SIGKILL');
  const isThere = () => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  while (isThere()) await sleep(20);
  expect(isThere()).toBe(false);
});
