import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { keys } from '../../../lib/instances/keys.ts';
import { createSealer } from '../../../lib/sealing/sealer.ts';
import { secretsFromEnvironment } from '../../../lib/secrets/environment.ts';
import { createTable, type Engine, localClient, startDynoxide } from '../../../scripts/dev/engine.ts';
import { TABLE } from '../../../scripts/dev/local/settings.ts';
import { pair, rsaPair, secretsFile } from '../../secrets/fixture.ts';
import { temporaryFolder } from '../../support/command.ts';
import { instanceOf, opened } from '../../usage/world.ts';
import { operate } from './operate.ts';

const folder = temporaryFolder();
const path = join(folder.path, 'secrets.json');
let engine: Engine;

const written = (change: (file: ReturnType<typeof secretsFile>) => void = () => {}) => {
  const file = secretsFile();
  change(file);
  writeFileSync(path, JSON.stringify(file), { mode: 0o600 });
};

beforeAll(async () => {
  engine = await startDynoxide();
  const client = localClient(engine.endpoint);
  await createTable(client, TABLE);
  client.destroy();
});
afterAll(async () => {
  await engine.stop();
  folder.remove();
});

test('koogate reseal moves everything to the newest key, says so, and finds nothing the second time', async () => {
  written();
  const client = localClient(engine.endpoint);
  const table = { client, name: TABLE };
  const key = keys.instance('demo', 'i-1');
  const secrets = () => secretsFromEnvironment({ KOOGATE_SECRETS: path }, Date.now);
  const access = await createSealer(secrets()).seal('credentials', 'how to get in', key);
  await opened(table, { instanceId: 'i-1', access });
  const newer = rsaPair();
  written((file) => file.sealing.credentials.unshift({ kid: 'c2', ...newer }));
  const env = { KOOGATE_DATA: folder.path, AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint };
  const first = await operate(['reseal'], env);
  expect(first).toMatchObject({ code: 0, output: expect.stringMatching(/1 of them sealed anew/) });
  expect(first.output).toContain('sealed under credentials c2, personal p1');
  const again = await operate(['reseal', '--json'], env);
  expect(again.code).toBe(0);
  expect(again.output).toContain('"resealed": 0');
  written((file) => Object.assign(file.sealing, { credentials: [{ kid: 'c2', ...newer }] }));
  const { access: moved = '' } = await instanceOf(table, 'i-1');
  expect(await createSealer(secrets()).open('credentials', moved, key)).toBe('how to get in');
  expect(JSON.stringify(pair)).not.toContain(moved);
  client.destroy();
}, 60_000);

test('koogate reseal --help says when to run it; a word too many is a usage error', async () => {
  const { code, output } = await operate(['reseal', '--help'], {});
  expect([code, output]).toEqual([0, expect.stringContaining('goes on where it was broken off')]);
  expect((await operate(['reseal', 'all'], {})).code).toBe(2);
});
