import { MarketplaceError } from './error.ts';

/** Text or file did not reach the marketplace. */
export class UploadError extends MarketplaceError {
  override readonly name = 'UploadError';
}

/** A usage push as a whole was not taken; what is wrong with single records is a result, not an error. */
export class UsagePushError extends MarketplaceError {
  override readonly name = 'UsagePushError';
}

/** A licence could not be activated, queried or reported on. */
export class LicenseError extends MarketplaceError {
  override readonly name = 'LicenseError';
}
