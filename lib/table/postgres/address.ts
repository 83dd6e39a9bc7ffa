import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { TableUnfit } from './errors.ts';

/** A database's address, without its password. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly ssl: false | ConnectionOptions;
}

const DEFAULT_PORT = 5432;

/**
 * Reads `postgres://user@host:port/database`, perhaps with `?sslrootcert=` and a file of trusted certificates. Anywhere but on this machine the server's certificate is verified, its name
 * included.
 * @param ca certificates in PEM that are trusted instead of the system's
 * @throws TableUnfit with a sentence that says what to mend; it never repeats the address, which may hold a password
 */
export function readAddress(database: string, ca?: string): Address {
  const url = URL.canParse(database) ? new URL(database) : undefined;
  if (url === undefined || !/^postgres(ql)?:$/.test(url.protocol)) throw new TableUnfit(FORM);
  if (url.password !== '') {
    throw new TableUnfit('The address of the database must not hold its password: it is a secret of its own.');
  }
  const host = decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1');
  const [user, name] = [decodeURIComponent(url.username), decodeURIComponent(url.pathname.slice(1))];
  if ([host, user, name].includes('') || name.includes('/')) throw new TableUnfit(FORM);
  const port = url.port === '' ? DEFAULT_PORT : Number(url.port);
  return { host, port, user, database: name, ssl: tlsOf(host, url.searchParams, ca ?? certificates(url.searchParams)) };
}

const FORM = 'Expected the address of a database as postgres://user@host:5432/database.';

function tlsOf(host: string, parameters: URLSearchParams, ca: string | undefined): Address['ssl'] {
  const foreign = [...parameters.keys()].find((name) => name !== 'sslmode' && name !== 'sslrootcert');
  if (foreign !== undefined)
    throw new TableUnfit(`The address of the database has the unknown parameter "${foreign}".`);
  const mode = parameters.get('sslmode');
  const isHere = isLoopback(host);
  if (mode === 'disable' && !isHere) {
    throw new TableUnfit(
      'The address of the database says sslmode=disable, which is for databases on this machine alone.',
    );
  }
  if (mode !== null && mode !== 'disable' && mode !== 'verify-full') {
    throw new TableUnfit(`Expected sslmode=verify-full in the address of the database, found "${mode}".`);
  }
  if (mode === 'disable' || (mode === null && isHere && ca === undefined)) return false;
  return { host, minVersion: 'TLSv1.2', rejectUnauthorized: true, ...(ca !== undefined && { ca }) };
}

function certificates(parameters: URLSearchParams): string | undefined {
  const file = parameters.get('sslrootcert');
  if (file === null) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new TableUnfit(`The file of certificates ${file}, which the address of the database names, cannot be read.`);
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
