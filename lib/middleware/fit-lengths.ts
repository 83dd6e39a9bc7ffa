import { schemeFor } from '../config/credential-scheme.ts';
import type { Log } from '../log.ts';
import {
  ACCESS_LENGTHS,
  ANSWER_LENGTHS,
  fitMembers,
  type MemberTooLong,
  USAGE_LENGTHS,
} from '../protocol/answer-lengths.ts';
import { RESULT_CODES } from '../protocol/result-codes.ts';
import { type Answer, type InstanceInfo, isAnswer, type RouteMiddleware, type RouteRequest } from './route.ts';

/**
 * Sees to it that no member of an answer is longer than its field, as it leaves: after encryption, refusals too. Texts for
 * people are cut. An instance among others that does not fit is left out; where nothing fits, the answer is 000005.
 */
export function fitLengths({ log }: { readonly log: Log }): RouteMiddleware {
  const fit = (request: RouteRequest): void => {
    const answer = request.response;
    if (!isAnswer(answer)) return;
    try {
      request.response = fitted(answer, accessRules(request), (instanceId, error) => {
        log.error('An instance does not fit its fields; it is left out.', error, {
          product: request.internal.productId,
          instanceId,
        });
        log.metric('FaultyInstance', 1);
      });
    } catch (error) {
      log.error('An answer does not fit its fields.', error, { product: request.internal.productId });
      request.response = { resultCode: '000005', resultMsg: RESULT_CODES['000005'] };
    }
  };
  return { after: fit, onError: fit };
}

type AccessRules = Partial<typeof ACCESS_LENGTHS>;

/** The tables speak of user names and passwords in the clear, or in V1.0's cipher; RSA makes 512 characters of any text. */
function accessRules({ internal: { product, call } }: RouteRequest): AccessRules {
  if (product === undefined || schemeFor(product, call?.family ?? 'saas-v2').scheme !== 'rsa-oaep') {
    return ACCESS_LENGTHS;
  }
  const { userName: _, password: __, ...rest } = ACCESS_LENGTHS;
  return rest;
}

/** @throws MemberTooLong if no instance is left, or the answer itself does not fit */
function fitted(
  answer: Answer,
  access: AccessRules,
  faulty: (instanceId: string, error: MemberTooLong) => void,
): Answer {
  const { appInfo, info } = answer;
  const own = fitMembers(answer, ANSWER_LENGTHS);
  const withAccess = appInfo === undefined ? own : { ...own, appInfo: fitMembers(appInfo, access) };
  if (info === undefined) return withAccess;
  const failures: unknown[] = [];
  const shown = info.flatMap((one) => {
    try {
      return [fittedInstance(one, access)];
    } catch (error) {
      failures.push(error);
      faulty(one.instanceId.slice(0, ANSWER_LENGTHS.instanceId.most), error as MemberTooLong);
      return [];
    }
  });
  if (shown.length === 0 && failures.length > 0) throw failures[0];
  return { ...withAccess, info: shown };
}

function fittedInstance(one: InstanceInfo, access: AccessRules): InstanceInfo {
  const { appInfo, usageInfo } = one;
  return {
    ...fitMembers(one, { instanceId: ANSWER_LENGTHS.instanceId }),
    ...(appInfo === undefined ? {} : { appInfo: fitMembers(appInfo, access) }),
    ...(usageInfo === undefined ? {} : { usageInfo: usageInfo.map((entry) => fitMembers(entry, USAGE_LENGTHS)) }),
  };
}
