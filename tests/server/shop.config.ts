import { defineConfig } from '../../lib/config/config.ts';

/** Settings of a shop with one product, whose backend the local run's environment names. */
export default defineConfig({
  service: 'shop',
  products: { crm: { backend: 'http://127.0.0.1:9', hookTimeout: 5_000 } },
  stages: { prod: { host: 'server', receivers: ['ops'] }, cloud: { region: 'ap-southeast-1', receivers: ['ops'] } },
});
