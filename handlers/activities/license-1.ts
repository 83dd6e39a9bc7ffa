import { encryptTypeOf } from '../../lib/config/credential-scheme.ts';
import type { Product } from '../../lib/config/products.ts';
import type { Call } from '../../lib/protocol/call.ts';
import { deriveOrderInstanceId } from '../../lib/protocol/v1/instance-id.ts';
import {
  type License1ActivityName,
  type License1MessageOf,
  parseLicense1Message,
} from '../../lib/protocol/v1/license-messages.ts';
import { NO_LINE } from '../../lib/protocol/v1/messages.ts';
import { orderOfPurchase, orderOfRenewal } from '../../lib/protocol/v1/order.ts';
import type { ActivityContext, ActivityTools, CallHandler } from './activity.ts';
import { newInstance, type ToldPurchase } from './new-instance.ts';
import { parametersOf } from './parameters.ts';
import { refreshInstance } from './refresh-instance.ts';
import { releaseInstance } from './release-instance.ts';
import { updateInstanceStatus } from './update-instance-status.ts';
import { orderedByNow, refuseStale } from './v1-times.ts';

/**
 * The calls of License 1.0. A licence is bought as an instance of V1.0 is, only that a licence comes of it; so each is
 * read as the V2.0 call that means the same.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0000001353181669.html
 */
export const license1: Readonly<Record<License1ActivityName, CallHandler>> = {
  getLicense: reading('getLicense', async (message, call, tools, context) => {
    if (!call.isTest) refuseStale(call, context);
    const told = toldLicense(message, call, context.product);
    const { testFlag, orderId } = message;
    const purchase = { activity: 'newInstance', testFlag, orderId, orderLineId: NO_LINE, told } as const;
    return newInstance(purchase, call, tools, context);
  }),
  refreshLicense: reading('refreshLicense', ({ expireTime, ...message }, call, tools, context) => {
    const told = orderOfRenewal({ ...message, expireTime, trialToFormal: false });
    const renewal = {
      ...message,
      activity: 'refreshInstance',
      orderLineId: NO_LINE,
      scene: 'RENEWAL',
      expiresAt: expireTime,
      unfreezes: context.product.renewalUnfreezes,
      told,
    } as const;
    return refreshInstance(renewal, call, tools, context);
  }),
  expireLicense: reading('expireLicense', (message, call, tools, context) => {
    const freeze = { ...message, activity: 'updateInstanceStatus', status: 'FREEZE', reason: 'expired' } as const;
    return updateInstanceStatus(freeze, call, tools, context);
  }),
  releaseLicense: reading('releaseLicense', (message, call, tools, context) =>
    releaseInstance({ ...message, activity: 'releaseInstance' }, call, tools, context),
  ),
};

function reading<Name extends License1ActivityName>(
  name: Name,
  handle: (
    message: License1MessageOf<Name>,
    call: Call,
    tools: ActivityTools,
    context: ActivityContext,
  ) => ReturnType<CallHandler>,
): CallHandler {
  return async (received, tools, context) => {
    const call = orderedByNow(received, context.receivedAt);
    return handle(parseLicense1Message(name, parametersOf(call)), call, tools, context);
  };
}

function toldLicense(message: License1MessageOf<'getLicense'>, call: Call, product: Product): ToldPurchase {
  const { productId } = message;
  const opener = { accessKey: call.accessKey, encryptType: encryptTypeOf(product) };
  const order = orderOfPurchase({ ...message, productId: productId ?? '', trialFlag: false }, opener);
  const products = productId === undefined ? [] : order.line.products;
  const instanceId = deriveOrderInstanceId(call.product, message.orderId);
  return { order: { ...order, line: { ...order.line, products } }, instanceId, buysLicense: true };
}
