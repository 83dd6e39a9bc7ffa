import { type Product, type Products, productsByPath } from '../config/products.ts';
import type { Call, Family } from '../protocol/call.ts';
import { FAMILIES } from '../protocol/families.ts';
import { isTestCall } from '../protocol/messages.ts';
import type { ClassedKey } from '../protocol/query-signature.ts';
import { Refusal } from '../protocol/refusal.ts';
import { type ProductSecrets, type Secrets, SecretsUnavailable } from '../secrets/secrets.ts';
import type { Door, Knock, Proof } from './doors/door.ts';
import { DOORS } from './doors/index.ts';
import { once } from './once.ts';
import { OutsideProtocol, type RouteEvent, type RouteMiddleware } from './route.ts';

/**
 * Proves who calls, on the bytes as received and before anything is parsed. Leaves the proven Call on the event.
 *
 * Method and path lead to a door, and each door knows one way of signing. The class of a call is known only from its
 * activity, inside the body; so the keys of all classes are tried, the class of the key that matched is remembered, and
 * an activity of another class is refused afterwards.
 *
 * @throws OutsideProtocol for an unknown path (404), another method (405), or while the keys cannot be had (503)
 * @throws Refusal 000001 or 000002
 */
export function authenticate(options: {
  products: Products;
  secrets: Pick<Secrets, 'product'>;
  clock: () => number;
}): RouteMiddleware {
  const { secrets, clock } = options;
  const products = productsByPath(options.products);
  const doorsOf = once<Product, readonly Door[]>(({ families }) =>
    DOORS.filter((door) => door.families.some((family) => families.includes(family))),
  );
  // Products never change, and secrets are exchanged whole.
  const ringsOf = once((own: ProductSecrets) =>
    once((product: Product) => once((door: Door) => ringOf(own, product, door))),
  );
  return {
    before: async (request) => {
      const { event, internal } = request;
      const { product, path } = findProduct(products, event);
      internal.productId = product.id;
      const door = findDoor(doorsOf(product), path, event.requestContext.http.method);

      const own = await keysOf(secrets, product.id);
      const ring = ringsOf(own)(product)(door);
      internal.answerKey = ring.answerKey;
      internal.product = product;
      internal.secrets = own;

      const keys = (event.body?.length ?? 0) > ANY_KEY_BODY_BYTES ? ring.doorKeys : ring.keys;
      const proof = door.prove(new Knocking(event, path, keys, clock(), door.maxBody));
      internal.proof = proof;
      internal.answerKey = proof.key;
      const call = readCall(product, door, proof);
      internal.call = call;
      event.authenticated = { call, product, receivedAt: internal.receivedAt ?? clock() };
    },
  };
}

function findProduct(
  products: ReadonlyMap<string, Product>,
  event: RouteEvent,
): { readonly product: Product; readonly path: string } {
  // Stryker disable next-line StringLiteral: any text will do that names no product
  const full = event.pathParameters?.product ?? /\/produce\/(.*)/s.exec(event.rawPath)?.[1] ?? '';
  const below = full.replace(/\/$/, '');
  const end = `${below}/`.indexOf('/'); // a product alone has an empty path
  const product = products.get(below.slice(0, end));
  if (product === undefined) throw new OutsideProtocol(404, 'no such product');
  return { product, path: below.slice(end + 1) };
}

function findDoor(doors: readonly Door[], path: string, method: string): Door {
  const here = doors.filter(({ leadsHere }) => leadsHere(path));
  if (here.length === 0) throw new OutsideProtocol(404, 'nothing is called by this path');
  const door = here.find((one) => one.method === method);
  if (door !== undefined) return door;
  throw new OutsideProtocol(405, `the method is not ${method}`, { allow: here.map((one) => one.method).join(', ') });
}

async function keysOf(secrets: Pick<Secrets, 'product'>, name: string): Promise<ProductSecrets> {
  try {
    return await secrets.product(name);
  } catch (error) {
    if (error instanceof SecretsUnavailable) throw new OutsideProtocol(503, 'keys unavailable', { cause: error });
    throw error;
  }
}

/**
 * Characters of a body for which every key of the product is tried, so that a call signed with a key of another class is
 * told so. Beyond, each further key would cost a stranger's call as much as the right one.
 */
const ANY_KEY_BODY_BYTES = 64 * 1024;

