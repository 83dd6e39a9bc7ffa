import type { Product } from '../config/products.ts';
import type { Log } from '../log.ts';
import type { FileToDeliver } from '../open-api/deliver-license.ts';
import type { AskedOrder } from '../open-api/query-order.ts';
import type { Sealer } from '../sealing/sealer.ts';
import type { HmacKeys } from '../secrets/secrets.ts';
import type { Order, Seller } from '../seller/contract.ts';
import type { Table } from '../table/table.ts';

/** A licence on its way to the marketplace. */
export interface Delivery {
  /** Id of the product. */
  readonly product: string;
  readonly eventId: string;
  /** A text, or a file. */
  readonly license: string | FileToDeliver;
}

/** Dependencies of carrying out changes. */
export interface FulfilDependencies {
  readonly table: Table;
  readonly products: ReadonlyMap<string, Product>;
  readonly sealer: Sealer;
  readonly log: Log;
  /** The code that a product's changes are carried to. */
  sellerOf(product: Product): Seller;
  /**
   * The order as the product's site of the marketplace has it. An error whose `permanent` is true says that asking again is of no use.
   * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649350.html
   */
  queryOrder(asked: AskedOrder, signal?: AbortSignal): Promise<Order>;
  /**
   * Delivers a licence for an event of the product's site. Absent where nothing is delivered: in the route. An error whose
   * `permanent` is true says that trying again is of no use.
   * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649351.html
   */
  readonly deliverLicense?: (delivery: Delivery, signal?: AbortSignal) => Promise<void>;
  /** Looks whether the table is open; no change is begun while it is closed. Absent: it always is. */
  isOpen?(): Promise<boolean>;
  /**
   * Keys that chain the history and make buyers' ids pseudonyms. Undefined or absent where the installation has none:
   * entries stand by themselves then, and buyers are not remembered.
   */
  hmacKeys?(): Promise<HmacKeys | undefined>;
  /** A secret of the seller's own, for its hooks. */
  sellerSecret(name: string): Promise<string>;
  /**
   * Pushes what an instance has used and says how many of its records could not be pushed. Absent where no usage is
   * kept.
   */
  flushUsage?(product: string, instanceId: string, signal?: AbortSignal): Promise<number>;
  /** Aborted where a server or a run has to end: a hook that still runs is ended then, and its hold given back. */
  readonly stopping?: AbortSignal;
  /** Milliseconds until what is given back is due; at once unless stated. */
  readonly giveBackPauseMs?: number;
  /** Unix milliseconds. */
  clock(): number;
  /** At least 0, below 1. */
  random(): number;
  /** A text nobody else has. */
  newToken(): string;
}
