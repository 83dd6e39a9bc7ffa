import * as v from 'valibot';
import type { InstanceItem } from '../instances/item.ts';
import { keys } from '../instances/keys.ts';
import type { ApplicationItem } from '../instances/license-item.ts';
import { readItem } from '../instances/write.ts';
import { askForLicense } from './ask-for-license.ts';
import type { Task } from './call-hook.ts';
import { toInstance } from './instance.ts';
import type { LicenseRequest, Verdict } from './verdict.ts';

/** Has the seller's code issue the licence that a device applied for, unless the instance has ended since. */
export async function issueLicense(task: Task<ApplicationItem>): Promise<Verdict> {
  const { deps, product, item } = task;
  if (item.licence !== undefined) return { kind: 'moot' };
  const instance = await readItem<InstanceItem>(deps.table, keys.instance(product.id, item.instanceId));
  if (instance === undefined || instance.wanted === 'RELEASED' || instance.state === 'FAILED') {
    return { kind: 'failed', reason: 'the instance has ended' };
  }
  if (instance.state === 'PENDING') throw new Error('The instance is not provisioned yet.');
  const request = task.given?.request ?? (await openRequest(task));
  const application = { instance: toInstance(instance), eventId: item.eventId, ...request };
  return askForLicense(task, application);
}

const SealedRequest = v.object({
  effectiveAt: v.string(),
  expiresAt: v.exactOptional(v.string()),
  deviceFingerprint: v.exactOptional(v.string()),
});

async function openRequest({ deps, item }: Task<ApplicationItem>): Promise<LicenseRequest> {
  const { effectiveAt, expiresAt, ...others } = v.parse(
    SealedRequest,
    await deps.sealer.open('personal', item.request, item),
  );
  const end = expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt) };
  return { effectiveAt: new Date(effectiveAt), ...end, ...others };
}
