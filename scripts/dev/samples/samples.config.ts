import { type Config, defineConfig } from '../../../lib/config/config.ts';
import { samples } from './index.ts';

/** Settings of the sample shop, wherever it runs beside the settings of the checkout: in the demo and in tests. */
const config: Config = defineConfig({
  service: 'koogate',
  products: samples,
  stages: {
    dev: { purpose: 'demonstration', region: 'ap-southeast-1' },
    prod: { purpose: 'demonstration', region: 'ap-southeast-1' },
  },
});

export default config;
