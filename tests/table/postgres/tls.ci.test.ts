import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PostgresTable } from '../../../lib/table/postgres/open.ts';
import { databaseObserver } from '../../../scripts/cli/chaos/observer.ts';
import { isRoot, NOBODY } from '../../../scripts/dev/nobody.ts';
import type { PostgresServer } from '../../../scripts/dev/postgres.ts';
import { type Certificate, makeCertificate } from '../../support/certificates.ts';
import { newTable, ownPostgres, reach } from '../../support/postgres.ts';

/*
 * A database that is reached over TLS. Its certificate is for the name `localhost`, so 127.0.0.1 is another name of it.
 * Names are compared without regard to case, but only `localhost` as it stands is exempt from TLS: `LOCALHOST` is to
 * KooGate a machine somewhere else.
 */

const folder = mkdtempSync(join(tmpdir(), 'koogate-tls-'));
let [authority, other]: Certificate[] = [];
let server: PostgresServer;
let table: PostgresTable;

beforeAll(async () => {
  authority = makeCertificate(folder, 'authority');
  other = makeCertificate(folder, 'other');
  const { certificate, key } = makeCertificate(folder, 'server', { by: authority, names: 'DNS:localhost' });
  chmodSync(folder, 0o755); // as root, PostgreSQL runs as nobody
  if (isRoot()) chownSync(key, NOBODY.uid, NOBODY.gid);
  server = await ownPostgres({ settings: { ssl: 'on', ssl_cert_file: certificate, ssl_key_file: key } });
  table = await newTable({ ...server, url: at('localhost', `?sslrootcert=${authority.certificate}`) });
});
afterAll(async () => {
  await table?.close();
  await server?.stop();
  rmSync(folder, { recursive: true });
});

/** Address of the database, or of what listens on another port, under a name for this machine. */
function at(name: string, parameters: string, port = server.port): string {
  return `postgres://koogate@${name}:${port}/postgres${parameters}`;
}

const trusting = (which: Certificate | undefined, more = '') => `?sslrootcert=${which?.certificate}${more}`;

/** What becomes of a connection: `secret` over TLS, `open` without, or the reason why there is none. */
async function outcome(url: string): Promise<string> {
  const reached = reach({ ...server, url }, table.name);
  const text = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()';
  return reached.connections
    .lend((query) => query<{ ssl: boolean }>({ text }))
    .then(
      ({ rows }) => (rows[0]?.ssl ? 'secret' : 'open'),
      (error: Error) => error.message,
    )
    .finally(() => reached.close());
}

/** A server without TLS, as a stranger on the way would be. @returns its port, what came after its "no", and its end */
async function plainServer() {
  const heard: string[] = [];
  const plain = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (request) => {
      heard.push(request.toString('hex'));
      socket.on('data', (more) => heard.push(more.toString('latin1')));
      socket.write('N');
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => plain.once('listening', resolve));
  return { port: (plain.address() as AddressInfo).port, heard, close: () => plain.close() };
}

/** The message that asks for TLS. */
const SSL_REQUEST = '0000000804d2162f';

describe('a database over TLS', () => {
  test.each(['localhost', 'LOCALHOST'])('is reached as %s with its authority', async (name) => {
    expect(await outcome(at(name, trusting(authority)))).toBe('secret');
    expect(await outcome(at(name, trusting(authority, '&sslmode=verify-full')))).toBe('secret');
  });

  test('is refused with another authority, and with none', async () => {
    expect(await outcome(at('localhost', trusting(other)))).toMatch(/gave no connection: .*certificate/);
    expect(await outcome(at('localhost', '?sslmode=verify-full'))).toMatch(/gave no connection: .*certificate/);
    expect(await outcome(at('LOCALHOST', ''))).toMatch(/gave no connection: .*certificate/);
  });

  test('is refused under a name that its certificate is not for', async () => {
    expect(await outcome(at('127.0.0.1', trusting(authority)))).toMatch(/ERR_TLS_CERT_ALTNAME_INVALID/);
  });

  test.each([
    ['localhost', 'sslmode=verify-full'],
    ['localhost', 'sslrootcert'],
    ['LOCALHOST', ''],
  ])('a server without TLS is told nothing: %s %s', async (name, parameter) => {
    const { port, heard, close } = await plainServer();
    const parameters = parameter === 'sslrootcert' ? trusting(authority) : `?${parameter}`;
    expect(await outcome(at(name, parameters, port))).toMatch(/gave no connection: .*does not support SSL/);
    expect(heard).toEqual([SSL_REQUEST]);
    close();
  });
});

describe('the look of chaos into a database over TLS', () => {
  const look = (url: string) =>
    databaseObserver({ database: url, password: server.password, table: table.name }, 'demo')('i');

  beforeAll(async () => {
    const item = { pk: { S: 'INSTANCE#demo#i' }, sk: { S: 'INSTANCE' }, wanted: { S: 'FROZEN' } };
    await table.client.send(new PutItemCommand({ TableName: table.name, Item: item }));
  });

  test.each(['localhost', 'LOCALHOST'])('takes the authority that the address of %s names', async (name) => {
    expect(await look(at(name, trusting(authority)))).toEqual({ state: 'FROZEN' });
  });

  test('refuses another authority, another name, and a server without TLS', async () => {
    await expect(look(at('localhost', trusting(other)))).rejects.toThrow(/certificate/);
    await expect(look(at('localhost', '?sslmode=verify-full'))).rejects.toThrow(/certificate/);
    await expect(look(at('127.0.0.1', trusting(authority)))).rejects.toThrow(/altnames/);
    const { port, heard, close } = await plainServer();
    await expect(look(at('localhost', trusting(authority), port))).rejects.toThrow(/does not support SSL/);
    expect(heard).toEqual([SSL_REQUEST]);
    close();
  });

  test('says so if the file of certificates cannot be read', async () => {
    const missing = { certificate: join(folder, 'missing.pem'), key: '' };
    await expect(look(at('localhost', trusting(missing)))).rejects.toMatchObject({ id: 'problem.unreadable' });
  });
});
