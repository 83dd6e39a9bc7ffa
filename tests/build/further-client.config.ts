import { SSMClient } from '@aws-sdk/client-ssm';
import { defineConfig } from '../../lib/config/config.ts';

const parameters = new SSMClient({});

/** Settings of a shop whose own code has a client of the SDK besides DynamoDB's. */
export default defineConfig({
  service: 'shop',
  products: {
    crm: {
      seller: {
        provision: async () => ({ access: { frontEndUrl: await parameters.config.region() } }),
        renew: async () => {},
        freeze: async () => {},
        unfreeze: async () => {},
        upgrade: async () => {},
        release: async () => {},
      },
    },
  },
  stages: { prod: { region: 'ap-southeast-1', receivers: ['ops'] } },
});
