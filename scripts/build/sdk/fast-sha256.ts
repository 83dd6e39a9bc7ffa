import { createHmac } from 'node:crypto';

/** Stands in for `fast-sha256` in the bundles: standardwebhooks takes only the HMAC of it, which Node has built in. */
export const hmac = (key: Uint8Array, data: Uint8Array): Uint8Array => createHmac('sha256', key).update(data).digest();
