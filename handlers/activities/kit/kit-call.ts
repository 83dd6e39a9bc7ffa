import { createHmac } from 'node:crypto';
import type { Product } from '../../../lib/config/products.ts';
import type { Key } from '../../../lib/instances/keys.ts';
import { type Binding, isGone, type KitEvent, type KitKind } from '../../../lib/instances/kit-item.ts';
import type { WriteOptions } from '../../../lib/instances/write.ts';
import type { SyncChange } from '../../../lib/protocol/kit/fields.ts';
import { type KitActivityName, type KitMessageOf, parseKitMessage } from '../../../lib/protocol/kit/messages.ts';
import { Refusal } from '../../../lib/protocol/refusal.ts';
import { acceptSync, type Sync } from '../../../lib/tenants/accept.ts';
import type { ActivityTools, CallHandler } from '../activity.ts';
import { SUCCESS } from '../answers.ts';

/** Effect of a Kit call's `flag` on its record. */
export const EVENTS = {
  add: 'added',
  modify: 'changed',
  delete: 'removed',
  cancel: 'withdrawn',
} as const satisfies Record<SyncChange, string>;

/**
 * Milliseconds for which a signed V1 removal is taken. Its calls have no documented window, and a removal that somebody
 * has kept is worth more to them than any other call; a day covers every repeat and a sender in another time zone.
 */
const V1_REMOVAL_WINDOW_MS = 86_400_000;

/** Context and tools of a Kit activity. */
export interface KitContext {
  readonly product: Product;
  readonly tools: ActivityTools;
  readonly binding: Binding;
  /** The signed time, Unix milliseconds. */
  readonly sentAt: number;
  readonly isTest: boolean;
  /** False for debugging calls, unless the product wants them: then nothing is sealed or written. */
  readonly stores: boolean;
  readonly options: WriteOptions;
  /**
   * A text that is equal for equal content. Keyed, since content may be a secret or a telephone number, and whoever reads
   * the table must not be able to try some out.
   */
  fingerprint(content: unknown): string;
  /** The fingerprint of what an event leaves behind: nothing is left of what is gone. */
  fingerprintOf(event: KitEvent, content: unknown): string;
  /** Accepts the call for one key, in one write. `content` is what the record says, in the clear. */
  accept<Kind extends KitKind>(
    key: Key,
    sync: Pick<Sync<Kind>, 'kind' | 'event' | 'record'>,
    content: unknown,
  ): Promise<void>;
}

/** One of the five calls. @throws Refusal */
export type KitSync<Name extends KitActivityName> = (message: KitMessageOf<Name>, context: KitContext) => Promise<void>;

/** A call of the Kit: V2 and V1 say the same once they are read. There is one answer, whatever the call holds. */
export function kitCall<Name extends KitActivityName>(name: Name, sync: KitSync<Name>): CallHandler {
  return async (call, tools, { product, receivedAt, signal }) => {
    const message = parseKitMessage(name, call.body);
    const removes = 'flag' in message && isGone(EVENTS[message.flag as SyncChange]);
    if (removes && call.family === 'kit-v1' && call.sentAt < receivedAt - V1_REMOVAL_WINDOW_MS) {
      throw new Refusal(
        '000002',
        'timeStamp of a removal lies more than a day back; send the call again, newly signed',
      );
    }
    const { tenantId, instanceId } = message;
    const binding = { product: call.product, tenantId, instanceId };
    const { sentAt, isTest, accessKey } = call;
    const stores = !isTest || product.kitTest === 'store';
    const options = { signal };
    const fingerprint = (content: unknown) =>
      createHmac('sha256', accessKey).update(JSON.stringify(content)).digest('base64url');
    const fingerprintOf = (event: KitEvent, content: unknown) => (isGone(event) ? event : fingerprint(content));
    const accept: KitContext['accept'] = async (key, { kind, event, record }, content) => {
      if (!stores) return;
      const change = { kind, event, record, sentAt, isTest, fingerprint: fingerprintOf(event, content) } as Sync;
      await acceptSync(tools.table, key, binding, change, tools.clock(), options);
    };
    await sync(message, {
      product,
      tools,
      binding,
      sentAt,
      isTest,
      stores,
      options,
      fingerprint,
      fingerprintOf,
      accept,
    });
    return SUCCESS;
  };
}
