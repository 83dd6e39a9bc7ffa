import { defineConfig } from 'koogate';

/** Settings of the shop: everything that is not secret. `npx koogate config --stage prod` shows what holds. */
export default defineConfig({
  service: '{{name}}',
  products: {
    // The name is the last part of the product's production address: https://<your host>/produce/{{name}}
    // Each change is posted to the backend; in stages it has an address of its own.
    '{{name}}': { backend: 'http://127.0.0.1:8080' },
  },
  stages: {
    dev: { purpose: 'test', region: 'ap-southeast-1', backend: 'https://dev.{{name}}.example.com/koogate' },
    prod: {
      region: 'ap-southeast-1',
      site: 'china',
      backend: 'https://{{name}}.example.com/koogate',
      receivers: ['ops'],
    },
  },
});
