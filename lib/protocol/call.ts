/** Interface families of the marketplace that share the one route. */
export type Family =
  | 'saas-v2'
  | 'order-notify'
  | 'saas-v1'
  | 'kit-v2'
  | 'kit-v1'
  | 'license-2'
  | 'license-online'
  | 'license-1'
  | 'maas';

/** Classes of access keys in the seller console's key management; a key serves one class. */
export type KeyClass = 'base' | 'kit' | 'license' | 'general';

/** A call whose signature has been verified: what the layers behind authentication see. */
export interface Call {
  /** Name of the product: the first path segment below `/produce/`. */
  readonly product: string;
  readonly family: Family;
  readonly keyClass: KeyClass;
  /** The access key that verified the call; it signs and encrypts the answer. Never log it. */
  readonly accessKey: string;
  readonly activity: string;
  /** A debugging call or dial test (`testFlag` 1): answered from its own content, touches no state. */
  readonly isTest: boolean;
  /** The signed time, Unix milliseconds. */
  readonly sentAt: number;
  /**
   * Text that makes the signed call one of a kind: nonce and timestamp as received, run together as the signature
   * covers them, so that a digit moved from one to the other is still the same call.
   */
  readonly nonce: string;
  /** The members of the body, parsed from the form that verified; not yet validated. */
  readonly body: Readonly<Record<string, unknown>>;
}
