import { defineConfig } from './lib/config/config.ts';
import { samples } from './scripts/dev/samples/index.ts';

/** Settings of the installation that this checkout runs and deploys: the sample shop. */
export default defineConfig({
  service: 'koogate',
  products: samples,
  stages: {
    dev: { purpose: 'demonstration', region: 'ap-southeast-1' },
    prod: { purpose: 'demonstration', region: 'ap-southeast-1' },
  },
});
