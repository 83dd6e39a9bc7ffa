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

/**
 * Reads KooGate's own table: what was accepted, not what has been carried out yet.
 * @param product id of the product
 */
export function tableObserver(table: string, endpoint: string, product: string): Observer {
  return async (instanceId) => {
    const { DynamoDBClient, GetItemCommand } = await import('@aws-sdk/client-dynamodb');
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new DynamoDBClient({ endpoint, region: 'local', credentials });
    const escaped = (text: string) => text.replaceAll('%', '%25').replaceAll('#', '%23');
    try {
      const { Item } = await client.send(
        new GetItemCommand({
          TableName: table,
          ConsistentRead: true,
          Key: { pk: { S: `INSTANCE#${product}#${escaped(instanceId)}` }, sk: { S: 'INSTANCE' } },
        }),
      );
      if (Item?.wanted?.S === undefined) return undefined;
      return { state: Item.wanted.S, ...(Item.expiresAt?.N !== undefined && { expiresAt: Number(Item.expiresAt.N) }) };
    } finally {
      client.destroy();
    }
  };
}
