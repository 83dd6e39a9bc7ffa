import { defineConfig } from '../../../lib/config/config.ts';
import { products, stages } from './settings.ts';

/** Settings of the same shop after the upgrade: it sells one product more. */
export default defineConfig({ service: 'upgrade', products: { ...products, erp: products.crm }, stages });
