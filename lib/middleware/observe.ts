import type { Log } from '../log.ts';
import type { RouteMiddleware, RouteRequest } from './route.ts';

/**
 * One log line a call, and a metric for each thing an alarm watches. Outermost, so it sees what really goes out.
 * The line names ids and outcome only: no body, no query string, no key.
 */
export function observe(options: { log: Log; clock: () => number }): RouteMiddleware {
  const { log, clock } = options;

  const report = (request: RouteRequest): void => {
    const { call, productId, receivedAt } = request.internal;
    const now = clock();
    const resultCode = request.internal.resultCode;
    log.info('call', {
      requestId: request.context?.awsRequestId,
      product: productId,
      activity: call?.activity,
      isTest: call?.isTest,
      status: request.response?.statusCode,
      resultCode,
      reason: request.error?.message,
      milliseconds: receivedAt === undefined ? undefined : now - receivedAt,
      clockOffset: call === undefined || receivedAt === undefined ? undefined : receivedAt - call.sentAt,
    });
    if (resultCode === '000001') log.metric('RefusedSignature', 1, 'Count', { product: productId });
    if (resultCode === '000005') log.metric('InternalError', 1, 'Count', { product: productId });
    if (call?.isTest && resultCode !== '000000') {
      log.metric('FailedDialTest', 1, 'Count', { product: productId, activity: call.activity });
    }
  };

  return {
    before: (request) => {
      request.internal.receivedAt = receivedAt(request.event.requestContext?.timeEpoch, clock());
    },
    after: report,
    onError: report,
  };
}

/**
 * The gateway's own time stamp, so that a cold start counts against the time budget.
 * A stamp from the future or from long ago is no such stamp (local gateways make them up).
 */
function receivedAt(timeEpoch: number | undefined, now: number): number {
  const taken = Math.min(timeEpoch ?? now, now);
  return taken > now - 30_000 ? taken : now;
}
