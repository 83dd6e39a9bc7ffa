import type { LicenseRefusalCode } from '../protocol/result-codes.ts';
import type { Done, Failed, HookContext, Instance, Order, Renewal } from './contract.ts';

/** A licence code of License 2.0: the marketplace made it. */
export interface LicenseCode {
  readonly product: string;
  readonly license: string;
  /** End of the paid period, as far as a call has told it. */
  readonly expiresAt?: Date;
  /** State that the seller's code has been notified of so far. */
  readonly state: 'ACTIVE' | 'FROZEN' | 'RELEASED';
}

export interface LicenseChange {
  readonly license: LicenseCode;
}

export interface LicenseRenewal extends LicenseChange {
  readonly scene: Renewal['scene'];
  /** Set the end to this moment; never add to what was there. */
  readonly expiresAt: Date;
  readonly orderId: string;
  readonly orderLineId: string;
  /** Present when the kind of period changes (month to year). */
  readonly productId?: string;
}

/** Functions for what can happen to a license code, in order per code. What a seller leaves out needs nothing done. */
export interface LicenseHooks {
  /** Renewed, or a renewal withdrawn. */
  renewed?(change: LicenseRenewal, context: HookContext): Promise<Done | Failed>;
  /** Expired beyond its grace, or in violation. */
  frozen?(change: LicenseChange, context: HookContext): Promise<Done | Failed>;
  /** Valid again. */
  unfrozen?(change: LicenseChange, context: HookContext): Promise<Done | Failed>;
  /** Past its retention, or returned. */
  released?(change: LicenseChange, context: HookContext): Promise<Done | Failed>;
}

/** Somebody wants a licence that the seller makes. */
export interface LicenseApplication {
  readonly instance: Instance;
  /** License 1.0: the order. Absent with the online License: keep what you need of it in `provision`. */
  readonly order?: Order;
  /** The marketplace's serial of the application (License 1.0: the order id). */
  readonly eventId: string;
  /** From when the licence is to hold. */
  readonly effectiveAt: Date;
  /** Until when; absent for licences without end, or if the marketplace did not say. */
  readonly expiresAt?: Date;
  /** Description of the device by the client software; absent if it sent none. */
  readonly deviceFingerprint?: string;
}

/** The licence as the client software takes it, at most 160 KB. One that is larger fails the application at once. */
export type IssuedLicense =
  /** A text: delivered as such up to 1024 characters, else as the file `license.txt`. */
  | { readonly license: string; readonly file?: never }
  /** A file; not with License 1.0, whose answer is a text. */
  | { readonly file: LicenseFile; readonly license?: never };

/** A licence that is a file. */
export interface LicenseFile {
  /** With its ending; at most 1024 characters, without slashes. The marketplace keeps it. */
  readonly name: string;
  /** Bytes, or a stream of them, which is read to its end within the time of the hook. */
  readonly content: Uint8Array | Blob | AsyncIterable<Uint8Array>;
}

/** The application is turned down: an outcome, not a failure. */
export interface LicenseRefused {
  readonly refused: { readonly resultCode: LicenseRefusalCode; readonly resultMsg?: string };
}
