import * as v from 'valibot';
import type { ApplicationItem, LicenseItem } from '../instances/license-item.ts';
import { type InstanceChange, stepFor } from '../instances/lifecycle.ts';
import type { LicenseCode, LicenseHooks } from '../seller/license-contract.ts';
import { callHook, type Task } from './call-hook.ts';
import { readDone } from './hook-answers.ts';
import { issueLicense } from './issue-license.ts';
import { isPermanent } from './permanent.ts';
import { renewalOf } from './renewal-of.ts';
import type { Verdict } from './verdict.ts';

/** Tells the seller's code what became of a licence code; what it does not want to hear is done. */
export async function attemptCode(task: Task<LicenseItem>): Promise<Verdict> {
  const { item, hold } = task;
  const kind = hold.change.kind as InstanceChange;
  const hook = CODE_HOOKS[kind];
  if (hook === undefined) return { kind: 'failed', reason: `${kind} on a licence code` };
  const step = stepFor(item, { ...hold.change, kind });
  if (step === 'moot') return { kind: 'moot' };
  if (step === 'illegal') return { kind: 'failed', reason: `${kind} is not possible in state ${item.state}` };
  if (task.deps.sellerOf(task.product).licenses?.[hook] === undefined) return { kind: 'done' };
  return readDone(`licenses.${hook}`, await askCode(task, hook));
}

const CODE_HOOKS: Partial<Record<InstanceChange, keyof LicenseHooks>> = {
  renew: 'renewed',
  freeze: 'frozen',
  unfreeze: 'unfrozen',
  release: 'released',
};

function askCode(task: Task<LicenseItem>, hook: keyof LicenseHooks): Promise<unknown> {
  const license = toLicense(task.item);
  if (hook !== 'renewed')
    return callHook(task, hook, ({ licenses }, context) => licenses?.[hook]?.({ license }, context));
  const { scene, orderId, orderLineId, productId, expiresAt } = renewalOf(task);
  const product = productId === undefined ? {} : { productId };
  const renewal = { license, scene, orderId, orderLineId, expiresAt: new Date(expiresAt), ...product };
  return callHook(task, hook, ({ licenses }, context) => licenses?.renewed?.(renewal, context));
}

function toLicense({ product, license, expiresAt, state }: LicenseItem): LicenseCode {
  return { product, license, ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt) }), state };
}

const Kept = v.union([v.string(), v.object({ name: v.string(), base64: v.string() })]);

/** Issues the licence that a device applied for, or delivers the one that was issued. */
export async function attemptApplication(task: Task<ApplicationItem>): Promise<Verdict> {
  const { deps, hold, item, product, signal } = task;
  if (hold.change.kind === 'issueLicense') return issueLicense(task);
  if (hold.change.kind !== 'deliverLicense') return { kind: 'failed', reason: `${hold.change.kind} on an application` };
  if (item.licence === undefined) return { kind: 'failed', reason: 'there is no licence to deliver' };
  if (deps.deliverLicense === undefined) throw new Error('Nothing is delivered from here.');
  const kept = v.parse(Kept, await deps.sealer.open('personal', item.licence, item));
  const license = typeof kept === 'string' ? kept : { name: kept.name, content: Buffer.from(kept.base64, 'base64') };
  try {
    await deps.deliverLicense({ product: product.id, eventId: item.eventId, license }, signal);
    return { kind: 'done' };
  } catch (error) {
    if (!isPermanent(error)) throw error;
    return { kind: 'failed', reason: error.message };
  }
}
