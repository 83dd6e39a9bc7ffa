import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineProducts } from '../../../../lib/config/products.ts';
import { openPostgres } from '../../../../lib/table/postgres/open.ts';
import { migrate } from '../../../../lib/table/postgres/schema.ts';
import { ensureLocalSecrets, keepDatabasePassword } from '../../../dev/local-secrets.ts';
import { startPostgres } from '../../../dev/postgres.ts';
import { samples } from '../../../dev/samples/index.ts';

/** A program beside the bench, which serves until it is stopped. */
export interface Program {
  readonly port: number;
  readonly pid: number;
  /** Asks it for its heap after collection, in bytes; for a program started with `gc`. */
  heap(): Promise<number>;
  stop(): Promise<void>;
}

/** PostgreSQL with empty tables in it, the sample shop's secrets, and the servers that were started on them. */
export interface Stage {
  /** Address of the database with its password. */
  readonly database: string;
  /** A product's newest access key. */
  readonly key: string;
  /** Starts our server as far as it accepts, on a table. */
  accepting(table: string, options?: { readonly gc?: boolean }): Promise<Program>;
  /** Starts the bare server, with a table of its own of this name. */
  bare(table: string): Promise<Program>;
  stop(): Promise<void>;
}

export interface StageOptions {
  readonly tables: readonly string[];
  /** Settings of PostgreSQL, by name. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Product of the sample shop that all calls are for. */
export const PRODUCT = 'plain';

/** Starts PostgreSQL, and makes the tables. */
export async function setUpStage({ tables, settings = {} }: StageOptions): Promise<Stage> {
  const data = mkdtempSync(join(tmpdir(), 'koogate-bench-'));
  chmodSync(data, 0o711); // as root, PostgreSQL runs as nobody and has to get there
  const secretsFile = join(data, 'secrets.json');
  const secrets = await ensureLocalSecrets(secretsFile, defineProducts(samples).values(), false);
  const postgres = await startPostgres({ data: join(data, 'postgres'), isTemporary: true, settings });
  keepDatabasePassword(secretsFile, postgres.password);
  for (const name of tables) {
    const table = openPostgres({ database: postgres.url, password: async () => postgres.password, name });
    await table.connections.lend((query) => migrate(query, name), { timeoutMs: 60_000 });
    await table.close();
  }
  const withPassword = new URL(postgres.url);
  withPassword.password = postgres.password;
  const running: Program[] = [];
  const started = async (...args: Parameters<typeof start>) => {
    const program = await start(...args);
    running.push(program);
    return program;
  };
  return {
    database: withPassword.href,
    key: secrets.products[PRODUCT]?.accessKeys.base?.[0] ?? '',
    accepting: (table, { gc = false } = {}) =>
      started(
        'accepting.ts',
        {
          KOOGATE_STAGE: 'local',
          KOOGATE_TABLE: table,
          KOOGATE_DATABASE: postgres.url,
          KOOGATE_SECRETS: secretsFile,
        },
        gc ? ['--expose-gc'] : [],
      ),
    bare: (table) => started('bare.mjs', { BARE_DATABASE: withPassword.href, BARE_TABLE: table }),
    stop: async () => {
      await Promise.all(running.map((program) => program.stop()));
      await postgres.stop();
    },
  };
}

async function start(
  program: string,
  env: Readonly<Record<string, string>>,
  execArgv: readonly string[] = [],
): Promise<Program> {
  const child: ChildProcess = fork(join(import.meta.dirname, program), {
    env: { PATH: process.env.PATH, ...env },
    execArgv: [...execArgv],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'exit');
  const port = await Promise.race([once(child, 'message').then(([message]) => Number(message)), ended]);
  if (typeof port !== 'number' || child.pid === undefined) throw new Error(`${program} ended before it listened.`);
  return {
    port,
    pid: child.pid,
    heap: async () => {
      const answer = once(child, 'message');
      child.send('heap');
      return Number((await answer)[0]);
    },
    stop: async () => {
      kill();
      await ended;
      process.off('exit', kill);
    },
  };
}
