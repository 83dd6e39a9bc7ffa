import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cpuSecondsOfChildren } from '../../scripts/evidence/cpu-time.mjs';
import { LANES, lanesTable, overCpuTime, overMinutes } from '../../scripts/evidence/lanes.mjs';
import { runJest } from '../../scripts/evidence/run-jest.mjs';
import { measureYardstick, slowness, YARDSTICK_SECONDS } from '../../scripts/evidence/yardstick.mjs';

const ROOT = join(import.meta.dirname, '../..');

test('CONTRIBUTING.md shows the lanes as they are', () => {
  expect(readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8')).toContain(`\n\n${lanesTable()}\n\n`);
});

test('a lane within its budget says nothing, and one beyond it names both figures', () => {
  expect(overCpuTime(LANES.test, LANES.test.cpuSeconds)).toBeUndefined();
  expect(overCpuTime({ command: 'npm test', cpuSeconds: 10 }, 10.26)).toMatch(/^npm test .*10\.3 s .* 10 s\./);
  expect(overMinutes(LANES.prove, LANES.prove.minutes)).toBeUndefined();
  expect(overMinutes({ command: 'npm run prove', minutes: 3 }, 3.5)).toMatch(
    /^npm run prove .*3\.5 minutes.* 3 minutes\./,
  );
});

describe('CPU time of child processes', () => {
  const stat = (name: string) => `42 (${name}) S ${Array.from({ length: 49 }, (_, index) => index + 4).join(' ')}`;

  test.each(['node', 'a) S (b'])('is read behind the name of the program: %s', (name) => {
    expect(cpuSecondsOfChildren(() => stat(name))).toBe((16 + 17) / 100);
  });

  test('is not known on a system without /proc', () => {
    const missing = () => readFileSync(join(ROOT, 'no', 'such', 'file'), 'utf8');
    expect(cpuSecondsOfChildren(missing)).toBeUndefined();
  });

  test('grows with what a child and its own child have used, where it is known', () => {
    const before = cpuSecondsOfChildren();
    const busy = 'const end = process.cpuUsage().user + 200_000; while (process.cpuUsage().user < end);';
    const program = `require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(busy)}])`;
    spawnSync(process.execPath, ['-e', program]);
    const after = cpuSecondsOfChildren();
    if (process.platform !== 'linux') return;
    expect((after ?? 0) - (before ?? Number.NaN)).toBeGreaterThanOrEqual(0.2);
  });
});

describe('the yardstick', () => {
  test('costs CPU time', () => {
    expect(measureYardstick()).toBeGreaterThan(0);
  });

  test('tells a slower machine by the median, and calls none faster', () => {
    const times = (...factors: number[]) => factors.map((factor) => factor * YARDSTICK_SECONDS);
    expect(slowness(times(1.5, 9, 0.1))).toBeCloseTo(1.5);
    expect(slowness(times(0.5, 0.6, 0.7))).toBe(1);
    expect(slowness([])).toBe(1);
  });
});

describe('a run of Jest', () => {
  let folder: string;
  let said: string[] = [];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'koogate-lanes-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs a program in Jest's place that writes the text to standard error and ends with the code. */
  async function run(text: string, code = 0): Promise<number> {
    said = [];
    const program = join(folder, 'jest.cjs');
    writeFileSync(program, `process.stderr.write(${JSON.stringify(text)}); process.exitCode = ${code};`);
    return runJest([], { program, say: (heard) => void said.push(heard) });
  }

  test('has the exit code of Jest', async () => {
    expect(await run('Ran all test suites.\n')).toBe(0);
    expect(await run('1 failed\n', 3)).toBe(3);
    expect(said.join('')).toBe('1 failed\n');
  });

  test('fails when a process had to be killed at its end', async () => {
    const [warning] = readFileSync(join(ROOT, 'node_modules/jest-runner/build/index.js'), 'utf8').match(
      /A worker process has failed to exit gracefully[^']*/,
    ) ?? [''];
    expect(await run(`${warning}\n`)).toBe(1);
    expect(said.join('')).toContain('✗ Jest had to kill a process');
  });
});
