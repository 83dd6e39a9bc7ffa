import type { TimelineEvent } from '../shapes.ts';

/*
 * Shapes of what the page of a deployed installation and its server send each other, as JSON. Nothing in them is sealed,
 * but for login data that were asked for. Times are Unix milliseconds.
 */

/** The installation that a page looks at. */
export interface DeployedSetup {
  /** The table, in the language of the terminal. */
  readonly place: string;
  /** The page may act. */
  readonly writes: boolean;
  /** A stage is looked at, which can be examined. */
  readonly canExamine: boolean;
  readonly products: readonly { readonly id: string; readonly name: string }[];
}

/** An instance as lists show it. */
export interface FoundInstance {
  readonly product: string;
  readonly instanceId: string;
  readonly orderId: string;
  readonly orderLineId: string;
  readonly wanted: string;
  readonly state: string;
  readonly createdAt: number;
  readonly expiresAt?: number;
  readonly waiting: number;
  readonly setAside: number;
  readonly lastError?: string;
}

/** Result of a search by id. */
export interface FoundInstances {
  readonly by: 'instance' | 'order' | 'line' | 'customer' | 'scan' | 'nothing';
  readonly items: readonly FoundInstance[];
  /** The table has no index for orders. */
  readonly hasNoIndex?: true;
}

/** States by which a pass over the table filters. */
export const STATES = ['PENDING', 'ACTIVE', 'FROZEN', 'RELEASED', 'FAILED'] as const;

/** Troubles of an instance. */
export const TROUBLES = ['failing', 'set-aside'] as const;

/** Filters of a pass over the table; absent members do not matter. */
export interface ScanAsked {
  readonly product?: string | undefined;
  readonly state?: (typeof STATES)[number] | undefined;
  readonly trouble?: (typeof TROUBLES)[number] | undefined;
  /** Bought from here on. */
  readonly from?: number | undefined;
  /** Bought before. */
  readonly until?: number | undefined;
  /** An order or order line, those of renewals and upgrades included. */
  readonly order?: string | undefined;
}

/** A line of a pass over the table: how far it is, and the newest instances found so far. */
export interface ScanLine {
  /** Items read. */
  readonly read: number;
  /** Instances that are as was asked. */
  readonly matched: number;
  /** The newest of them; absent in lines that only say how far it is. */
  readonly items?: readonly FoundInstance[];
  readonly done: boolean;
}

/** Something in a history: what a timeline knows, and what an operator did. */
export type HistoryEvent =
  | TimelineEvent
  | {
      readonly at: number;
      readonly what: 'acted';
      readonly action: string;
      readonly by: string;
      readonly subject?: string;
    };

/** An order notice of an instance's order line. */
export interface Notice {
  readonly orderId: string;
  readonly orderLineId: string;
  readonly waiting: number;
  readonly setAside: number;
  readonly events: readonly HistoryEvent[];
}

/** A usage record of an instance. */
export interface UsageLine {
  /** Names it, as the command line does. */
  readonly name: string;
  readonly begin: number;
  readonly end: number;
  readonly value: string;
  readonly state: 'due' | 'accepted' | 'rejected' | 'unchecked';
  readonly reason?: string;
}

/** One instance with all that is known of it. */
export interface InstanceHistory {
  readonly summary: FoundInstance;
  /** Oldest first. */
  readonly events: readonly HistoryEvent[];
  /** Verdict on the chain of its history: `unknown` without the key. */
  readonly chain: 'valid' | 'broken' | 'unknown';
  /** When its purchase fails for good, if it waits. */
  readonly closesAt?: number;
  readonly hasCredentials: boolean;
  readonly notice?: Notice;
  /** The newest records. */
  readonly usage: readonly UsageLine[];
}

/** A usage record that waits, and the instance that it belongs to. */
export interface WaitingUsageLine extends UsageLine {
  readonly product: string;
  readonly instanceId: string;
}

/** Actions on what waits and what was set aside. */
export const ACTIONS = ['retry', 'requeue', 'set-aside'] as const;

export type Action = (typeof ACTIONS)[number];

/** Actions on a usage record. */
export const USAGE_ACTIONS = ['reject', 'requeue'] as const;

export type UsageAction = (typeof USAGE_ACTIONS)[number];

/** Result of an action: name of a sentence, and the changes or the record that it touched. */
export interface Acted {
  readonly outcome: string;
  readonly count: number;
  /** It stands in the chain of the history, or outside any. */
  readonly isChained: boolean;
}

/** Login data as the seller's code gave them. */
export type Credentials = Readonly<Record<string, string>>;

/** A change whose last attempt failed. */
export interface FailingLine {
  readonly product: string;
  readonly id: string;
  readonly kind: string;
  readonly attempts: number;
  readonly reason: string;
  readonly nextAt: number;
  /** When a purchase fails for good. */
  readonly closesAt?: number;
}

/** Words in both languages. */
export interface Words {
  readonly en: string;
  readonly zh: string;
}

/** Calls of one hour, from its begin. */
export interface CallsShown {
  readonly from: number;
  readonly verified: number;
  readonly unverified: number;
  readonly codes: { readonly real: Readonly<Record<string, number>>; readonly test: Readonly<Record<string, number>> };
  readonly latency: readonly { readonly upToMs?: number; readonly count: number }[];
}

/** An access key, by what calls tell of it. */
export interface KeyShown {
  readonly keyClass: string;
  readonly fingerprint: string;
  readonly isNewest: boolean;
  readonly lastAt: number;
  readonly removableSince?: number;
}

/** State of one product. */
export interface ProductShown {
  readonly product: string;
  readonly waiting: number;
  readonly failing: number;
  readonly oldest?: number;
  readonly delisting: {
    readonly failedOrders: number;
    readonly mostFailedOrders: number;
    readonly failedDays: number;
    readonly mostFailedDays: number;
    readonly days: readonly { readonly day: string; readonly tests: number; readonly isFailed: boolean }[];
  };
  readonly lastDialTest?: { readonly at: number; readonly resultCode: string };
  readonly calls: readonly CallsShown[];
  readonly keys: readonly KeyShown[];
}

/** State of an installation. */
export interface OverviewShown {
  readonly at: number;
  readonly products: readonly ProductShown[];
  readonly failing: readonly FailingLine[];
  readonly usage: { readonly records: number; readonly deadline?: number };
  readonly alarms: readonly {
    readonly title: Words;
    readonly advice: Words;
    readonly group: string;
    readonly openedAt: number;
  }[];
  /** More waits than was read. */
  readonly isCut: boolean;
  /** Limits of what can be seen from here. */
  readonly unseen: readonly { readonly text: Words }[];
}

/** Something that an examination of the stage found. */
export interface FoundLine {
  readonly state: 'good' | 'todo' | 'advice' | 'unknown';
  /** Subject of the finding. */
  readonly check: Words;
  readonly text: Words;
  /** Advice about it. */
  readonly todo?: Words;
}

/** A line of an examination: which step begins, or what was found. */
export type ExaminationLine =
  | { readonly step: Words; readonly done: number; readonly total: number }
  | { readonly found: FoundLine };
