import type { KeyClass } from '../protocol/call.ts';

/** Secrets that a product needs to talk with the marketplace. */
export interface ProductSecrets {
  /** Access keys per class, newest first; all of them verify, the one that verified answers. */
  readonly accessKeys: Readonly<Partial<Record<KeyClass, readonly string[]>>>;
  /** Public key (PEM, SPKI, RSA of at least 3072 bit) that encrypts credentials on the wire; needed for `rsa-oaep`. */
  readonly credentialsKey?: string;
}

/**
 * Kinds of content that are sealed apart, so that a function's role can open only what it needs: access data, personal
 * data, and the client secrets of the Kit's applications.
 */
export const SEALED_KINDS = ['credentials', 'personal', 'kit'] as const;

export type SealedKind = (typeof SEALED_KINDS)[number];

/** One generation of a sealing key; `kid` stands in each JWE header. */
export interface SealingKey {
  readonly kid: string;
  /** PEM: SPKI for a public, PKCS#8 for a private key. */
  readonly key: string;
}

/** Key pair of the seller's cloud account, for the open APIs. */
export interface AccountKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly securityToken?: string;
}

/** Keys that sign and find, each a text of at least 32 characters; they are made once and never change. */
export interface HmacKeys {
  /** Chains the entries of the history: see lib/instances/audit.ts. */
  readonly audit: string;
  /** Makes a buyer's id a pseudonym, by which their instances are found. */
  readonly customer: string;
}

/** A mail server; on port 465 TLS comes first, on any other it is asked for as soon as there is a password. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly user?: string;
  readonly password?: string;
  /** Sender's address. */
  readonly from: string;
}

/**
 * Reason why a secret cannot be had. `gone`: its source says that there is none, or none for us. `unfit`: its text is not
 * what it should be. `unreachable`: the source gave no usable answer, and may give one in a moment.
 */
export type Unavailability = 'gone' | 'unfit' | 'unreachable';

/** Thrown while a secret cannot be had and none is cached; the route answers 503. Names the secret, never its value. */
export class SecretsUnavailable extends Error {
  override readonly name = 'SecretsUnavailable';
  readonly reason: Unavailability;

  constructor(message: string, reason: Unavailability = 'unreachable', options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** The secrets of an installation. Reads are cached; a cached value is served when the source fails. */
export interface Secrets {
  /** @throws SecretsUnavailable */
  product(name: string): Promise<ProductSecrets>;
  /**
   * Newest first; older private keys may lie by themselves.
   * @param kid id of a private key that is wanted: if the list lacks it and it lies by itself, it alone is given
   * @throws SecretsUnavailable
   */
  sealing(kind: SealedKind, half: 'public' | 'private', kid?: string): Promise<readonly SealingKey[]>;
  /**
   * The seller's private keys of the app credential (PEM, PKCS#8), newest first: they open the client secrets that the
   * Kit sends. @throws SecretsUnavailable
   */
  kit(product: string): Promise<readonly string[]>;
  /** Secret that encrypts the unified login's cookies: a text of at least 32 characters. @throws SecretsUnavailable */
  login(): Promise<string>;
  /** @throws SecretsUnavailable, `gone` where an installation of before has none */
  hmac(): Promise<HmacKeys>;
  /** Password of the database that holds the table; empty if it asks for none. @throws SecretsUnavailable */
  database(): Promise<string>;
  /**
   * @param site name or address of the site whose account is meant; the installation's own unless given. One account never
   *   stands in for another's. @throws SecretsUnavailable
   */
  account(site?: string): Promise<AccountKeys>;
  /** A secret that the seller's own code uses. @throws SecretsUnavailable if there is none of that name */
  sellerOwn(name: string): Promise<string>;
  /** Mail server that alarms are sent by, where the host does not bring its own. @throws SecretsUnavailable */
  mail(): Promise<MailServer>;
  /** Address of somebody who hears of alarms: an e-mail address, or a webhook's. @throws SecretsUnavailable */
  receiver(name: string): Promise<string>;
  /** Secret of the HTTP seller (`whsec_…`). @throws SecretsUnavailable */
  seller(): Promise<string>;
}