/** A product's keys as they are tried at a door, and the one that signs what is refused before any has verified. */
interface Ring {
  readonly keys: readonly ClassedKey[];
  /** Those of the classes that sign calls at this door. */
  readonly doorKeys: readonly ClassedKey[];
  readonly answerKey: string;
}

/** @throws OutsideProtocol if the product has no key */
function ringOf(own: ProductSecrets, product: Product, door: Door): Ring {
  const keys = inTurn(own, product.families);
  const newest = keys[0];
  if (newest === undefined) throw new OutsideProtocol(503, `product "${product.id}" has no access key`);
  const doorKeys = inTurn(
    own,
    product.families.filter((family) => door.families.includes(family)),
  );
  return { keys, doorKeys, answerKey: refusalKey(own, product, door) ?? newest.key };
}

/** The newest key of each class in use, then the older ones, so that the usual call matches on the first try. */
function inTurn({ accessKeys }: ProductSecrets, families: readonly Family[]): readonly ClassedKey[] {
  const classes = [...new Set(families.flatMap((family) => FAMILIES[family].keyClasses))];
  const keys: ClassedKey[] = [];
  for (let age = 0; classes.some((keyClass) => accessKeys[keyClass]?.[age] !== undefined); age += 1) {
    for (const keyClass of classes) {
      const key = accessKeys[keyClass]?.[age];
      if (key !== undefined) keys.push({ keyClass, key });
    }
  }
  return keys;
}

/** Before a key has verified, refusals are signed with the newest one of the product's first family at the door. */
function refusalKey({ accessKeys }: ProductSecrets, product: Product, door: Door): string | undefined {
  const family = product.families.find((one) => door.families.includes(one));
  return family && FAMILIES[family].keyClasses.map((keyClass) => accessKeys[keyClass]?.[0]).find((key) => key);
}

/** Takes the body's bytes only when a door asks for them, so that refusing a call for its time costs the same for any size. */
class Knocking implements Knock {
  readonly event: RouteEvent;
  readonly path: string;
  readonly query: string;
  readonly keys: readonly ClassedKey[];
  readonly now: number;
  readonly #maxBody: number;

  /** @throws Refusal 000002 for a body that is too large whatever its bytes are */
  constructor(event: RouteEvent, path: string, keys: readonly ClassedKey[], now: number, maxBody: number) {
    this.event = event;
    this.path = path;
    // Stryker disable next-line StringLiteral: any text will do that signs nothing
    this.query = event.rawQueryString ?? '';
    this.keys = keys;
    this.now = now;
    this.#maxBody = maxBody;
    const limit = event.isBase64Encoded ? Math.ceil(maxBody / 3) * 4 : maxBody;
    if ((event.body?.length ?? 0) > limit) throw tooLarge(maxBody);
  }

  /** The bytes as received: the gateway's base64 wrapping undone, nothing else. @throws Refusal 000002 */
  get raw(): Buffer {
    const { body, isBase64Encoded } = this.event;
    const text = body ?? ''; // some gateways say null for no body
    const raw = isBase64Encoded ? Buffer.from(text, 'base64') : Buffer.from(text);
    if (raw.length > this.#maxBody) throw tooLarge(this.#maxBody);
    return raw;
  }
}

function tooLarge(maxBody: number): Refusal {
  return new Refusal('000002', `body is larger than ${maxBody / 1024} KB`);
}

function readCall(product: Product, door: Door, { keyClass, key, activity, body, sentAt, nonce }: Proof): Call {
  if (!isTaken(door.families, activity)) {
    throw new Refusal('000002', 'activity is missing or unknown; check the spelling and the interface version');
  }
  const family = product.families.find((one) => door.families.includes(one) && isTaken([one], activity));
  if (family === undefined)
    throw new Refusal('000002', `this product takes no ${activity}: its families do not have it`);
  const { keyClasses } = FAMILIES[family];
  if (!keyClasses.includes(keyClass)) {
    throw new Refusal(
      '000001',
      `${activity} must be signed with the access key of the class ${keyClasses.join(' or ')}`,
    );
  }
  const isTest = isTestCall(body);
  return { product: product.id, family, keyClass, accessKey: key, activity, isTest, body, sentAt, nonce };
}

/** Checks whether it is the name of a call that one of the families has. */
function isTaken(families: readonly Family[], activity: unknown): activity is string {
  return families.some((family) => FAMILIES[family].activities.some((name) => name === activity));
}
