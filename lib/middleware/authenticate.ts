import type { Product } from '../config.ts';
import type { Call, KeyClass } from '../protocol/call.ts';
import { parseBody } from '../protocol/json.ts';
import { ACTIVITIES, isActivity, isTestCall } from '../protocol/messages.ts';
import { readQuery, readSignedTime, verifyQuery } from '../protocol/query-signature.ts';
import { Refusal } from '../protocol/refusal.ts';
import { type ProductSecrets, type Secrets, SecretsUnavailable } from '../secrets.ts';
import { OutsideProtocol, type RouteEvent, type RouteMiddleware } from './route.ts';

/** Largest body that is looked at, in bytes; the marketplace's V2.0 calls have a few hundred. */
export const MAX_BODY = 256 * 1024;

/**
 * Proves who calls, on the bytes as received and before anything is parsed. Leaves the proven Call on the event.
 *
 * The class of a call is known only from its `activity`, inside the body; so the keys of all classes are tried, the
 * class of the key that matched is remembered, and an activity of another class is refused afterwards.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649476.html
 *
 * @throws OutsideProtocol for an unknown path (404), another method (405), or while the keys cannot be had (503)
 * @throws Refusal 000001 or 000002
 */
export function authenticate(options: {
  products: ReadonlyMap<string, Product>;
  secrets: Pick<Secrets, 'product'>;
  clock: () => number;
}): RouteMiddleware {
  const { products, secrets, clock } = options;
  return {
    before: async (request) => {
      const { event, internal } = request;
      const product = findProduct(products, event);
      internal.productName = product.name;
      if (event.requestContext.http.method !== 'POST') throw new OutsideProtocol(405, 'only POST is taken here');

      const own = await keysOf(secrets, product.name);
      const keys = allKeys(own);
      const newest = keys[0];
      if (newest === undefined) throw new OutsideProtocol(503, `product "${product.name}" has no access key`);
      internal.answerKey = newest.key;
      internal.product = product;
      if (own.credentialsKey !== undefined) internal.credentialsKey = own.credentialsKey;

      const raw = rawBody(event);
      const { signature, timestamp, nonce } = readQuery(event.rawQueryString ?? '');
      const sentAt = readSignedTime(timestamp, clock());
      const match = verifyQuery({ keys, raw, signature, timestamp, nonce });
      if (match === undefined) {
        throw new Refusal(
          '000001',
          'signature does not match; check the access key bound to this address and that the body arrives unchanged',
        );
      }
      internal.answerKey = match.key;
      const call = readCall(product, match, { sentAt, nonce: nonce + timestamp });
      internal.call = call;
      event.authenticated = { call, product, receivedAt: internal.receivedAt ?? clock() };
    },
  };
}

function findProduct(products: ReadonlyMap<string, Product>, event: RouteEvent): Product {
  const path = event.pathParameters?.product ?? event.rawPath?.replace(/^.*?\/produce\//, '') ?? '';
  const product = products.get(path.replace(/\/$/, ''));
  if (product === undefined) throw new OutsideProtocol(404, 'no such product');
  return product;
}

async function keysOf(secrets: Pick<Secrets, 'product'>, name: string): Promise<ProductSecrets> {
  try {
    return await secrets.product(name);
  } catch (error) {
    if (error instanceof SecretsUnavailable) throw new OutsideProtocol(503, 'keys unavailable', { cause: error });
    throw error;
  }
}

/** Newest of each class first, so that the usual call matches on the first try and refusals use the newest base key. */
function allKeys({ accessKeys }: ProductSecrets): { keyClass: KeyClass; key: string }[] {
  const classes: readonly KeyClass[] = ['base', 'general'];
  const depth = Math.max(...classes.map((keyClass) => accessKeys[keyClass]?.length ?? 0));
  const keys: { keyClass: KeyClass; key: string }[] = [];
  for (let age = 0; age < depth; age += 1) {
    for (const keyClass of classes) {
      const key = accessKeys[keyClass]?.[age];
      if (key !== undefined) keys.push({ keyClass, key });
    }
  }
  return keys;
}

/** The bytes as received: the gateway's base64 wrapping undone, nothing else. */
function rawBody(event: RouteEvent): Buffer {
  const body = event.body ?? '';
  const limit = event.isBase64Encoded ? Math.ceil(MAX_BODY / 3) * 4 : MAX_BODY;
  const raw = body.length > limit ? undefined : Buffer.from(body, event.isBase64Encoded ? 'base64' : 'utf8');
  if (raw === undefined || raw.length > MAX_BODY) {
    throw new Refusal('000002', `body is larger than ${MAX_BODY / 1024} KB`);
  }
  return raw;
}

function readCall(
  product: Product,
  match: { keyClass: KeyClass; key: string; form: Buffer | string },
  signed: { sentAt: number; nonce: string },
): Call {
  const body = parseBody(match.form);
  const { activity } = body;
  if (!isActivity(activity)) {
    throw new Refusal('000002', 'activity is missing or unknown; check the spelling and the interface version');
  }
  const { keyClass, family } = ACTIVITIES[activity];
  if (keyClass !== match.keyClass) {
    throw new Refusal('000001', `${activity} must be signed with the access key of the class ${keyClass}`);
  }
  if (!product.families.includes(family)) {
    throw new Refusal('000002', `this product takes no calls of the family ${family}`);
  }
  return { product: product.name, keyClass, accessKey: match.key, activity, isTest: isTestCall(body), body, ...signed };
}
