import { createPrivateKey, createPublicKey, sign as signBytes } from 'node:crypto';
import type { Failed, HookContext, Order, Seller } from '../../../lib/seller/contract.ts';
import type {
  IssuedLicense,
  LicenseApplication,
  LicenseChange,
  LicenseRefused,
} from '../../../lib/seller/license-contract.ts';

/** Name of the seller's secret that licences are signed with: an Ed25519 private key, PEM (PKCS#8). */
export const LICENSE_KEY = 'license-key';

/** Issuer of the licenses, as the client software checks it. */
export const ISSUER = 'koogate-demo';

/** Record that the demo seller keeps of an instance, and of a license code: enough to say yes or no, and no license. */
interface Book {
  readonly seats: number;
  readonly isPeriodic: boolean;
  readonly expiresAt?: string;
  readonly frozen: boolean;
  /** Fingerprints that a licence was issued for. */
  readonly devices: readonly string[];
}

/**
 * A seller of licences, to copy from. A licence is a signed JWT (RFC 7519, EdDSA), which client software verifies offline
 * with the public half of the key, by any library. It says what it is for: device, instance, product, and when it ends.
 * Signing the same facts again gives the same text, so a repeated attempt can never issue a second licence.
 */
export const demoLicenseSeller: Seller = {
  demonstration: true,

  async provision({ instance, order }, { notes }) {
    await notes.create(instance.instanceId, newBook(order));
    return {};
  },

  async issueLicense(application, context) {
    const { instance, order } = application;
    const { notes } = context;
    if (order !== undefined) await notes.create(instance.instanceId, newBook(order)); // License 1.0: no purchase before
    const book = await find(instance.instanceId, context);
    if (book === undefined) return { failed: { reason: 'There is no such instance.' } };
    const refusal = order === undefined ? refuse(book, application, context.now) : undefined;
    if (refusal !== undefined) return refusal;
    const device = application.deviceFingerprint;
    if (device !== undefined && !book.devices.includes(device)) {
      await notes.put(instance.instanceId, { ...book, devices: [...book.devices, device] });
    }
    return sign(application, await context.secret(LICENSE_KEY));
  },

  renew: ({ instance, expiresAt }, context) =>
    change(instance.instanceId, context, (book) => ({ ...book, expiresAt: expiresAt.toISOString() })),
  freeze: ({ instance }, context) => change(instance.instanceId, context, (book) => ({ ...book, frozen: true })),
  unfreeze: ({ instance }, context) => change(instance.instanceId, context, (book) => ({ ...book, frozen: false })),
  upgrade: ({ instance, upgradeOrder }, context) =>
    change(instance.instanceId, context, (book) => ({ ...book, seats: newBook(upgradeOrder).seats })),
  async release({ instance }, { notes }) {
    await notes.delete(instance.instanceId);
  },

  licenses: {
    renewed: ({ license, expiresAt }, context) =>
      note(license.license, context, { expiresAt: expiresAt.toISOString() }),
    frozen: ({ license }, context) => note(license.license, context, { frozen: true }),
    unfrozen: ({ license }, context) => note(license.license, context, { frozen: false }),
    released: ({ license }: LicenseChange, { notes }) => notes.delete(license.license),
  },
};

/** The PEM of the public key that client software verifies licences with. */
export function licensePublicKey(privateKey: string): string {
  return createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
}

function refuse(book: Book, application: LicenseApplication, now: Date): LicenseRefused | undefined {
  const { deviceFingerprint, expiresAt } = application;
  if (deviceFingerprint === undefined) return { refused: { resultCode: '000903' } };
  if (book.isPeriodic && expiresAt === undefined) return { refused: { resultCode: '000902' } };
  if (book.frozen || (expiresAt !== undefined && expiresAt <= now)) return { refused: { resultCode: '000901' } };
  const isNew = !book.devices.includes(deviceFingerprint);
  return isNew && book.devices.length >= book.seats ? { refused: { resultCode: '000900' } } : undefined;
}

function sign(application: LicenseApplication, privateKey: string): IssuedLicense {
  const { instance, eventId, effectiveAt, expiresAt, deviceFingerprint } = application;
  const claims = {
    iss: ISSUER,
    sub: instance.instanceId,
    jti: eventId,
    product: instance.product,
    ...(deviceFingerprint === undefined ? {} : { device: deviceFingerprint }),
    nbf: seconds(effectiveAt),
    ...(expiresAt === undefined ? {} : { exp: seconds(expiresAt) }),
  };
  return { license: signJwt(claims, privateKey) };
}

/** By hand (RFC 7515): a library's other algorithms would be a twentieth of the route's code. */
function signJwt(claims: object, privateKey: string): string {
  const key = createPrivateKey(privateKey);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`The secret "${LICENSE_KEY}" must be an Ed25519 key.`);
  const [header, payload] = [{ alg: 'EdDSA', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const signed = `${header}.${payload}`;
  return `${signed}.${signBytes(null, Buffer.from(signed), key).toString('base64url')}`;
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1_000);
}

function newBook({ line }: Order): Book {
  return {
    seats: line.products[0]?.linearValue ?? 1,
    isPeriodic: line.chargingMode === 'PERIOD',
    ...(line.expiresAt === undefined ? {} : { expiresAt: line.expiresAt.toISOString() }),
    frozen: false,
    devices: [],
  };
}

async function change(id: string, context: HookContext, effect: (book: Book) => Book): Promise<Failed | undefined> {
  const book = await find(id, context);
  if (book === undefined) return { failed: { reason: 'There is no such instance.' } };
  await context.notes.put(id, effect(book)); // sets, never adds: doing it twice is doing it once
}

async function find(id: string, { notes }: HookContext): Promise<Book | undefined> {
  return ((await notes.get(id)) ?? undefined) as Book | undefined; // only this file writes these notes
}

async function note(code: string, { notes }: HookContext, what: object): Promise<void> {
  await notes.put(code, { ...Object((await notes.get(code)) ?? {}), ...what });
}
