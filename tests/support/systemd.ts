import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PATH = '/usr/bin/systemd-analyze';

/**
 * Path of systemd's judge of units. Debian's package is installed where it is missing and that is allowed.
 * @throws Error that says how to get it
 */
export function systemdAnalyze(): string {
  if (!existsSync(PATH) && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (const options of [
      ['update', '-qq'],
      ['install', '-y', '-qq', '--no-install-recommends', 'systemd'],
    ]) {
      spawnSync('apt-get', options, { env, stdio: 'ignore' });
    }
  }
  if (existsSync(PATH)) return PATH;
  throw new Error(`There is no ${PATH}, which judges units. On Debian: sudo apt-get install systemd`);
}
