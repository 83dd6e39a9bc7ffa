import type { HmacKeys } from '../../lib/secrets/secrets.ts';

/** Keys with which histories are chained where they are proven and measured, as deployed installations do. */
export const HMAC_KEYS: HmacKeys = { audit: 'a'.repeat(32), customer: 'c'.repeat(32) };
