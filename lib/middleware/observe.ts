import type { Observation, Observations } from '../alarms/observations.ts';
import type { Log } from '../log.ts';
import { WrongSignature } from '../protocol/refusal.ts';
import { fingerprintOf } from '../secrets/fingerprint.ts';
import { OutsideProtocol, type RouteMiddleware, type RouteRequest } from './route.ts';

/**
 * One log line a call, metrics, and the counts that the alarms look at. Outermost, so it sees what really goes out.
 * The line names ids and outcome only: no body, no query string, no key.
 */
export function observe(options: {
  log: Log;
  clock: () => number;
  observations?: Pick<Observations, 'count' | 'begin' | 'settle'>;
}): RouteMiddleware {
  const { log, clock, observations } = options;

  const report = async (request: RouteRequest): Promise<void> => {
    const { call, productId, receivedAt } = request.internal;
    const now = clock();
    const resultCode = request.internal.resultCode;
    const status = request.response?.statusCode;
    log.info('call', {
      requestId: request.context?.awsRequestId,
      product: productId,
      activity: call?.activity,
      isTest: call?.isTest,
      status,
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
    // The doctor's test calls are no dial tests: counted, they would hide that none come, and show a key as used.
    if (observations === undefined || productId === undefined || (call?.isTest && call.body.koogateDoctor)) return;
    observations.count(observationOf(request, productId, now));
    observations.begin();
    await observations.settle();
  };

  return {
    before: (request) => {
      request.internal.receivedAt = receivedAt(request.event.requestContext?.timeEpoch, clock());
      observations?.begin(); // what earlier calls have left is written beside this one
    },
    after: report,
    onError: report,
  };
}

function observationOf({ internal, error }: RouteRequest, product: string, now: number): Observation {
  const { proof, call, secrets, receivedAt = now, resultCode = '' } = internal;
  if (proof === undefined) {
    const areKeysGone = error instanceof OutsideProtocol && error.statusCode === 503;
    return { product, unproven: areKeysGone ? 'keys-gone' : error instanceof WrongSignature ? 'wrong-key' : 'other' };
  }
  const { keyClass, key, body } = proof;
  const isTest = call?.isTest ?? String(body.testFlag) === '1';
  const keyAge = secrets?.accessKeys[keyClass]?.indexOf(key) ?? 0;
  const named = `${keyClass}_${keyAge}_${fingerprintOf(key)}`;
  return { product, proven: { isTest, resultCode, key: named, milliseconds: now - receivedAt } };
}

/**
 * The gateway's own time stamp, so that a cold start counts against the time budget.
 * A stamp from the future or from long ago is no such stamp (local gateways make them up).
 */
function receivedAt(timeEpoch: number | undefined, now: number): number {
  const taken = Math.min(timeEpoch ?? now, now);
  return taken > now - 30_000 ? taken : now;
}
