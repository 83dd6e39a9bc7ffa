import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type PutItemCommandInput,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { InstanceItem } from '../../lib/instances/item.ts';
import { acceptPurchase, readInstances } from '../../lib/instances/store.ts';
import type { Table } from '../../lib/table/table.ts';
import { createTestTable, type TestTable } from '../support/table.ts';

export { ENGINES } from '../support/table.ts';

/** One request to the table. */
export interface Sent {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

type Send = Table['client']['send'];

/** Thrown by a client whose process has died. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** What happens to the n-th request of a client. */
export type Fault =
  /** The process dies before the request leaves, or after it took effect. */
  | 'dies before'
  | 'dies after'
  /** The answer is lost, and the SDK sends the same request again. */
  | 'answer lost';

/** A table whose requests are noted, and of which one meets a fault. */
export function watched(table: Table, fault?: { readonly kind: Fault; readonly at: number }) {
  const sent: Sent[] = [];
  const process = { isDead: false };
  const through = (args: unknown[]) => Reflect.apply(table.client.send, table.client, args);
  const send: Send = async (...args: unknown[]) => {
    if (process.isDead) throw new Crash('The process is dead.');
    const command = args[0] as { constructor: { name: string }; input: Record<string, unknown> };
    sent.push({ name: command.constructor.name.replace('Command', ''), input: command.input });
    if (sent.length !== fault?.at) return through(args);
    if (fault.kind === 'answer lost') {
      await through(args);
      return through(args);
    }
    process.isDead = true;
    if (fault.kind === 'dies after') await through(args);
    throw new Crash(`The process died at request ${fault.at}.`);
  };
  return { table: { name: table.name, client: { send } } satisfies Table, sent, process };
}

/** The table, answering queries with so few items a page as an engine does whose items are large. */
export function pagesOf(size: number, { client, name }: Table): Table {
  const send: Send = (...args: unknown[]) => {
    const [command, ...more] = args as [{ input: object }];
    const asked = command instanceof QueryCommand ? new QueryCommand({ ...command.input, Limit: size }) : command;
    return Reflect.apply(client.send, client, [asked, ...more]);
  };
  return { name, client: { send } };
}

/** The table, out of which an item that stands in the way of a write is cleared away before anyone looks at it. */
export function vanishing({ client, name }: Table): Table {
  const send: Send = async (...args: unknown[]) => {
    try {
      return await Reflect.apply(client.send, client, args);
    } catch (error) {
      const [{ input }] = args as [{ input: PutItemCommandInput }];
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const { pk, sk } = unmarshall(input.Item ?? {});
      await client.send(new DeleteItemCommand({ TableName: name, Key: marshall({ pk, sk }) }));
      throw new ConditionalCheckFailedException({ message: error.message, $metadata: error.$metadata });
    }
  };
  return { name, client: { send } };
}

let tables = 0;

/** Another table on a running engine, so that no test sweeps what another has left. */
export async function freshTable({ client }: TestTable): Promise<Table> {
  tables += 1;
  const name = `koogate-${process.pid}-${Date.now().toString(36)}-${tables}`;
  await createTestTable(client, name);
  return { client, name };
}

let orders = 0;

/** An order nobody has placed yet. */
export function newOrder(): { orderId: string; orderLineId: string } {
  orders += 1;
  return { orderId: `CS${orders}`, orderLineId: `CS${orders}-000001` };
}

/** A purchase that has been accepted and not been carried out. */
export async function bought(table: Table, now = 1_000): Promise<{ product: string; instanceId: string }> {
  const { instanceId } = await acceptPurchase(table, { product: 'demo', ...newOrder(), sentAt: now }, now);
  return { product: 'demo', instanceId };
}

/** The instance as it lies in the table. */
export async function stored(table: Table, instanceId: string, product = 'demo'): Promise<InstanceItem> {
  const item = (await readInstances(table, product, [instanceId])).get(instanceId);
  if (item === undefined) throw new Error(`There is no instance ${instanceId}.`);
  return item;
}
