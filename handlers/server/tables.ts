import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  BatchGetItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type Key, SHARDS } from '../../lib/instances/keys.ts';
import { Refusal } from '../../lib/protocol/refusal.ts';
import { ITEM_TYPE } from '../../lib/table/item-type.ts';
import type { Table } from '../../lib/table/table.ts';

const READS = [GetItemCommand, BatchGetItemCommand, QueryCommand, ScanCommand];

/**
 * Makes a table that takes changes only while they are allowed; until then whoever makes one hears that the call may be
 * repeated. Reads go on, and with them the nonces that a query of credentials uses up.
 * @throws Refusal 000005 from a write
 */
export function guardedTable(table: Table, mayChange: () => boolean): Table {
  return through(table, async (command, send) => {
    if (!mayChange() && !READS.some((read) => command instanceof read) && !isNonce(command)) {
      throw new Refusal('000005', 'no changes are taken just now; the call may be repeated');
    }
    return send();
  });
}

function isNonce(command: unknown): boolean {
  return command instanceof PutItemCommand && command.input.Item?.type?.S === ITEM_TYPE.nonce;
}

/**
 * Makes a table that tells of each write which leaves a change due and held by nobody: what a stream would tell
 * (deploy/aws/functions.yml, filterPatterns), without a round trip.
 */
export function wakingTable(table: Table, wake: (key: Key) => void): Table {
  return through(table, async (command, send) => {
    const answer = await send();
    const image =
      command instanceof PutItemCommand
        ? command.input.Item
        : command instanceof UpdateItemCommand
          ? (answer as { readonly Attributes?: Record<string, AttributeValue> }).Attributes
          : undefined;
    const isDue = Number(image?.dueShard?.N) < SHARDS && image?.leaseOwner === undefined;
    const { S: pk } = image?.pk ?? {};
    const { S: sk } = image?.sk ?? {};
    if (isDue && pk !== undefined && sk !== undefined) wake({ pk, sk });
    return answer;
  });
}

type Send = (...args: readonly unknown[]) => Promise<unknown>;

/** Puts something before or behind every request; the client's own type of `send` has an overload per command. */
function through(table: Table, step: (command: unknown, send: () => Promise<unknown>) => Promise<unknown>): Table {
  const send: Send = (...args) => step(args[0], () => Reflect.apply(table.client.send, table.client, args));
  return { client: { send: send as Table['client']['send'] }, name: table.name };
}
