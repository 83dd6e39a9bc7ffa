import { ChangeAnswer } from './answer.ts';
import type { Erasure, HookContext } from './contract.ts';
import { checkedSellerUrl, type HttpSellerOptions, NOT_IMPLEMENTED, postEvent, readAnswer } from './http.ts';

/**
 * Tells the server behind the HTTP seller to erase a customer, by the event `erase`. It stands apart from the other events
 * since `koogate erase` alone sends it.
 * @returns `unhandled` if the server answers 501: the seller has to erase there by hand
 * @throws Error if the server gives another answer than done, `failed` included
 */
export async function eraseOverHttp(
  options: HttpSellerOptions,
  erasure: Erasure,
  context: HookContext,
): Promise<'erased' | 'unhandled'> {
  const answer = await postEvent(options, checkedSellerUrl(options), 'erase', erasure, context);
  if (answer.status === NOT_IMPLEMENTED) return 'unhandled';
  const said = readAnswer(ChangeAnswer, 'erase', answer);
  if (said === undefined) return 'erased';
  throw new Error(`The seller's server does not erase the customer of ${erasure.product}: ${said.failed.reason}`);
}
