import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ROOT } from '../../../scripts/dev/local/settings.ts';
import { purchase, signedEvent } from '../../../scripts/evidence/bench/events.ts';
import { floor } from '../../../scripts/evidence/bench/floor.ts';

function bench(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, 'scripts/evidence/bench/main.ts'), ...args],
    {
      encoding: 'utf8',
      env: { PATH: process.env.PATH },
    },
  );
  return { status, stdout, stderr };
}

test('measures a figure in quick mode and ends with a table and a verdict', () => {
  const { status, stdout, stderr } = bench('--quick', '--only', 'pipeline');

  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining('written to') });
  expect(stdout).toMatch(
    /\| CPU of the pipeline without the store ÷ F +\| \d+\.\d+ \(\d+\.\d+–\d+\.\d+\) +\| – +\| not judged /,
  );
  expect(stdout).toMatch(/\d of 2 goals met/);
  expect(stdout).toContain('quick run');
}, 180_000);

test('says which figures there are', () => {
  const { status, stderr } = bench('--only', 'speed');

  expect(status).toBe(1);
  expect(stderr).toContain('There is no figure "speed"');
  expect(stderr).toContain('accept,pipeline');
});

test('the floor does the whole job: a wrong signature does not pass', () => {
  const event = signedEvent('key', purchase());

  expect(floor(event, 'key').headers['Body-Sign']).toMatch(/^sign_type="HMAC-SHA256", signature= "[\w+/]{43}="$/);
  expect(() => floor(event, 'other')).toThrow('wrong signature');
});
