import { encryptTypeOf } from '../../lib/config/credential-scheme.ts';
import type { Call } from '../../lib/protocol/call.ts';
import { deriveOrderInstanceId } from '../../lib/protocol/v1/instance-id.ts';
import {
  isV1Activity,
  parseV1Message,
  type ToldPurchase as ToldParameters,
  V1_ACTIVITIES,
} from '../../lib/protocol/v1/messages.ts';
import { orderOfPurchase, orderOfRenewal, orderOfUpgrade, type ToldOrder } from '../../lib/protocol/v1/order.ts';
import type { ActivityContext, ActivityTools, CallHandler } from './activity.ts';
import { newInstance, type ToldPurchase } from './new-instance.ts';
import { parametersOf } from './parameters.ts';
import { queryInstance } from './query-instance.ts';
import { refreshInstance } from './refresh-instance.ts';
import { releaseInstance } from './release-instance.ts';
import { updateInstanceStatus } from './update-instance-status.ts';
import { upgradeInstance } from './upgrade-instance.ts';
import { orderedByNow, refuseStale } from './v1-times.ts';

/** The calls of V1.0: each is read as its V2.0 twin, together with the order that V1.0 tells in the call itself. */
const saasV1Call: CallHandler = async (received, tools, context) => {
  const call = orderedByNow(received, context.receivedAt);
  if (!isV1Activity(call.activity)) throw new Error(`${call.activity} is no call of V1.0.`);
  const message = parseV1Message(call.activity, parametersOf(call));
  switch (message.activity) {
    case 'newInstance':
      if (!call.isTest) refuseStale(call, context);
      return newInstance({ ...message, told: toldPurchase(message.told, call, tools, context) }, call, tools, context);
    case 'refreshInstance': {
      const unfreezes = context.product.renewalUnfreezes;
      return refreshInstance({ ...message, told: orderOfRenewal(message.told), unfreezes }, call, tools, context);
    }
    case 'upgradeInstance':
      return upgradeInstance({ ...message, told: orderOfUpgrade(message.told) }, call, tools, context);
    case 'updateInstanceStatus':
      return updateInstanceStatus(message, call, tools, context);
    case 'releaseInstance':
      return releaseInstance(message, call, tools, context);
    case 'queryInstance':
      if (!call.isTest) refuseStale(call, context);
      return queryInstance(message, call, tools, context);
  }
};

export const saasV1: Readonly<Record<string, CallHandler>> = Object.fromEntries(
  Object.keys(V1_ACTIVITIES).map((activity) => [activity, saasV1Call]),
);

function toldPurchase(
  told: ToldParameters,
  call: Call,
  { log }: ActivityTools,
  { product }: ActivityContext,
): ToldPurchase {
  const order = orderOfPurchase(told, { accessKey: call.accessKey, encryptType: encryptTypeOf(product) });
  for (const name of ['mobilePhone', 'email'] as const) {
    if (call.isTest || told[name] === undefined || order.buyer?.[name] !== undefined) continue;
    log.warn('A value of a purchase cannot be decrypted; it is left out.', {
      product: call.product,
      orderId: told.orderId,
      parameter: name,
    });
  }
  const onDemand = product.onDemand ? told.productId : undefined;
  const instanceId = deriveOrderInstanceId(call.product, told.orderId, onDemand);
  return { order: product.onDemand ? soldOnDemand(order) : order, instanceId, buysLicense: false };
}

/** No page says how V1.0 writes that an order is on demand; the product's configuration does. */
function soldOnDemand(order: ToldOrder): ToldOrder {
  const { chargingMode } = order.line;
  if (chargingMode === 'PERIOD' || chargingMode === 'ONE_TIME') return order;
  return { ...order, line: { ...order.line, chargingMode: 'ON_DEMAND' } };
}
