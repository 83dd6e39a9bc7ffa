import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../../scripts/dev/engine.ts';
import { call } from '../../scripts/marketplace/signed-calls.ts';
import { startCommand } from '../support/command.ts';
import { eventually } from './host.ts';
import { type Purchase, purchases, type Running, startWorld, type World } from './upgrade/world.ts';

/*
 * A stage of host `server` as an operator runs it: built and given its table by the commands, started from its one file,
 * upgraded while calls go on, and with a database that dies.
 */

let world: World;
/** Milliseconds that a slow machine may take. */
const LONG_MS = 240_000;

beforeAll(async () => {
  world = await startWorld();
  const built = await Promise.all(
    (['current', 'next'] as const).map((config) =>
      world.koogate(config, ['build', '--server', '--out', join(world.folder, config)]),
    ),
  );
  expect(built.map(({ code }) => code)).toEqual([0, 0]);
  const made = await world.koogate('current', ['table', 'create', '--stage', 'prod']);
  expect([made.code, made.output]).toEqual([0, expect.stringContaining('upgrade-prod')]);
}, 120_000);

afterAll(() => world.stop());

/** Result codes of a purchase that is recorded. */
const TAKEN = ['000000', '000004'];

/** Buys from several callers at a time; each repeats its purchase, as the marketplace does, until that is recorded. */
function keepBuying(prefix: string, send: (message: Purchase) => Promise<string>) {
  const [taken, codes] = [[] as Purchase[], new Set<string>()];
  const next = purchases(prefix);
  let goesOn = true;
  const caller = async () => {
    while (goesOn) {
      const one = next();
      for (;;) {
        const code = await send(one);
        codes.add(code);
        if (TAKEN.includes(code)) break;
        await pause(50);
      }
      taken.push(one);
    }
  };
  const all = Promise.all([caller(), caller(), caller(), caller()]);
  return {
    taken,
    codes,
    /** Waits until so many more are recorded. */
    more: async (count: number) => {
      const before = taken.length;
      await Promise.race([
        all,
        eventually(() => taken.length >= before + count, `${count} more are recorded`, LONG_MS),
      ]);
    },
    stop: async () => {
      goesOn = false;
      await all;
    },
  };
}

/** Waits until each of the purchases is carried out, if need be by a sweep, which comes every minute. */
async function carriedOut(all: readonly Purchase[]): Promise<void> {
  for (const one of all) {
    await eventually(
      async () => (await world.stateOf(one)) === 'ACTIVE' || (await pause(200, false)),
      `${one.orderId} is carried out`,
      LONG_MS,
    );
  }
}

/** Calls go to the servers in turn, and to the next one where no connection came about. */
function balancer(servers: readonly Running[]) {
  let turn = 0;
  return async (message: Purchase): Promise<string> => {
    for (;;) {
      turn += 1;
      try {
        return await world.send(servers[turn % servers.length]?.port ?? 0, message);
      } catch (error) {
        // A connection that has lain idle may be ended in the moment in which a call is sent on it.
        if (!['ECONNREFUSED', 'ECONNRESET'].includes(Object(error).cause?.code)) throw error;
      }
    }
  };
}

test('a stage on a server listens, answers a dial test, carries a purchase out, and ends with 0', async () => {
  expect(statSync(world.secretsFile).mode & 0o777).toBe(0o600);
  const server = await world.start('current', { KOOGATE_SELLER_URL: 'http://127.0.0.1:9', KOOGATE_TABLE: 'other' });
  expect(server.output()).toContain('KOOGATE_SELLER_URL, KOOGATE_TABLE in the environment is ignored');
  const route = `http://127.0.0.1:${server.port}/produce/crm`;
  const one = purchases('first')();
  const dial = await call(route, world.key, { ...one, testFlag: '1' });
  expect([dial.json.resultCode, dial.bodySignHolds]).toEqual(['000000', true]);
  const real = await call(route, world.key, one);
  expect([real.json.resultCode, real.bodySignHolds]).toEqual(['000004', true]);
  await carriedOut([one]);
  expect(world.hooks.length).toBe(1);
  expect(world.standIn.asked).toContain(one.orderId);
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
  expect(server.output()).not.toContain('"level":"error"');
  expect(server.output()).not.toContain(world.key);
}, 300_000);

test('"koogate serve" runs the file in the foreground, and ends as the server does', async () => {
  const port = await freePort();
  const { KOOGATE_STAGE: stage, ...env } = world.env;
  const serve = ['serve', '--stage', stage, '--file', join(world.folder, 'current/server.cjs')];
  const command = startCommand('bin.mjs', serve, { ...env, PORT: String(port) });
  await command.until('"The server listens."');
  expect(await world.send(port, { ...purchases('served')(), testFlag: '1' })).toBe('000000');
  command.child.kill('SIGTERM');
  expect(await command.ended).toBe(0);
  expect(command.output()).toContain('"The server has ended."');
}, 120_000);

test('an upgrade under load, one server after the other, loses no purchase and carries none out twice', async () => {
  const called = world.hooks.length;
  const old = await world.start('current');
  const servers = [old];
  const stream = keepBuying('upgrade', balancer(servers));
  await stream.more(20);
  const fresh = await world.start('next');
  servers.push(fresh);
  await stream.more(20);
  old.child.kill('SIGTERM');
  expect(await old.ended).toBe(0);
  await stream.more(20);
  await stream.stop();
  await carriedOut(stream.taken);
  expect(new Set(world.hooks.slice(called)).size).toBe(stream.taken.length);
  fresh.child.kill('SIGTERM');
  expect(await fresh.ended).toBe(0);
}, 600_000);

test('a database that is killed and recovers has lost no purchase that was answered, and none is done twice', async () => {
  const called = world.hooks.length;
  const server = await world.start('next', {
    KOOGATE_STAGE: 'local', // sweeps every second
    KOOGATE_TABLE: world.table.name,
    KOOGATE_OPENAPI_URL: world.standIn.url,
    KOOGATE_PRIVATE: '127.0.0.1:0',
  });
  const stream = keepBuying('killed', (one) => world.send(server.port, one));
  await stream.more(20);
  await world.killDatabase();
  await eventually(() => stream.codes.has('000005'), 'purchases are put off', LONG_MS);
  const dial = { ...purchases('dial')(), testFlag: '1' };
  expect(await Promise.all([1, 2, 3, 4, 5].map(() => world.send(server.port, dial)))).toEqual(Array(5).fill('000000'));
  await world.restartDatabase();
  await stream.more(20);
  await stream.stop();
  await carriedOut(stream.taken);
  expect(new Set(world.hooks.slice(called)).size).toBe(stream.taken.length);
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
}, 600_000);
