/**
 * The package `koogate`: what a seller's own repository imports. Everything that is exported here, by `koogate/gateway`,
 * `koogate/open-api`, `koogate/protocol` and `koogate/testing` is public and follows semantic versioning; nothing else is.
 */
export {
  type Config,
  type ConfigSettings,
  defineConfig,
  type IamStatement,
  type ServerSettings,
  type StageProductSettings,
  type StageSettings,
} from '../lib/config/config.ts';
export type { CredentialScheme, LoginSettings, Product, ProductSettings } from '../lib/config/products.ts';
export type { SiteName } from '../lib/open-api/sites.ts';
export type * from '../lib/seller/contract.ts';
export type * from '../lib/seller/license-contract.ts';
export type * from '../lib/seller/login-contract.ts';
export type * from '../lib/seller/maas-contract.ts';
export type * from '../lib/seller/tenant-contract.ts';
export type * from '../lib/seller/usage-contract.ts';
export { sellerWithoutInstances } from '../lib/seller/without-instances.ts';
export { createKooGate, type KooGate } from './create-koogate.ts';
