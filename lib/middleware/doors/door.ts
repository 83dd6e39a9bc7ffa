import type { Family } from '../../protocol/call.ts';
import type { ClassedKey } from '../../protocol/query-signature.ts';
import type { RouteEvent } from '../route.ts';

/** A request at a door, nothing of it proven. */
export interface Knock {
  readonly event: RouteEvent;
  /** Rest of the path after the product, without slashes at its ends. */
  readonly path: string;
  /** The query string as received, without the question mark. */
  readonly query: string;
  /** The body as received; the gateway's base64 wrapping undone. Made when it is asked for: check first what needs no body. */
  readonly raw: Buffer;
  /** The product's access keys, the likeliest first. */
  readonly keys: readonly ClassedKey[];
  /** Unix milliseconds. */
  readonly now: number;
}

/** Result of verifying a request. */
export interface Proof extends ClassedKey {
  /** As sent: not yet known to be an activity. */
  readonly activity: unknown;
  readonly body: Readonly<Record<string, unknown>>;
  /** Unix milliseconds. */
  readonly sentAt: number;
  /** See Call. */
  readonly nonce: string;
}

/** A way in: what comes through it, and how it proves who sent it. */
export interface Door {
  readonly method: 'GET' | 'POST';
  /** Checks whether a path below the product's belongs to this scheme. */
  leadsHere(path: string): boolean;
  /** The families that come this way; a product that has none of them has no such door. */
  readonly families: readonly Family[];
  /** Largest body that is looked at, in bytes. */
  readonly maxBody: number;
  /** @throws Refusal 000001 or 000002 */
  prove(knock: Knock): Proof;
}
