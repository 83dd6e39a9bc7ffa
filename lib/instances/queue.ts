/**
 * The two forms in which changes wait in an item. An instance is put by the call that begins it, so its changes are a
 * list, `pending`, which later calls append to. A record of the Kit is made by whichever call comes first, and no portable
 * expression both makes a list and appends to it; its changes are a string set, `queue`, which ADD makes when it is not
 * there. Members are JSON that sorts in the order of the changes. Whether anything has been added since an image was read
 * is told by the list's own positions, or by the count `turn`.
 */

import type { InstanceItem, OrderNoticeItem, PendingChange } from './item.ts';
import type { KitChange, KitItem } from './kit-item.ts';
import type { ApplicationItem, LicenseItem } from './license-item.ts';

/** Anything with an outbox. */
export type OutboxItem = InstanceItem | OrderNoticeItem | LicenseItem | ApplicationItem | KitItem;

/** Anything that waits in an outbox. */
export type AnyChange = PendingChange | KitChange;

/** Part of an update and its condition. */
export interface Piece {
  readonly conditions: readonly string[];
  readonly sets?: readonly string[];
  readonly removes?: readonly string[];
  readonly deletes?: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
}

/** True if the item's changes are a set. */
export function isKitItem(item: OutboxItem): item is KitItem {
  return 'turn' in item;
}

/** True for a change of the Kit. */
export function isKitChange(change: AnyChange): change is KitChange {
  return 'fingerprint' in change;
}

/** Lists the changes that wait, oldest first. */
export function waitingIn(item: OutboxItem): readonly AnyChange[] {
  return isKitItem(item) ? members(item).map((member) => JSON.parse(member) as KitChange) : item.pending;
}

/** A change as a member of `queue`. */
export function toMember({ version, ...rest }: KitChange): string {
  return JSON.stringify({ version, ...rest }); // the version first, so that members sort as versions do
}

/** That the change is still the head. */
export function headIs(item: OutboxItem, change: AnyChange): Piece {
  if (!isKitItem(item)) return { conditions: ['#pending[0].#id = :id'], values: { id: change.id } };
  return {
    conditions: ['contains(#queue, :head)'],
    // Stryker disable next-line StringLiteral: any text that is no member
    values: { head: members(item).find((member) => JSON.parse(member).id === change.id) ?? '' },
  };
}

/** Takes so many changes from the head on, which `all` says are all there are; fails if the image is no longer that. */
export function taking(image: OutboxItem, count: number, all: boolean): Piece {
  if (isKitItem(image)) {
    return {
      conditions: ['#turn = :turn'],
      deletes: ['#queue :taken'],
      values: { turn: image.turn, taken: new Set(members(image).slice(0, count)) },
    };
  }
  if (!all) return { conditions: ['attribute_exists(#pending[1])'], removes: ['#pending[0]'], values: {} };
  return {
    conditions: [`attribute_not_exists(#pending[${count}])`],
    sets: ['#pending = :empty'],
    values: { empty: [] },
  };
}

/** Puts another list in the place of what waits; fails if anything was appended since the image. */
export function replacing(image: OutboxItem, pending: readonly PendingChange[]): Piece {
  const { conditions } = nothingAppended(image);
  return { conditions, sets: ['#pending = :pending'], values: { pending } };
}

/** That nothing has been appended to the list since the image. */
export function nothingAppended(image: OutboxItem): Piece {
  return { conditions: [`attribute_not_exists(#pending[${waitingIn(image).length}])`], values: {} };
}

function members({ queue }: KitItem): readonly string[] {
  return [...(queue ?? [])].sort();
}
