import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineProducts } from '../../../../lib/config/products.ts';
import { openPostgres } from '../../../../lib/table/postgres/open.ts';
import { migrate } from '../../../../lib/table/postgres/schema.ts';
import { ensureLocalSecrets, keepDatabasePassword } from '../../../dev/local-secrets.ts';
import { startPostgres } from '../../../dev/postgres.ts';
import { samples } from '../../../dev/samples/index.ts';
import { calls, type Figure } from '../figure.ts';
import { median, ratiosOf, spreadOf } from '../statistics.ts';
import { CONNECTIONS, load } from './http.ts';

const TABLE = 'bench';

/** Purchases a second that the server host accepts on PostgreSQL, beside a bare server with one INSERT a call. */
export const server: Figure = async (effort, say) => {
  say('starting PostgreSQL and both servers');
  const data = mkdtempSync(join(tmpdir(), 'koogate-bench-'));
  chmodSync(data, 0o711); // as root, PostgreSQL runs as nobody and has to get there
  const secretsFile = join(data, 'secrets.json');
  const secrets = await ensureLocalSecrets(secretsFile, defineProducts(samples).values(), false);
  const postgres = await startPostgres({ data: join(data, 'postgres'), isTemporary: true });
  keepDatabasePassword(secretsFile, postgres.password);
  const table = openPostgres({ database: postgres.url, password: async () => postgres.password, name: TABLE });
  await table.connections.lend((query) => migrate(query, TABLE), { timeoutMs: 60_000 });
  await table.close();
  const withPassword = new URL(postgres.url);
  withPassword.password = postgres.password;
  const ours = await start('accepting.ts', {
    KOOGATE_STAGE: 'local',
    KOOGATE_TABLE: TABLE,
    KOOGATE_DATABASE: postgres.url,
    KOOGATE_SECRETS: secretsFile,
  });
  const bare = await start('bare.mjs', { BARE_DATABASE: withPassword.href, BARE_TABLE: 'calls' });
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  try {
    const each = calls(effort, 600, 60);
    const key = secrets.products.plain?.accessKeys.base?.[0] ?? '';
    const rates: Record<'ours' | 'bare', number[]> = { ours: [], bare: [] };
    const both = [['ours', ours.port] as const, ['bare', bare.port] as const];
    for (let round = -2; round < effort.rounds; round += 1) {
      say(`requests on the server host, round ${round + 3} of ${effort.rounds + 2}`);
      for (const [name, port] of round % 2 === 0 ? both : both.toReversed()) {
        const rate = await load(`http://127.0.0.1:${port}/produce/plain`, key, each, agent);
        if (round >= 0) rates[name].push(rate);
      }
    }
    const ratio = spreadOf(ratiosOf(rates.ours, rates.bare));
    return [
      {
        figure: 'requests/s of the server host on PostgreSQL, accepted purchases ÷ a bare server with one INSERT',
        value: ratio.median,
        spread: [ratio.low, ratio.high],
        goal: { atLeast: 0.5 },
        ours: `${Math.round(median(rates.ours))}/s`,
        theirs: `${Math.round(median(rates.bare))}/s`,
        note: `${CONNECTIONS} connections; fulfilment is another process's; load, servers and database share the machine`,
      },
    ];
  } finally {
    agent.destroy();
    await Promise.all([ours.stop(), bare.stop()]);
    await postgres.stop();
  }
};

async function start(program: string, env: Readonly<Record<string, string>>) {
  const child: ChildProcess = fork(join(import.meta.dirname, '../server', program), {
    env: { PATH: process.env.PATH, ...env },
    execArgv: [],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'exit');
  const port = await Promise.race([once(child, 'message').then(([message]) => Number(message)), ended]);
  if (typeof port !== 'number') throw new Error(`${program} ended before it listened.`);
  return {
    port,
    stop: async () => {
      kill();
      await ended;
      process.off('exit', kill);
    },
  };
}
