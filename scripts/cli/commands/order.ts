import { existsSync, readFileSync } from 'node:fs';
import { freshOrderId } from '../../marketplace/calls/subject.ts';
import { type OrderClient, reachOrders } from '../../marketplace/stand-in/order-client.ts';
import {
  CHARGING_MODES,
  ORDER_TYPES,
  type OrderDraft,
  PERIOD_TYPES,
  readOrders,
  readTraits,
} from '../../marketplace/stand-in/order-traits.ts';
import { isJson, type Json } from '../checks/check.ts';
import type { LifeOrders } from '../life/orders.ts';
import { COMMON, readArguments, readChoice, readNumber } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import { findLocalData } from '../terminal/running.ts';
import type { Terminal } from '../terminal/terminal.ts';

const OPTIONS = {
  ...COMMON,
  'open-api': { type: 'string' },
  file: { type: 'string' },
  type: { type: 'string' },
  charging: { type: 'string' },
  'product-id': { type: 'string' },
  sku: { type: 'string' },
  seats: { type: 'string' },
  amount: { type: 'string' },
  'amount-after-discount': { type: 'string' },
  period: { type: 'string' },
  expires: { type: 'string' },
  buyer: { type: 'string', multiple: true },
  form: { type: 'string', multiple: true },
} as const;

type Values = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];

/** Makes orders at the stand-in, which gives them out when the seller's server asks for them. */
export async function order(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS);
  const { say } = terminal;
  if (values.help) {
    terminal.out(say('help.simulate-order'));
    return EXIT.good;
  }
  const client = await clientOf(values['open-api'], terminal);
  const orders =
    values.file === undefined
      ? { [positionals[0] ?? freshOrderId(terminal.clock())]: draftOf(values) }
      : readFile(values.file, readOrders);
  for (const [orderId, draft] of Object.entries(orders)) await made(client, orderId, draft);
  if (values.json) terminal.out(JSON.stringify(orders, null, 2));
  else
    for (const [orderId, { orderType = 'NEW' }] of Object.entries(orders))
      terminal.out(say('order.made', { orderId, orderLineId: `${orderId}-000001`, orderType }));
  return EXIT.good;
}

async function clientOf(given: string | undefined, { env }: Terminal): Promise<OrderClient> {
  const at = given ?? findLocalData(env).running?.openApi;
  if (at === undefined) throw new Problem('problem.stand-in-needed');
  const client = URL.canParse(at) ? await reachOrders(at) : undefined;
  if (client === undefined) throw new Problem('problem.stand-in', { at });
  return client;
}

async function made(client: OrderClient, orderId: string, draft: OrderDraft): Promise<void> {
  await client.make(orderId, draft).catch((error) => {
    throw new Problem('problem.order', { order: orderId, reason: messageOf(error) });
  });
}

function draftOf(values: Values): OrderDraft {
  const { sku, amount, expires, 'product-id': productId, 'amount-after-discount': deal } = values;
  const seats = values.seats === undefined ? undefined : readNumber('--seats', values.seats, 0);
  const [periodType, periodNumber] = (values.period ?? '').split(':');
  const buyer = pairs('--buyer', values.buyer);
  const extendParams = pairs('--form', values.form);
  const draft = {
    orderType: readChoice('--type', values.type, ORDER_TYPES) ?? 'NEW',
    chargingMode: readChoice('--charging', values.charging, CHARGING_MODES) ?? 'PERIOD',
    ...(productId !== undefined && { productId }),
    ...(sku !== undefined && { skuCode: sku }),
    ...(seats !== undefined && { linearValue: seats }),
    ...(amount !== undefined && { amount }),
    ...(deal !== undefined && { amountAfterDiscount: deal }),
    ...(values.period !== undefined && { periodType: readChoice('--period', periodType, PERIOD_TYPES) }),
    ...(periodNumber !== undefined && { periodNumber: readNumber('--period', periodNumber, 1, 1) }),
    ...(expires !== undefined && { expireTime: expires }),
    ...(buyer && { buyer }),
    ...(extendParams && { extendParams }),
  };
  try {
    return readTraits(draft);
  } catch (error) {
    throw new Problem('problem.order', { order: '', reason: messageOf(error) });
  }
}

function pairs(name: string, list: readonly string[] | undefined): Readonly<Record<string, string>> | undefined {
  return list && Object.fromEntries(list.map((pair) => pairOf(name, pair)));
}

function pairOf(name: string, pair: string): [string, string] {
  const at = pair.indexOf('=');
  if (at < 1) throw new Problem('problem.pair', { name, given: pair });
  return [pair.slice(0, at), pair.slice(at + 1)];
}

/** Reads what the orders of a life say: `purchase`, `upgrade` and `renewal`, each with traits of its own. @throws Problem */
export function readLifeOrders(file: string): LifeOrders {
  return readFile(file, (content) => {
    const { purchase, upgrade, renewal, ...others } = isJson(content) ? content : ({ content } as Json);
    const [stray] = Object.keys(others);
    if (stray !== undefined) throw new Error(`${stray}: expected purchase, upgrade or renewal`);
    return {
      ...(purchase !== undefined && { purchase: traitsIn(purchase) }),
      ...(upgrade !== undefined && { upgrade: traitsIn(upgrade) }),
      ...(renewal !== undefined && { renewal: traitsIn(renewal) }),
    };
  });
}

/** Traits without those that follow from the step. */
function traitsIn(value: unknown): OrderDraft {
  const { orderType: _, chargingMode: _mode, ...traits } = readTraits(value);
  return traits;
}

function readFile<Result>(file: string, read: (content: unknown) => Result): Result {
  if (!existsSync(file)) throw new Problem('problem.file', { file });
  try {
    return read(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new Problem('problem.order', { order: file, reason: messageOf(error) });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
