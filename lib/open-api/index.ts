/**
 * A client for the open APIs of Huawei Cloud Marketplace, usable alone from any Node program. How each API is called, its
 * errors and what is guaranteed: docs/open-apis.md.
 */
import type { AccountKeys } from '../secrets/secrets.ts';
import type { Order } from '../seller/contract.ts';
import { type Activation, type ActivationOptions, activateLicense, activateLicenses } from './activate-license.ts';
import type { FileFacts, UploadFile } from './multipart.ts';
import { createOpenApis, type OpenApiOptions } from './open-api.ts';
import { pushUsage } from './push-usage.ts';
import { pushUsageOld } from './push-usage-old.ts';
import {
  type Heartbeat,
  type LicenseBatch,
  type QueriedLicense,
  queryLicense,
  queryLicenses,
} from './query-license.ts';
import { queryOrder } from './query-order.ts';
import { reportSoftwareUsage, type SoftwareUsage, type SoftwareUsageReport } from './report-software-usage.ts';
import { SITES, type Site } from './sites.ts';
import { uploadFile, uploadText } from './upload.ts';
import type { OldUsageRecord, UsageRecord } from './usage-record.ts';
import type { RecordResult } from './usage-results.ts';

export { signUsagePush } from '../protocol/usage-signature.ts';
export type { AccountKeys } from '../secrets/secrets.ts';
export type { Order } from '../seller/contract.ts';
export type { Activation, ActivationOptions } from './activate-license.ts';
export { appCodeHeaders } from './app-code.ts';
export { type Action, COMMON_CODES, type Codes, GATEWAY_CODES, type Verdict } from './codes.ts';
export { MarketplaceError, OrderQueryError } from './error.ts';
export { LicenseError, UploadError, UsagePushError } from './errors.ts';
export { LICENSE_CODES } from './license-codes.ts';
export type { LicenseInfo, LicenseStatus } from './license-info.ts';
export type { FileContent, FileFacts, UploadFile } from './multipart.ts';
export type { Heartbeat, LicenseBatch, QueriedLicense } from './query-license.ts';
export type { SoftwareUsage, SoftwareUsageReport } from './report-software-usage.ts';
export type { RetryPolicy } from './retry.ts';
export { SITES, type Site } from './sites.ts';
export { UPLOAD_CODES } from './upload-codes.ts';
export { RECORD_CODES, type RecordVerdict, USAGE_CODES } from './usage-codes.ts';
export { MAX_RECORDS, type OldUsageRecord, type Usage, type UsageRecord } from './usage-record.ts';
export type { RecordResult } from './usage-results.ts';

/** A value, or how to get it: asked again for each call, so that what has changed takes effect. */
type Given<T> = T | (() => T | Promise<T>);

/** Options of a client: the marketplace's addresses, and the account that calls them. */
export interface ClientOptions extends Pick<OpenApiOptions, 'fetch' | 'timeout' | 'retry'> {
  /** Name of a site, or its addresses. */
  readonly site: keyof typeof SITES | Site;
  /** Key pair of the seller's account; with `securityToken` for temporary keys. */
  readonly keys: Given<AccountKeys>;
  /** Access keys of the base interfaces, newest first; needed for `pushUsage`. */
  readonly accessKeys?: Given<readonly string[]>;
  /** Unix milliseconds; the machine's clock unless given. */
  readonly clock?: () => number;
}

/** Ends a call early. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** All open APIs. Each call ends with a typed result or with the named error, a `MarketplaceError`. */
export interface MarketplaceClient {
  /** Reads an order; without `orderLineId` with its first line. @throws OrderQueryError */
  queryOrder(orderId: string, options?: CallOptions & { readonly orderLineId?: string | undefined }): Promise<Order>;
  /** Delivers a text for an event. @throws UploadError */
  uploadText(eventId: string, text: string, options?: CallOptions): Promise<void>;
  /** Delivers a file for an event, without holding it in memory. @throws UploadError */
  uploadFile(eventId: string, file: UploadFile, options?: CallOptions): Promise<FileFacts>;
  /** Reports usage of at most 1000 records; one result a record. @throws UsagePushError */
  pushUsage(records: readonly UsageRecord[], options?: CallOptions): Promise<readonly RecordResult[]>;
  /** Reports usage by the older API. @throws UsagePushError */
  pushUsageOld(records: readonly OldUsageRecord[], options?: CallOptions): Promise<void>;
  /** Activates a licence code (v1). @throws LicenseError */
  activateLicense(license: string, options?: ActivationOptions): Promise<Activation>;
  /** Activates at most 100 licence codes (v2). @throws LicenseError */
  activateLicenses(licenses: readonly string[], options?: ActivationOptions): Promise<Pick<Activation, 'confirmedBy'>>;
  /** Reads the state of a licence code (v1). @throws LicenseError */
  queryLicense(
    license: string,
    options?: CallOptions & { readonly heartbeat?: Heartbeat | undefined },
  ): Promise<QueriedLicense>;
  /** Reads the states of at most 100 licence codes (v2). @throws LicenseError */
  queryLicenses(licenses: readonly string[], options?: CallOptions): Promise<LicenseBatch>;
  /** Reports who used licence codes. @throws LicenseError */
  reportSoftwareUsage(usage: readonly SoftwareUsage[], options?: CallOptions): Promise<SoftwareUsageReport>;
}

/** Connects with a site of the marketplace. @throws Error naming the address if it is not https */
export function createMarketplaceClient(options: ClientOptions): MarketplaceClient {
  const { site, keys, accessKeys = [], clock = Date.now, ...others } = options;
  const hosts = typeof site === 'string' ? SITES[site] : site;
  const openApis = createOpenApis({ ...others, ...hosts, keys: () => given(keys), clock });
  return {
    queryOrder: (orderId, { orderLineId, signal } = {}) => queryOrder(openApis, orderId, orderLineId, signal),
    uploadText: (eventId, text, { signal } = {}) => uploadText(openApis, eventId, text, signal),
    uploadFile: (eventId, file, { signal } = {}) => uploadFile(openApis, eventId, file, signal),
    pushUsage: async (records, { signal } = {}) => pushUsage(openApis, await given(accessKeys), records, signal),
    pushUsageOld: (records, { signal } = {}) => pushUsageOld(openApis, records, signal),
    activateLicense: (license, activation) => activateLicense(openApis, license, activation),
    activateLicenses: (licenses, activation) => activateLicenses(openApis, licenses, activation),
    queryLicense: (license, query) => queryLicense(openApis, license, query),
    queryLicenses: (licenses, query) => queryLicenses(openApis, licenses, query),
    reportSoftwareUsage: (usage, { signal } = {}) => reportSoftwareUsage(openApis, usage, signal),
  };
}

async function given<T>(value: Given<T>): Promise<T> {
  return typeof value === 'function' ? (value as () => T | Promise<T>)() : value;
}
