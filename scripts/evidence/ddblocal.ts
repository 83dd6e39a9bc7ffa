import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../dev/engine.ts';
import { printsHelp } from '../language/npm-help.ts';
import { fetchPackage } from './fetch-package.ts';

if (printsHelp('test:ddblocal')) process.exit();

/*
 * `npm run test:ddblocal`: the store's and fulfilment's tests on Amazon's own DynamoDB Local. It is fetched when asked for,
 * inside the npm package that ships it, and never kept in this repository: its licence forbids passing it on.
 */

const PACKAGE = 'amplify-dynamodb-simulator@2.9.30';
const SHA512 = 'xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ==';
const root = join(import.meta.dirname, '../..');
const folder = join(root, '.local', 'ddblocal');
const emulator = join(folder, 'package', 'emulator');

if (spawnSync('java', ['-version']).status !== 0) {
  console.error('Not run: DynamoDB Local needs Java 17 or later, and there is no java on the path.');
  process.exit(1);
}
fetchEmulator();
const port = await freePort();
const engine = spawn(
  'java',
  [
    '-Xmx512m',
    '-Djava.library.path=./DynamoDBLocal_lib',
    ...['-jar', 'DynamoDBLocal.jar', '-inMemory', '-sharedDb', '-disableTelemetry', '-port', String(port)],
  ],
  { cwd: emulator, stdio: 'ignore' },
);
process.on('exit', () => engine.kill());
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
await untilUp(`http://127.0.0.1:${port}`);
console.log(`DynamoDB Local answers on port ${port}.`);

const jest = spawn(
  process.execPath,
  [
    ...['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'],
    ...(process.argv.length > 2 ? process.argv.slice(2) : ['tests/instances', 'tests/fulfilment', 'tests/handlers']),
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, TEST_ENGINE: `http://127.0.0.1:${port}` } },
);
const [code] = await once(jest, 'exit');
process.exit(code ?? 1);

function fetchEmulator(): void {
  if (existsSync(join(emulator, 'DynamoDBLocal.jar'))) return;
  console.log(`Fetching ${PACKAGE} (57 MB) …`);
  fetchPackage({ spec: PACKAGE, sha512: SHA512, folder, paths: ['package/emulator'] });
}

async function untilUp(endpoint: string): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (engine.exitCode !== null) throw new Error(`DynamoDB Local ended at once (exit code ${engine.exitCode}).`);
    const up = await fetch(endpoint).then(
      () => true,
      () => false,
    );
    if (up) return;
    await pause(100);
  }
  throw new Error('DynamoDB Local did not answer within 30 seconds.');
}
