import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { printsHelp } from '../language/npm-help.ts';

if (printsHelp('test:browser')) process.exit();

/*
 * `npm run test:browser`: the console page in a real browser. Debian's Chromium is installed when it is missing, with a
 * font for Chinese, and only if there is no other of its kind; CHROMIUM_BIN names one.
 */

const KNOWN = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const PACKAGES = ['chromium', 'fonts-noto-cjk'];

function run(command, args, env = {}) {
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  return status === 0;
}

function installChromium() {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  console.log('Chromium is missing; installing it …');
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
  return (
    run('apt-get', ['update', '-qq'], quiet) &&
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...PACKAGES], quiet)
  );
}

function findBrowser() {
  const { CHROMIUM_BIN: named } = process.env;
  return (named ? [named] : KNOWN).find((path) => existsSync(path));
}

let browser = findBrowser();
if (browser === undefined && !process.env.CHROMIUM_BIN && installChromium()) browser = findBrowser();
if (browser === undefined) {
  console.error(
    `There is no browser at ${process.env.CHROMIUM_BIN || KNOWN.join(', ')}. Install one (on Debian: ` +
      `sudo apt-get install ${PACKAGES.join(' ')}), or name one: CHROMIUM_BIN=/path/to/chrome npm run test:browser`,
  );
  process.exit(1);
}
const jest = [
  ...['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'],
  ...['--config', 'jest.browser.config.mjs', ...process.argv.slice(2)],
];
process.exit(run(process.execPath, jest, { CHROMIUM_BIN: browser }) ? 0 : 1);
