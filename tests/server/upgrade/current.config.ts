import { defineConfig } from '../../../lib/config/config.ts';
import { products, stages } from './settings.ts';

/** Settings of a shop on servers of its own, before the upgrade. */
export default defineConfig({ service: 'upgrade', products, stages });
