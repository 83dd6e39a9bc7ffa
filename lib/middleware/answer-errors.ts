import type { Log } from '../log.ts';
import { Refusal } from '../protocol/refusal.ts';
import { OutsideProtocol, type RouteMiddleware } from './route.ts';

/**
 * Turns whatever was thrown into an answer: a Refusal into its result code with HTTP 200, as the marketplace expects
 * (https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649300.html), anything else into 000005 with
 * the detail in the log alone. middy runs error hooks inside out, so this one stands inside `signBody`.
 */
export function answerErrors(options: { log: Log }): RouteMiddleware {
  const logged = new WeakSet<object>(); // a fault that is remembered is thrown at every call, and is news once
  return {
    onError: (request) => {
      const { error } = request;
      if (error instanceof Refusal) {
        request.response = { resultCode: error.resultCode, resultMsg: error.message };
      } else if (error instanceof OutsideProtocol) {
        request.response = {
          statusCode: error.statusCode,
          ...(error.allow === undefined ? {} : { headers: { Allow: error.allow } }),
          body: '',
        };
        if (error.statusCode === 503) {
          const cause = error.cause instanceof Error ? error.cause : error;
          if (!logged.has(cause)) options.log.error('no answer possible', cause);
          logged.add(cause);
        }
      } else {
        options.log.error('a call failed for a reason that is not the caller’s', error);
        request.response = { resultCode: '000005', resultMsg: 'internal error; the call may be repeated' };
      }
    },
  };
}
