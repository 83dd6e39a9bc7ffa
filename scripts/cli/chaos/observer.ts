import { readUtc } from '../../marketplace/protocol/times.ts';
import { isJson } from '../checks/check.ts';
import { Problem } from '../terminal/problem.ts';

/** What a server has stored about an instance. */
export interface StoredState {
  readonly state: string;
  /** Unix milliseconds. */
  readonly expiresAt?: number;
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
      : { state: content.state, ...(expiresAt !== undefined && { expiresAt }) };
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
    const { hostname, port, username, pathname } = new URL(database);
    const client = new Client({
      host: decodeURIComponent(hostname),
      port: Number(port || 5432),
      user: decodeURIComponent(username),
      database: decodeURIComponent(pathname.slice(1)),
      ...(password !== undefined && { password }),
      ssl: !LOOPBACK.test(hostname),
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
