import { defineConfig } from 'koogate';
import { seller } from './handlers/seller.ts';

/** Settings of the shop: everything that is not secret. `npx koogate config --stage prod` shows what holds. */
export default defineConfig({
  service: '{{name}}',
  products: {
    // The name is the last part of the product's production address: https://<your host>/produce/{{name}}
    '{{name}}': { seller },
  },
  stages: {
    // A demonstration runs sample code; once handlers/seller.ts makes real tenants, make it a "test".
    dev: { purpose: 'demonstration', region: 'ap-southeast-1' },
    prod: { region: 'ap-southeast-1', site: 'china', receivers: ['ops'] },
  },
});
