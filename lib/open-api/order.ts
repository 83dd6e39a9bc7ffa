import * as v from 'valibot';
import { parseMarketplaceTime } from '../protocol/times.ts';
import type { Buyer, Order, OrderedProduct, OrderLine } from '../seller/contract.ts';

/**
 * The order query's answer, read strictly in what a sale needs (the order's id, the line's id and charging mode) and
 * tolerantly in everything else: unknown members are passed over, null and '' count as absent, numbers may come as text
 * and the other way round, since the field tables and the examples disagree. What cannot be read is left out and named: an
 * order must not fail for its form.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649350.html
 */
export type ReadOrder =
  | { readonly order: Order /** Paths of the members that were left out. */; readonly dropped: readonly string[] }
  /** A member that a sale needs is missing or of another type: its path. */
  | { readonly malformed: string }
  | { readonly foreign: true }
  | { readonly missingLine: true };

const text = v.union([v.pipe(v.string(), v.nonEmpty()), v.pipe(v.number(), v.transform(String))]);
const number = v.union([
  v.pipe(v.number(), v.finite()),
  v.pipe(v.string(), v.trim(), v.nonEmpty(), v.transform(Number), v.finite()),
]);
/** `yyyyMMddHHmmss`, UTC. */
const time = v.pipe(
  text,
  v.transform(parseMarketplaceTime),
  v.number(),
  v.transform((milliseconds) => new Date(milliseconds)),
);
const members = v.record(v.string(), v.unknown());

/** Reads `orderInfo`, and of its lines the one that is asked for, else the first. */
export function readOrder(info: unknown, orderId: string, orderLineId?: string): ReadOrder {
  const read = v.safeParse(members, info);
  if (!read.success) return { malformed: '' };
  const { output } = read;
  const id = v.safeParse(text, output.orderId);
  if (!id.success) return { malformed: 'orderId' };
  if (id.output !== orderId) return { foreign: true };
  const list = v.safeParse(v.nullish(v.array(v.unknown()), []), output.orderLine);
  if (!list.success) return { malformed: 'orderLine' };
  const lines = list.output;
  const at = orderLineId === undefined ? 0 : lines.findIndex((line) => idOfLine(line) === orderLineId);
  if (lines[at] === undefined) {
    // The line that is asked for may be the one whose id cannot be read.
    const unread = lines.findIndex((line) => idOfLine(line) === undefined);
    return unread < 0 ? { missingLine: true } : { malformed: `orderLine[${unread}].orderLineId` };
  }
  const path = `orderLine[${at}]`;
  const own = v.safeParse(Line, lines[at]);
  if (!own.success) return { malformed: `${path}${dotted(v.getDotPath(own.issues[0]))}` };
  const reader = new Reader();
  const order = orderOf(reader, output, orderId, lineOf(reader, path, own.output));
  return { order, dropped: reader.dropped };
}

/** Members that a sale needs of its line. */
const Line = v.looseObject({ orderLineId: text, chargingMode: text });

function idOfLine(line: unknown): string | undefined {
  const { success, output } = v.safeParse(text, Object(line).orderLineId);
  return success ? output : undefined;
}

function orderOf(reader: Reader, info: Members, orderId: string, line: OrderLine): Order {
  const buyer = buyerOf(reader, info.buyerInfo);
  return {
    orderId,
    orderType: reader.read(text, 'orderType', info.orderType) ?? 'UNKNOWN',
    ...present({ createdAt: reader.read(time, 'createTime', info.createTime) }),
    line,
    ...(buyer === undefined ? {} : { buyer }),
    extendParams: extendParamsOf(reader, info.extendParams),
  };
}

function lineOf(reader: Reader, path: string, line: v.InferOutput<typeof Line>): OrderLine {
  const read = <S extends v.GenericSchema>(schema: S, name: string) =>
    reader.read(schema, `${path}.${name}`, line[name]);
  const products = reader.each(`${path}.productInfo`, line.productInfo, (product, at) =>
    productOf(reader, at, product),
  );
  return {
    orderLineId: line.orderLineId,
    chargingMode: line.chargingMode,
    ...present({
      expiresAt: read(time, 'expireTime'),
      periodType: read(text, 'periodType'),
      periodNumber: read(number, 'periodNumber'),
      amount: read(text, 'currency'),
      amountAfterDiscount: read(text, 'currencyAfterDiscount'),
    }),
    products,
  };
}

/** A product that is sold without a specification has none: the empty text, as in V1.0. */
function productOf(reader: Reader, path: string, product: Members): OrderedProduct | undefined {
  const { productId, skuCode, linearValue, productName } = product;
  const id = reader.read(text, `${path}.productId`, productId);
  if (id === undefined) return reader.drop(`${path}.productId`);
  return {
    productId: id,
    skuCode: reader.read(text, `${path}.skuCode`, skuCode) ?? '',
    ...present({
      linearValue: reader.read(number, `${path}.linearValue`, linearValue),
      productName: reader.read(text, `${path}.productName`, productName),
    }),
  };
}

function buyerOf(reader: Reader, info: unknown): Buyer | undefined {
  const buyer = reader.read(members, 'buyerInfo', info);
  if (buyer === undefined) return undefined;
  const read = (name: string) => reader.read(text, `buyerInfo.${name}`, buyer[name]);
  const customerId = read('customerId') ?? reader.drop('buyerInfo.customerId');
  return {
    customerId: customerId ?? '',
    customerName: read('customerName') ?? '',
    ...present({
      mobilePhone: read('mobilePhone'),
      email: read('email'),
      userId: read('userId'),
      userName: read('userName'),
    }),
  };
}

function extendParamsOf(reader: Reader, list: unknown): Order['extendParams'] {
  return reader.each('extendParams', list, ({ name: given, value }, path) => {
    const name = reader.read(text, `${path}.name`, given);
    if (name === undefined) return reader.drop(path);
    const before = reader.dropped.length;
    const answer = reader.read(text, `${path}.value`, value) ?? '';
    return reader.dropped.length > before ? undefined : { name, value: answer };
  });
}

type Members = Readonly<Record<string, unknown>>;

/** Reads members one by one, and keeps the paths of those that it leaves out. */
class Reader {
  readonly #dropped = new Set<string>();

  get dropped(): readonly string[] {
    return [...this.#dropped];
  }

  /** The member; undefined if it is absent, or cannot be read and is left out. */
  read<S extends v.GenericSchema>(schema: S, path: string, value: unknown): v.InferOutput<S> | undefined {
    if (value === undefined || value === null || value === '') return undefined;
    const { success, output } = v.safeParse(schema, value);
    return success ? output : this.drop(path);
  }

  /** Maps each entry of a list by `of`, without those that are left out. */
  each<T>(path: string, list: unknown, of: (entry: Members, path: string) => T | undefined): T[] {
    const entries = this.read(v.array(v.unknown()), path, list) ?? [];
    return entries.flatMap((entry, index) => {
      const at = `${path}[${index}]`;
      const read = this.read(members, at, entry);
      const made = read === undefined ? this.drop(at) : of(read, at);
      return made === undefined ? [] : [made];
    });
  }

  drop(path: string): undefined {
    this.#dropped.add(path);
    return undefined;
  }
}

function dotted(path: string | null): string {
  return path === null ? '' : `.${path}`;
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out members without a value: an absent member and one that is `undefined` are not the same to JSON's readers. */
function present<T extends object>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>;
}
