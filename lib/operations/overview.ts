/**
 * The picture of an installation: how near each product is to being taken off sale, what is about to fail, what calls, keys and
 * usage do. It is read by queries alone, never by a scan, and changes nothing. Its cost does not depend on the size of the
 * table: one query of each of the 17 shards of the index `due` and one of the alarms, 120 items of counters a product, and what
 * waits or failed this month, of which `MOST_WAITING` and a thousand are read at most.
 */
import {
  type FailedOrders,
  MOST_FAILED_DAYS,
  MOST_FAILED_ORDERS,
  monthOf,
  readFailedOrders,
} from '../alarms/delisting.ts';
import type { Text } from '../alarms/rules.ts';
import { type OpenAlarm, readOpen } from '../alarms/state.ts';
import type { Products } from '../config/products.ts';
import type { Table } from '../table/table.ts';
import {
  callsOf,
  type DayOfTests,
  type DialTest,
  type HourOfCalls,
  type KeyUse,
  keysOf,
  lastDialTest,
  readHours,
  testDays,
} from './calls-seen.ts';
import { type FailingChange, type ProductStatus, readStatus, type WaitingUsage } from './status.ts';

/** Items at which something waits, and records of usage, that are read at most. */
export const MOST_WAITING = 1_000;

/** Figures that take a product off sale, as far as they can be seen from here: the marketplace may count more. */
export interface Delisting {
  /** Begin of the month in Beijing, Unix milliseconds. */
  readonly month: number;
  /** Purchases of this month that came to nothing, at least. */
  readonly failedOrders: number;
  /** So many a month may have; the next may delist. */
  readonly mostFailedOrders: number;
  /** Days in a row, up to now, with failed dial tests. */
  readonly failedDays: number;
  /** With so many in a row trading is frozen. */
  readonly mostFailedDays: number;
  /** The last five days, the oldest first. */
  readonly days: readonly DayOfTests[];
}

/** Picture of one product. */
export interface ProductOverview extends ProductStatus {
  readonly delisting: Delisting;
  /** Absent: none within five days. */
  readonly lastDialTest?: DialTest;
  /** The last 24 hours, the oldest first. */
  readonly calls: readonly HourOfCalls[];
  /** Access keys that verified calls within five days, by class and newest first. */
  readonly keys: readonly KeyUse[];
}

/** Something that the marketplace counts and KooGate cannot see. */
export interface Unseen {
  readonly id: string;
  readonly text: Text;
}

/** The picture of an installation. */
export interface Overview {
  /** When it was taken, Unix milliseconds. */
  readonly at: number;
  readonly products: readonly ProductOverview[];
  /** Changes about to fail; the one whose window closes first stands first. */
  readonly failing: readonly FailingChange[];
  readonly usage: WaitingUsage;
  /** Alarms that are open. */
  readonly alarms: readonly OpenAlarm[];
  /** More waits than was read: `waiting`, `failing` and `usage` are what they are at least. */
  readonly isCut: boolean;
  /** Limits of the figures of delisting. */
  readonly unseen: readonly Unseen[];
}

/** Limits of what can be seen from here. */
export const UNSEEN: readonly Unseen[] = [
  {
    id: 'unreached',
    text: {
      en: 'Calls and dial tests that never arrived: DNS, certificate, firewall or gateway turned them away.',
      zh: '未到达的调用和拨测：被 DNS、证书、防火墙或网关挡下。',
    },
  },
  {
    id: 'late',
    text: {
      en: 'Answers that were right here and came too late for the marketplace, which waits five seconds.',
      zh: '此处应答正确、但云商店五秒内未收到的调用。',
    },
  },
  {
    id: 'unplaced',
    text: {
      en: 'Orders that failed before a purchase was called for, and those that the marketplace counts by hand.',
      zh: '云商店发起购买调用前即失败的订单，以及其人工计入的订单。',
    },
  },
  {
    id: 'strangers',
    text: {
      en: 'Whether a wrong key was the marketplace’s: a stranger can cause that too.',
      zh: '密钥不符的调用是否来自云商店：他人伪造调用也会如此。',
    },
  },
  {
    id: 'lost-counts',
    text: {
      en: 'Calls of the last minute of a process that was killed.',
      zh: '进程被强制结束前最后一分钟的调用。',
    },
  },
];

/** Takes the picture. @param now Unix milliseconds */
export async function readOverview(table: Table, sold: Products, now: number): Promise<Overview> {
  const status = await readStatus(table, sold, MOST_WAITING);
  const orders = await readFailedOrders(table, now);
  const products: ProductOverview[] = [];
  for (const one of status.products) {
    const hours = await readHours(table, one.product, now);
    const test = lastDialTest(hours);
    products.push({
      ...one,
      delisting: delistingOf(one.product, orders, testDays(hours, now), now),
      ...(test && { lastDialTest: test }),
      calls: callsOf(hours),
      keys: keysOf(hours),
    });
  }
  const { failing, usage, isCut = false } = status;
  return { at: now, products, failing, usage, alarms: await readOpen(table), isCut, unseen: UNSEEN };
}

function delistingOf(
  product: string,
  orders: FailedOrders,
  { days, inARow }: ReturnType<typeof testDays>,
  now: number,
): Delisting {
  return {
    month: monthOf(now),
    failedOrders: orders.get(product) ?? 0,
    mostFailedOrders: MOST_FAILED_ORDERS,
    failedDays: inARow,
    mostFailedDays: MOST_FAILED_DAYS,
    days,
  };
}
