import type { Outcome } from '../../lib/instances/store.ts';
import { acceptCodeRelease, acceptCodeRenewal, acceptCodeStatus } from '../../lib/licenses/accept-code.ts';
import type { Answer } from '../../lib/middleware/route.ts';
import {
  type LicenseActivityName,
  type LicenseMessageOf,
  parseLicenseMessage,
} from '../../lib/protocol/license/messages.ts';
import type { Activity, CallHandler } from './activity.ts';
import { answerOf, SUCCESS } from './answers.ts';

/**
 * Calls that change a license code which the marketplace has made: renewal, freeze or unfreeze, release. A code that is
 * not known yet is recorded. Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649167.html
 */
export const license2 = {
  refreshLicenseCode: reading('refreshLicenseCode', async (message, call, { table, clock }, { signal }) => {
    const { license: instanceId, scene, orderId, orderLineId, expiresAt, productId } = message;
    if (call.isTest) return SUCCESS;
    const renewal = { product: call.product, instanceId, orderId, orderLineId, scene, expiresAt, sentAt: call.sentAt };
    const kind = productId === undefined ? {} : { productId };
    return codeAnswer(await acceptCodeRenewal(table, { ...renewal, ...kind }, clock(), { signal }));
  }),
  updateLicenseCodeStatus: reading('updateLicenseCodeStatus', async (message, call, { table, clock }, { signal }) => {
    const { license: instanceId, status } = message;
    if (call.isTest) return SUCCESS;
    const { product, sentAt } = call;
    return codeAnswer(await acceptCodeStatus(table, { product, instanceId, status, sentAt }, clock(), { signal }));
  }),
  releaseLicenseCode: reading('releaseLicenseCode', async (message, call, { table, clock }, { signal }) => {
    const { activity: _, testFlag: __, license: instanceId, ...order } = message;
    if (call.isTest) return SUCCESS;
    const { product, sentAt } = call;
    return codeAnswer(await acceptCodeRelease(table, { ...order, product, instanceId, sentAt }, clock(), { signal }));
  }),
} as const satisfies Readonly<Partial<Record<LicenseActivityName, CallHandler>>>;

function reading<Name extends LicenseActivityName>(
  name: Name,
  activity: Activity<LicenseMessageOf<Name>>,
): CallHandler {
  return (call, tools, context) => activity(parseLicenseMessage(name, call.body), call, tools, context);
}

function codeAnswer(outcome: Outcome): Answer {
  if (outcome.resultCode !== '000003') return answerOf(outcome);
  return { resultCode: '000003', resultMsg: 'the licence code was released' };
}
