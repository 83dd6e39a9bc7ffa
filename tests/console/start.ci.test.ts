import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort } from '../../scripts/dev/engine.ts';
import { findRun, type Run } from '../../scripts/dev/local/run-file.ts';
import { readLocalSecrets } from '../../scripts/dev/local-secrets.ts';
import { call } from '../../scripts/marketplace/signed-calls.ts';
import { type Command, runCommand, startCommand, temporaryFolder } from '../support/command.ts';

const folder = temporaryFolder();
const PURCHASE = { activity: 'newInstance', businessId: 'b', orderId: 'CS1', orderLineId: 'CS1-000001' };
let env: { KOOGATE_DATA: string; PORT: string };
let running: Command | undefined;

/** `npm start` until it says that it is up. */
async function start(): Promise<{ command: Command; run: Run; send: (message: object) => ReturnType<typeof call> }> {
  const command = startCommand('bin.mjs', ['start'], env);
  running = command;
  await command.until('Ctrl-C ends it');
  const run = findRun(env.KOOGATE_DATA);
  if (run === undefined) throw new Error('There is no run.json.');
  const key = readLocalSecrets(run.secrets).products.demo?.accessKeys.base?.[0] ?? '';
  return { command, run, send: (message) => call(`${run.route}/demo`, key, { ...message }) };
}

/** Ctrl-C in a terminal reaches the whole process group. */
function pressCtrlC({ child }: Command): void {
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
}

/** Waits until no process of the run is left: neither the server nor one that was started with the data folder. */
async function untilGone({ pid, data }: Run): Promise<void> {
  while (isAlive(pid) || commandLines().some((line) => line.includes(data))) await sleep(50);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function commandLines(): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    } catch {
      return ''; // gone in the meantime
    }
  });
}

beforeAll(async () => {
  env = { KOOGATE_DATA: folder.path, PORT: String(await freePort()) };
});
afterAll(() => {
  running?.child.kill('SIGKILL'); // of a failed test; its children notice
  folder.remove();
});

describe('npm start', () => {
  test('says where everything is, with a signed call that works', async () => {
    const { command, run } = await start();
    const output = command.output();
    expect(output).toContain(`http://127.0.0.1:${env.PORT}/produce/demo`);
    expect(output).toContain(join(folder.path, 'dynamo.db'));
    expect(output).toContain(join(folder.path, 'secrets.json'));
    const [, page = ''] = /Console +(http:\/\/127\.0\.0\.1:\d+\/)#token=[\w-]{32}$/m.exec(output) ?? [];
    expect(await fetch(page).then((answer) => answer.status)).toBe(200);
    const [, url = '', body = ''] = /curl -sS '([^']+)'[\s\S]*-d '([^']+)'/.exec(output) ?? [];
    const answer = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    expect(await answer.json()).toMatchObject({ resultCode: '000000' });

    pressCtrlC(command);
    expect(await command.ended).toBe(0);
    await untilGone(run);
  });

  test('keeps the data over a restart', async () => {
    const first = await start();
    const bought = await first.send(PURCHASE);
    expect(bought.json).toMatchObject({ resultCode: '000004' });
    const secrets = readFileSync(first.run.secrets, 'utf8');
    first.command.child.kill('SIGTERM');
    await first.command.ended;
    await untilGone(first.run);

    const second = await start();
    expect(readFileSync(second.run.secrets, 'utf8')).toBe(secrets);
    expect((await second.send(PURCHASE)).json.instanceId).toBe(bought.json.instanceId);
    let code: unknown = '000004';
    while (code === '000004') {
      const query = { activity: 'queryInstance', instanceId: bought.json.instanceId };
      code = (await second.send(query)).json.resultCode;
    }
    expect(code).toBe('000000');
    pressCtrlC(second.command);
    await second.command.ended;
  });

  test('leaves nothing behind when it is killed without a word', async () => {
    const { command, run } = await start();
    command.child.kill('SIGKILL');
    await untilGone(run);
    expect(findRun(env.KOOGATE_DATA)).toBeUndefined();
  });

  test('says which port is in use, and which data', async () => {
    const { command } = await start();
    const other = temporaryFolder();
    const samePort = await runCommand('bin.mjs', ['start'], { ...env, KOOGATE_DATA: other.path });
    expect(samePort.code).toBe(1);
    expect(samePort.output).toContain(`Port ${env.PORT} is in use. Stop what listens there, or choose another port`);
    expect(() => statSync(join(other.path, 'secrets.json'))).toThrow();
    const sameData = await runCommand('bin.mjs', ['start'], { ...env, PORT: String(await freePort()) });
    expect(sameData.code).toBe(1);
    expect(sameData.output).toContain(`KooGate already runs on the data in ${folder.path}`);
    other.remove();

    const curl = await runCommand(
      'bin.mjs',
      ['curl', '{"activity":"queryInstance","instanceId":"i"}', '--product', 'plain'],
      env,
    );
    expect(curl.output).toMatch(
      new RegExp(`^curl -sS 'http://127.0.0.1:${env.PORT}/produce/plain\\?signature=[0-9A-F]{64}&`),
    );
    pressCtrlC(command);
    await command.ended;
  });

  test('ends with a sentence if the database does not start', async () => {
    const { code, output } = await runCommand('bin.mjs', ['start'], { ...env, DYNOXIDE_BIN: '/bin/false' });
    expect(code).toBe(1);
    expect(output).toMatch(/^The DynamoDB engine ended at once \(exit code 1\)\.$/m);
  });

  test.each(['0', 'abc', '70000', '3000.5'])('refuses the port %s', async (PORT) => {
    const { code, output } = await runCommand('bin.mjs', ['start'], { ...env, PORT });
    expect([code, output]).toEqual([1, `PORT is "${PORT}", but a port is a number from 1 to 65535.\n`]);
  });
});
