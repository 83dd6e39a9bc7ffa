import type { Order } from '../seller/contract.ts';
import type { LicenseApplication } from '../seller/license-contract.ts';
import type { HookAnswer } from './hook-answers.ts';

/** Outcome of one attempt; `order` is the purchase's order if the attempt read it. */
export type Verdict =
  | (HookAnswer & { readonly order?: Order })
  | { readonly kind: 'moot' }
  /** A purchase that nobody is waiting for any more: no attempt was made. */
  | { readonly kind: 'late' }
  | { readonly kind: 'fault'; readonly error: unknown };

/** Content that the caller of an attempt has in the clear already; otherwise it is read, or opened. */
export interface Given {
  readonly order?: Order;
  readonly request?: LicenseRequest;
}

/** Content of a device's application for a license. */
export type LicenseRequest = Pick<LicenseApplication, 'effectiveAt' | 'expiresAt' | 'deviceFingerprint'>;

/** The verdict of some work, whatever goes wrong with it: that is a fault, to be tried again. */
export async function guarded(work: () => Promise<Verdict>): Promise<Verdict> {
  try {
    return await work();
  } catch (error) {
    return { kind: 'fault', error };
  }
}
