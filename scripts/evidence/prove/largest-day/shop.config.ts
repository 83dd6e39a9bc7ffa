import { type Config, defineConfig } from '../../../../lib/config/config.ts';
import { httpSeller } from '../../../../lib/seller/http.ts';

/** Products of the largest seller, and the secret of their hooks. */
export const MOST_PRODUCTS = 50;
export const HOOK_SECRET = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`;

/** Names of the products. */
export const NAMES = Array.from({ length: MOST_PRODUCTS }, (_, index) => `p${String(index + 1).padStart(2, '0')}`);

/** Milliseconds that a hook may take, so that one that hangs is given up before the day is over. */
const HOOK_TIMEOUT_MS = 3_000;

const products = Object.fromEntries(
  NAMES.map((name) => {
    // Read when it is called: the address is known once the seller's server listens.
    const url = `${process.env.DAY_SELLER ?? 'http://127.0.0.1:9'}/${name}`;
    const seller = httpSeller({ url, secret: async () => HOOK_SECRET });
    return [name, { seller, hookTimeout: HOOK_TIMEOUT_MS }];
  }),
);

/** Settings of a shop that sells as much as anybody. */
const config: Config = defineConfig({ service: 'largest', products, stages: {} });

export default config;
