import { randomUUID } from 'node:crypto';
import { activateLicense, activateLicenses } from '../../../../lib/open-api/activate-license.ts';
import type { UploadFile } from '../../../../lib/open-api/multipart.ts';
import type { OpenApis } from '../../../../lib/open-api/open-api.ts';
import { pushUsage } from '../../../../lib/open-api/push-usage.ts';
import { queryLicense, queryLicenses } from '../../../../lib/open-api/query-license.ts';
import { queryOrder } from '../../../../lib/open-api/query-order.ts';
import { reportSoftwareUsage } from '../../../../lib/open-api/report-software-usage.ts';
import { uploadFile, uploadText } from '../../../../lib/open-api/upload.ts';
import type { UsageRecord } from '../../../../lib/open-api/usage-record.ts';

/** One call of an open API, as the console's debugging cases ask for it. */
export type OpenApiRequest =
  | { readonly case: 'order'; readonly orderId: string; readonly orderLineId?: string | undefined }
  | { readonly case: 'usage'; readonly instanceId?: string | undefined }
  /** One code calls v1, several or `batch` v2. */
  | {
      readonly case: 'license-activate';
      readonly codes: readonly string[];
      readonly batch?: boolean | undefined;
      /** Beginning of the licence; now, unless given. */
      readonly effectiveAt?: Date | undefined;
      /** An earlier answer was lost. */
      readonly isRepeat?: boolean | undefined;
    }
  | { readonly case: 'license-query'; readonly codes: readonly string[]; readonly batch?: boolean | undefined }
  | {
      readonly case: 'license-usage';
      readonly codes: readonly string[];
      /** Client ids; else `active` says how many clients there were. */
      readonly clients?: readonly string[] | undefined;
      readonly active?: number | undefined;
    }
  | { readonly case: 'upload'; readonly eventId: string; readonly content: string | UploadFile };

/** Site to call, and the keys that it takes. */
export interface Caller {
  readonly openApis: OpenApis;
  /** Access keys of the base interfaces, newest first; a usage push is signed with the first. */
  accessKeys(): Promise<readonly string[]>;
  /** Unix milliseconds. */
  readonly now: number;
}

/** Calls an open API. @returns what it answered, for people to read. @throws MarketplaceError */
export async function callOpenApi(caller: Caller, request: OpenApiRequest): Promise<unknown> {
  const { openApis } = caller;
  switch (request.case) {
    case 'order':
      return queryOrder(openApis, request.orderId, request.orderLineId);
    case 'usage': {
      const record = testRecord(request.instanceId ?? randomUUID(), caller.now);
      const [result] = await pushUsage(openApis, await caller.accessKeys(), [record]);
      return { record, result };
    }
    case 'license-activate':
      return activate(openApis, request);
    case 'license-query': {
      const [code = '', ...others] = request.codes;
      if (others.length === 0 && !request.batch) return queryLicense(openApis, code);
      return queryLicenses(openApis, request.codes);
    }
    case 'license-usage': {
      const { clients, active = 1 } = request;
      const used = clients === undefined ? { activeNumber: active } : { clientIds: clients };
      return reportSoftwareUsage(
        openApis,
        request.codes.map((license) => ({ license, ...used })),
      );
    }
    case 'upload':
      return uploadAny(openApis, request.eventId, request.content);
  }
}

async function activate(
  openApis: OpenApis,
  { codes, batch, effectiveAt, isRepeat }: Extract<OpenApiRequest, { case: 'license-activate' }>,
): Promise<unknown> {
  const options = { realEffectTime: effectiveAt, isRepeat };
  const [code = '', ...others] = codes;
  if (others.length === 0 && !batch) return activateLicense(openApis, code, options);
  return activateLicenses(openApis, codes, options);
}

async function uploadAny(openApis: OpenApis, eventId: string, content: string | UploadFile): Promise<unknown> {
  if (typeof content !== 'string') return { eventId, type: 'FILE', ...(await uploadFile(openApis, eventId, content)) };
  await uploadText(openApis, eventId, content);
  return { eventId, type: 'CHARACTERS', characters: content.length };
}

const HOUR_MS = 3_600_000;

/** Makes a record of one unit in the last full hour. @param now Unix milliseconds */
export function testRecord(instanceId: string, now: number): UsageRecord {
  const end = now - (now % HOUR_MS);
  return {
    instanceId,
    recordTime: new Date(now),
    beginTime: new Date(end - HOUR_MS),
    endTime: new Date(end),
    usageValue: '1',
    meteringSn: randomUUID(),
  };
}

/** Tells whether a call did what it should, by its answer: one to a usage push may say that the record was refused. */
export function hasSucceeded(name: OpenApiRequest['case'], answer: unknown): boolean {
  if (name === 'license-usage') return Object.keys(Object(Object(answer).checkFailures)).length === 0;
  return name !== 'usage' || Object(Object(answer).result).outcome === 'accepted';
}
