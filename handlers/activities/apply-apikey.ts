import { readApikey } from '../../lib/fulfilment/hook-answers.ts';
import { within } from '../../lib/fulfilment/within.ts';
import { type ApiKeyItem, keepApiKey } from '../../lib/instances/api-key.ts';
import { keys } from '../../lib/instances/keys.ts';
import { changeId } from '../../lib/instances/lifecycle.ts';
import { claimNonce } from '../../lib/instances/nonces.ts';
import { createNotes } from '../../lib/instances/notes.ts';
import { readItem } from '../../lib/instances/write.ts';
import type { Answer } from '../../lib/middleware/route.ts';
import type { MessageOf } from '../../lib/protocol/messages.ts';
import { Refusal } from '../../lib/protocol/refusal.ts';
import type { Activity } from './activity.ts';
import { SUCCESS } from './answers.ts';
import { INLINE_BUDGET_MS } from './new-instance.ts';

/** Key in the answer to a debugging call. */
const SAMPLE_APIKEY = 'debugging-answer-no-key';

/**
 * A customer subscribes to a model of the seller's for the first time, and is given a key for all of them. The key that
 * was kept first is the customer's: every repeat is answered with it, and of calls at the same time one keeps its key. An
 * answer without success ends the subscription, so nothing is left to be carried out later. As with every call that hands
 * out credentials, nothing is given to a replay.
 * Source: https://support.huaweicloud.com/usermanual-marketplace/zh-cn_topic_0000002624968699.html
 */
export const applyApikey: Activity<MessageOf<'applyApikey'>> = async (message, call, tools, context) => {
  if (call.isTest) return { ...SUCCESS, Apikey: SAMPLE_APIKEY };
  const { table, sealer } = tools;
  const { signal } = context;
  const { customerId, customerName } = message;
  const { product } = call;
  const answerOf = async (item: ApiKeyItem): Promise<Answer> => ({
    ...SUCCESS,
    Apikey: String(await sealer.open('credentials', item.apikey, item)),
  });

  const at = keys.apiKey(product, customerId);
  const [fresh, known] = await Promise.all([
    claimNonce(table, product, call.nonce, tools.clock(), { signal }),
    readItem<ApiKeyItem>(table, at, { signal }),
  ]);
  if (!fresh) throw new Refusal('000001', 'nonce was used before; each call needs a new one');
  if (known !== undefined) return answerOf(known);

  const now = tools.clock();
  const seller = tools.sellerOf(context.product);
  const application = { product, customerId, ...(customerName === undefined ? {} : { customerName }) };
  const answer = readApikey(
    await within(
      context.receivedAt + INLINE_BUDGET_MS - now,
      'applyApikey',
      async (inner) =>
        seller.applyApikey?.(application, {
          idempotencyKey: changeId(product, '', 'applyApikey', customerId),
          signal: inner,
          attempt: 1,
          now: new Date(now),
          notes: createNotes(table, product),
          secret: tools.sellerSecret,
        }),
      signal,
    ),
  );
  if ('kind' in answer) return { resultCode: answer.resultCode, resultMsg: answer.resultMsg };
  const apikey = await sealer.seal('credentials', answer.apikey, at);
  const { done, item } = await keepApiKey(table, { product, customerId, apikey }, tools.clock(), { signal });
  if (done) return { ...SUCCESS, Apikey: answer.apikey };
  if (item === undefined) throw new Error('The table refused a new key and holds none.'); // the caller asks again
  return answerOf(item);
};
