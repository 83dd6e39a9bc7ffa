import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { rehearseRelease } from '../../../scripts/evidence/release/rehearse.ts';

const folder = mkdtempSync(join(tmpdir(), 'koogate-release-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function tarball(name: string): string {
  const source = join(folder, name);
  mkdirSync(source);
  writeFileSync(join(source, 'package.json'), JSON.stringify({ name, version: '1.2.3' }));
  return join(
    folder,
    execFileSync('npm', ['pack', '--pack-destination', folder], { cwd: source, encoding: 'utf8' }).trim(),
  );
}

test('publishes both packages once, with notes; another package of the same version is refused', async () => {
  const files = ['koogate', 'koogate-dev'].map(tarball);
  const play = join(folder, 'play');
  mkdirSync(play);
  await expect(rehearseRelease(files, '1.2.3', play)).resolves.toBeUndefined();
}, 120_000);
