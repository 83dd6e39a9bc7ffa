import type { ProductSettings } from '../../../lib/config/products.ts';
import { demoSeller } from './demo.ts';
import { demoLicenseSeller } from './demo-licenses.ts';
import { demoModelSeller } from './demo-models.ts';

/**
 * The sample products: one for each way of being sold, for the demo, the tests and the benchmarks. The name of a product is
 * the path of its production address: `demo` is sold under https://<your host>/produce/demo.
 */
export const samples: Readonly<Record<string, ProductSettings>> = {
  /** Account and password go to the marketplace encrypted. */
  demo: {
    seller: demoSeller,
    credentials: { scheme: 'rsa-oaep', hash: 'sha256', mgf1Hash: 'sha256' },
  },
  /** They go as they are, inside TLS: what the marketplace's documents describe for V2.0. */
  plain: {
    seller: demoSeller,
    credentials: { scheme: 'plain' },
  },
  /**
   * Sold under the older interfaces, V1.0, joint operation included: the marketplace tells the order, and calls by GET.
   * See docs/saas-v1.md.
   */
  legacy: {
    seller: demoSeller,
    families: ['saas-v1', 'kit-v1'],
    credentials: { scheme: 'aes-256' },
  },
  /** Licence codes that the marketplace makes, and the older interface where the seller makes them. See docs/license.md. */
  license: {
    seller: demoLicenseSeller,
    families: ['license-2', 'license-1'],
  },
  /** Licences for client software, which the seller makes one by one. See docs/license.md. */
  'online-license': {
    seller: demoLicenseSeller,
    families: ['license-online', 'order-notify'],
  },
  /** Models on the marketplace's model platform: each customer is given a key. See docs/gateway.md. */
  model: {
    seller: demoModelSeller,
    families: ['maas'],
  },
  /** A joint-operation product: the marketplace also tells of tenants, their users and departments. See docs/kit.md. */
  kit: {
    seller: demoSeller,
    families: ['saas-v2', 'order-notify', 'kit-v2', 'kit-v1'],
  },
};
