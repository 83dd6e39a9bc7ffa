import type { InstanceItem } from '../instances/item.ts';
import { ofProduct } from '../instances/of-product.ts';
import { askForLicense } from './ask-for-license.ts';
import { callHook, type Task } from './call-hook.ts';
import { readProvisioned } from './hook-answers.ts';
import { toInstance } from './instance.ts';
import { ordered } from './ordered.ts';
import type { Verdict } from './verdict.ts';

/** Has the seller's code make the instance that was bought; with License 1.0, the licence that is all of it. */
export async function provision(task: Task<InstanceItem>): Promise<Verdict> {
  const order = ofProduct(await ordered(task), task.item.productId);
  const instance = toInstance(task.item);
  const expiresAt = instance.expiresAt ?? order.line.expiresAt;
  const until = expiresAt === undefined ? {} : { expiresAt };
  const purchase = { order, instance: { ...instance, ...until }, wanted: task.item.wanted };
  if (task.item.buysLicense === true) {
    const effectiveAt = new Date(task.hold.change.acceptedAt);
    const application = { ...purchase, eventId: instance.orderId, effectiveAt, ...until };
    const issued = await askForLicense(task, application);
    // The answer to getLicense has a member for a text, and nothing that a file could be delivered by.
    const isFile = issued.kind === 'done' && typeof issued.license === 'object';
    return isFile
      ? { kind: 'failed', reason: 'a licence of License 1.0 is a text, and issueLicense gave a file' }
      : { ...issued, order };
  }
  const answer = await callHook(task, 'provision', (seller, context) => seller.provision(purchase, context));
  return { ...readProvisioned(answer, task.product), order };
}
