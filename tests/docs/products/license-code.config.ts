import { defineConfig, sellerWithoutInstances } from 'koogate';

const seller = sellerWithoutInstances({
  licenses: {
    renewed: ({ license: { license }, expiresAt }, { notes }) => notes.put(license, { until: expiresAt.toISOString() }),
    frozen: ({ license: { license } }, { notes }) => notes.put(license, { closed: true }),
    unfrozen: ({ license: { license } }, { notes }) => notes.put(license, { closed: false }),
    released: ({ license: { license } }, { notes }) => notes.delete(license),
  },
});

export default defineConfig({
  service: 'acme',
  products: { editor: { seller, families: ['license-2', 'order-notify'] } },
  stages: { prod: { region: 'ap-southeast-1', receivers: ['ops'] } },
});
