import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { readUtc } from '../../marketplace/protocol/times.ts';
import { isJson } from '../checks/check.ts';
import { Problem } from '../terminal/problem.ts';

/** State that a server has stored for an instance. */
export interface StoredState {
  readonly state: string;
  /** Unix milliseconds. */
  readonly expiresAt?: number;
  /** Specification and amount that the instance has, where a server tells them. */
  readonly skuCode?: string;
  readonly seats?: number;
}

/** Looks behind the protocol, which tells nothing about freezing and expiry. Undefined: nothing is stored. */
export type Observer = (instanceId: string) => Promise<StoredState | undefined>;

/** Reads an address that answers with JSON like `{"state":"FROZEN","expiresAt":"20261001155959"}`; `{instanceId}` is filled in. */
export function addressObserver(address: string): Observer {
  return async (instanceId) => {
    const response = await fetch(address.replaceAll('{instanceId}', encodeURIComponent(instanceId)));
    const content: unknown = await response.json();
    if (!isJson(content) || typeof content.state !== 'string') throw new Problem('problem.state', { address });
    const expiresAt =
      typeof content.expiresAt === 'number' ? content.expiresAt : readUtc(String(content.expiresAt ?? ''));
    return content.state === 'NONE'
      ? undefined
      : {
          state: content.state,
          ...(expiresAt !== undefined && { expiresAt }),
          ...(typeof content.skuCode === 'string' && { skuCode: content.skuCode }),
          ...(typeof content.seats === 'number' && { seats: content.seats }),
        };
  };
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** A PostgreSQL database, and a table in it. */
export interface DatabaseTable {
  /** Address without the password. */
  readonly database: string;
  readonly password: string | undefined;
  readonly table: string;
}

/**
 * Reads KooGate's own table in a PostgreSQL database, as `tableObserver` does on DynamoDB.
 * @param product id of the product
 */
export function databaseObserver({ database, password, table }: DatabaseTable, product: string): Observer {
  return async (instanceId) => {
    const { Client, escapeIdentifier } = (await import('pg')).default;
    const { hostname, port, username, pathname, searchParams } = new URL(database);
    const host = decodeURIComponent(hostname).replace(/^\[(.*)\]$/, '$1');
    const client = new Client({
      host,
      port: Number(port || 5432),
      user: decodeURIComponent(username),
      database: decodeURIComponent(pathname.slice(1)),
      ...(password !== undefined && { password }),
      ssl: tlsOf(hostname, searchParams),
    });
    try {
      await client.connect();
      const text = `SELECT item FROM ${escapeIdentifier(table)}.items WHERE pk = $1 AND sk = 'INSTANCE'`;
      const { rows } = await client.query<{ item: string }>(text, [partitionOf(product, instanceId)]);
      const item: Item | undefined = rows[0] && JSON.parse(rows[0].item);
      return stateOf(item);
    } finally {
      await client.end();
    }
  };
}

/**
 * TLS as the address of a database wants it: verified anywhere but on this machine, and there if it is asked for. `sslrootcert`
 * names a file of certificates that are trusted instead of the system's.
 */
function tlsOf(hostname: string, parameters: URLSearchParams): false | ConnectionOptions {
  const [mode, file] = [parameters.get('sslmode'), parameters.get('sslrootcert')];
  if (LOOPBACK.test(hostname) && (mode === 'disable' || (mode === null && file === null))) return false;
  return { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(file !== null && { ca: certificatesIn(file) }) };
}

function certificatesIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Problem('problem.unreadable', { file });
  }
}

type Item = Readonly<Record<string, { readonly S?: string | undefined; readonly N?: string | undefined }>>;

function partitionOf(product: string, instanceId: string): string {
  return `INSTANCE#${product}#${instanceId.replaceAll('%', '%25').replaceAll('#', '%23')}`;
}

function stateOf(item: Item | undefined): StoredState | undefined {
  if (item?.wanted?.S === undefined) return undefined;
  return { state: item.wanted.S, ...(item.expiresAt?.N !== undefined && { expiresAt: Number(item.expiresAt.N) }) };
}

/**
 * Reads KooGate's own table: what was accepted, not what has been carried out yet.
 * @param product id of the product
 */
export function tableObserver(table: string, endpoint: string, product: string): Observer {
  return async (instanceId) => {
    const { DynamoDBClient, GetItemCommand } = await import('@aws-sdk/client-dynamodb');
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new DynamoDBClient({ endpoint, region: 'local', credentials });
    try {
      const { Item } = await client.send(
        new GetItemCommand({
          TableName: table,
          ConsistentRead: true,
          Key: { pk: { S: partitionOf(product, instanceId) }, sk: { S: 'INSTANCE' } },
        }),
      );
      return stateOf(Item);
    } finally {
      client.destroy();
    }
  };
}
