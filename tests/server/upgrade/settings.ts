/** Addresses that the test holds up; the server's process is told them at its start, in variables of the shop's own. */
const { SHOP_BACKEND = 'http://127.0.0.1:9', SHOP_SITE = 'https://127.0.0.1:9' } = process.env;

/** Products that both releases sell. */
export const products = { crm: { backend: SHOP_BACKEND, hookTimeout: 5_000 } };

/** A stage on a server, whose private listener takes any port, so that two run side by side. */
export const stages = {
  prod: {
    host: 'server',
    purpose: 'demonstration',
    receivers: ['ops'],
    site: SHOP_SITE,
    server: { private: '127.0.0.1:0' },
  },
} as const;
