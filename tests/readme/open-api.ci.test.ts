import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { type StandIn, startStandIn } from '../../scripts/marketplace/stand-in/server.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const EXAMPLE = fileURLToPath(new URL('open-api.mjs', import.meta.url));
const KEYS = { accessKeyId: 'AKEXAMPLE', secretAccessKey: 'sk-example' };

let standIn: StandIn;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'koogate-program-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  standIn = await startStandIn({ keys: KEYS, accessKey: 'base-key' });
});
afterEach(() => standIn.stop());

async function run(file: string): Promise<{ code: number | null; output: string; complaints: string }> {
  const env = {
    HUAWEICLOUD_SDK_AK: KEYS.accessKeyId,
    HUAWEICLOUD_SDK_SK: KEYS.secretAccessKey,
    KOOGATE_ACCESS_KEY: 'base-key',
    KOOGATE_OPENAPI_URL: standIn.url,
  };
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [output, complaints] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await exit, output, complaints };
}

function expectStory({ code, output, complaints }: Awaited<ReturnType<typeof run>>): void {
  expect(complaints).toBe('');
  expect(code).toBe(0);
  expect(output).toMatch(
    /^bought: NEW ON_DEMAND\nusage: accepted\nlicence until \d{4}-.*Z\nagain: 92020003 query\nit is ALIVE\n$/,
  );
  expect(standIn.usage.charged.size).toBe(1);
  expect(standIn.uploads[0]?.file?.content.equals(readFileSync(EXAMPLE))).toBe(true);
}

describe('the example of docs/open-apis.md', () => {
  test('runs inside the repository', async () => {
    expectStory(await run(EXAMPLE));
  });

  test('runs in a program that has KooGate’s folder for a dependency', async () => {
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(ROOT, join(folder, 'node_modules/koogate')); // what npm makes of a file: dependency
    copyFileSync(EXAMPLE, join(folder, 'open-api.mjs'));
    expectStory(await run(join(folder, 'open-api.mjs')));
  });

  test('runs with the client bundled into one small file', async () => {
    const outfile = join(folder, 'bundled.mjs');
    const options = { bundle: true, platform: 'node', format: 'esm', minify: true } as const;
    await build({ ...options, absWorkingDir: ROOT, entryPoints: [EXAMPLE], outfile, logLevel: 'warning' });
    expect(statSync(outfile).size).toBeLessThan(60_000);
    const { code, output } = await run(outfile);
    expect([code, output.split('\n')[1]]).toEqual([0, 'usage: accepted']);
  });

  test('stands there word for word', () => {
    const page = readFileSync(join(ROOT, 'docs/open-apis.md'), 'utf8');
    expect(page).toContain(readFileSync(EXAMPLE, 'utf8').trim());
  });
});
