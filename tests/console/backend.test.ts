import { existsSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { startBackend } from '../../scripts/console/backend.ts';
import { temporaryFolder } from '../support/command.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const env = { PATH: process.env.PATH, PORT: '3000', KOOGATE_SELLER_SECRET: 'of the shell' };

test('a backend has the secret of its changes, and not the port of the route; it ends when it is stopped', async () => {
  const file = join(folder.path, 'environment.json');
  const write = `require('node:fs').writeFileSync('${file}.new', JSON.stringify([process.env.KOOGATE_SELLER_SECRET, process.env.PORT ?? null]))`;
  const rename = `require('node:fs').renameSync('${file}.new', '${file}')`;
  const written = new Promise<void>((resolve) => {
    const watcher = watch(folder.path, () => {
      if (!existsSync(file)) return;
      watcher.close();
      resolve();
    });
  });
  const backend = startBackend(
    `"${process.execPath}" -e "${write}; ${rename}; setInterval(() => {}, 1e6)"; true`,
    env,
    'whsec_secret',
  );
  await written;
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(['whsec_secret', null]);
  await backend.stop();
  expect(await backend.ended).toBe('SIGTERM');
});

test('a backend that ends by itself says how', async () => {
  expect(await startBackend('exit 3', env, '').ended).toBe(3);
});
