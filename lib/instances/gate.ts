import { DeleteItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { Refusal } from '../protocol/refusal.ts';
import type { Table } from '../table/table.ts';
import { readClosing } from './closing.ts';

/*
 * Keeps changes out of a closed table without a round trip for each call. A process remembers whether the table is open
 * for half a minute. The first write after that looks again at the same time as it writes, and is taken back in words if
 * the table turns out to be closed: the call is answered with 000005, so nobody counts on it, and the copy finds what was
 * written. A table that was closed when last seen is looked at first.
 */

/** Milliseconds for which a look holds; with the time of a call it stays below the minute that closing takes. */
export const LOOK_MS = 30_000;

/** The door of a table, as one process knows it. */
export interface Gate {
  /** Looks whether the table is open, unless that is known. @throws whatever the table throws */
  isOpen(): Promise<boolean>;
  /** Puts the door before a client of the table. @throws Refusal 000005 from a write while it is closed */
  over(table: Table): Table;
}

/** Makes the door of a table. @param clock Unix milliseconds */
export function createGate(table: Table, clock: () => number): Gate {
  let known: { readonly open: boolean; readonly at: number } | undefined;
  let looking: Promise<boolean> | undefined;
  const isFresh = () => known !== undefined && clock() - known.at < LOOK_MS;
  const look = (): Promise<boolean> => {
    looking ??= (async () => {
      const at = clock();
      try {
        known = { open: (await readClosing(table))?.closed !== true, at };
        return known.open;
      } finally {
        looking = undefined;
      }
    })();
    return looking;
  };
  const isOpen = async () => (known !== undefined && isFresh() ? known.open : look());
  const over = ({ client, name }: Table): Table => {
    const send = (...args: readonly unknown[]): Promise<unknown> => {
      const go = (): Promise<unknown> => Reflect.apply(client.send, client, args);
      if (!isChange(args[0]) || (isFresh() && known?.open === true)) return go();
      return known?.open === false ? afterLook(isOpen, go) : besideLook(look, go);
    };
    return { client: { send: send as Table['client']['send'] }, name };
  };
  return { isOpen, over };
}

async function afterLook(isOpen: () => Promise<boolean>, write: () => Promise<unknown>): Promise<unknown> {
  if (await isOpen()) return write();
  throw closedNow();
}

async function besideLook(look: () => Promise<boolean>, write: () => Promise<unknown>): Promise<unknown> {
  const [open, written] = await Promise.allSettled([look(), write()]);
  if (open.status === 'rejected') throw open.reason;
  if (!open.value) throw closedNow();
  if (written.status === 'rejected') throw written.reason;
  return written.value;
}

function closedNow(): Refusal {
  return new Refusal('000005', 'the table is closed while it is moved; the call may be repeated');
}

/** Everything but reads and nonces: a query by the marketplace claims one, and goes on. */
function isChange(command: unknown): boolean {
  const isWrite = [PutItemCommand, UpdateItemCommand, DeleteItemCommand].some((one) => command instanceof one);
  const { Item, Key } = Object(Object(command).input);
  return isWrite && !String((Item ?? Key)?.pk?.S).startsWith('NONCE#');
}
