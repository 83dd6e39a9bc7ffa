import { expect, test } from '@jest/globals';
import type { Log } from '../../lib/log.ts';
import { observe } from '../../lib/middleware/observe.ts';
import type { RouteRequest, RouteState } from '../../lib/middleware/route.ts';
import { routeEvent } from '../support/route.ts';
import { recordingLog, routeRequest } from './support.ts';

const NOW = 1_700_000_000_000;
const call = {
  product: 'demo',
  family: 'saas-v2',
  keyClass: 'base',
  accessKey: 'very-secret',
  activity: 'newInstance',
  isTest: false,
  sentAt: NOW - 250,
  nonce: 'n',
  body: {},
} as const;

function observed(internal: RouteState, error?: Error) {
  const metrics: Parameters<Log['metric']>[] = [];
  const log = { ...recordingLog(), metric: (...metric: Parameters<Log['metric']>) => void metrics.push(metric) };
  const { before, after, onError } = observe({ log, clock: () => NOW });
  const request = routeRequest({
    event: routeEvent('key', {}, { now: NOW - 40 }),
    internal,
    ...(error === undefined ? {} : { error }),
    response: { statusCode: 200, body: '{}' },
  });
  before?.(request);
  (error === undefined ? after : onError)?.(request);
  return { log, metrics, request };
}

test('writes one line a call with ids, outcome, duration since the gateway and the clock offset', () => {
  const { log } = observed({ productId: 'demo', call, resultCode: '000000' });
  expect(log.entries).toEqual([
    {
      level: 'info',
      message: 'call',
      fields: {
        requestId: 'request-1',
        product: 'demo',
        activity: 'newInstance',
        isTest: false,
        status: 200,
        resultCode: '000000',
        reason: undefined,
        milliseconds: 40,
        clockOffset: 210,
      },
    },
  ]);
});

test('of a call that failed before it was looked at, and got no answer of ours, it leaves out what nobody knows', () => {
  const log = recordingLog();
  const { onError } = observe({ log, clock: () => NOW });
  onError?.(routeRequest({ internal: { call, resultCode: '000005' }, error: new Error('why') }));
  onError?.(routeRequest({ response: { resultCode: '000005', resultMsg: '' } }));
  const [line, , unsigned] = log.entries.map(({ fields }) => fields);
  expect(line).toMatchObject({ reason: 'why', resultCode: '000005' });
  for (const name of ['milliseconds', 'clockOffset', 'status']) expect(line).toHaveProperty(name, undefined);
  expect(unsigned).toHaveProperty('status', undefined);
});

test('the key that verified never reaches the log', () => {
  expect(JSON.stringify(observed({ call, resultCode: '000000' }).log.entries)).not.toContain('very-secret');
});

test.each([
  ['000001', false, [['RefusedSignature', 1, 'Count', { product: 'demo' }]]],
  ['000005', false, [['InternalError', 1, 'Count', { product: 'demo' }]]],
  ['000003', false, []],
  ['000003', true, [['FailedDialTest', 1, 'Count', { product: 'demo', activity: 'newInstance' }]]],
  ['000000', true, []],
] as const)('an answer %s (test call: %s) rings %j', (resultCode, isTest, rung) => {
  const { metrics } = observed({ productId: 'demo', call: { ...call, isTest }, resultCode }, new Error('why'));
  expect(metrics).toEqual(rung);
});

test.each([
  ['from the future', 'not believed', NOW + 1, NOW],
  ['of 30 s ago', 'not believed', NOW - 30_000, NOW],
  ['of a little less', 'believed', NOW - 29_999, NOW - 29_999],
])('a gateway time stamp %s is %s', (_, _verdict, timeEpoch, receivedAt) => {
  const { before } = observe({ log: recordingLog(), clock: () => NOW });
  const request = routeRequest({ event: routeEvent('key', {}, { now: timeEpoch }) });
  before?.(request);
  expect(request.internal.receivedAt).toBe(receivedAt);
});

test('an event that no gateway made, and that came without a context, is timed by our clock and logged', () => {
  const log = recordingLog();
  const { before, onError } = observe({ log, clock: () => NOW });
  const made: object = { ...routeRequest(), event: {}, context: undefined };
  const request = made as RouteRequest;
  before?.(request);
  onError?.(request);
  expect(log.entries).toMatchObject([{ message: 'call', fields: { milliseconds: 0 } }]);
});
